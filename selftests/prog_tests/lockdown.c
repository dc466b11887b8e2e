// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel memory that nobody may read, root included. Lockdown cannot be taken
 * back: run this as the last one of a boot.
 */
#include "test.h"

#define LOCKDOWN	"/sys/kernel/security/lockdown"

/*
 * sys_bpf() reads whatever its attribute points to into a map, so it falls
 * under the same rule as the helpers that are made for reading.
 */
TEST(confidentiality)
{
	char state[128] = "";

	T_ONLY_OURS("bpf_sys_bpf() is not subject to lockdown");
	ASSERT_LT(0, t_read(LOCKDOWN, state, sizeof(state)));
	if (!strstr(state, "[confidentiality]")) {
		EXPECT_EQ(0, t_try_sys_bpf()) TH_LOG("%s", t_log);
		EXPECT_EQ(0, t_try_read(BPF_FUNC_probe_read_kernel));
		EXPECT_EQ(0, t_try_read(BPF_FUNC_probe_read_kernel_str));
		ASSERT_EQ(0, t_write(LOCKDOWN, "confidentiality"));
	}
	EXPECT_EQ(-EINVAL, t_try_read(BPF_FUNC_probe_read_kernel));
	EXPECT_EQ(-EINVAL, t_try_read(BPF_FUNC_probe_read_kernel_str));
	EXPECT_EQ(-EINVAL, t_try_sys_bpf());
	EXPECT_TRUE(t_log_no_helper()) TH_LOG("%s", t_log);
	/* What reads the user's memory stays */
	EXPECT_EQ(0, t_try_read(BPF_FUNC_copy_from_user)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, t_try_read(BPF_FUNC_probe_read_user)) TH_LOG("%s", t_log);
}

TEST_HARNESS_MAIN
