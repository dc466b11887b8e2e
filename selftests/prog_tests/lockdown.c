// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel memory that nobody may read, root included. Lockdown cannot be taken
 * back: run this as the last one of a boot.
 */
#include "test.h"

#define LOCKDOWN	"/sys/kernel/security/lockdown"

static int load_call(int func)
{
	const struct bpf_insn insns[] = {
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -8),
		BPF_MOV64_IMM(BPF_REG_2, 8),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_EMIT_CALL(func),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int fd = T_LOAD(insns);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int load_sys_bpf(void)
{
	const struct bpf_insn insns[] = {
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_MOV64_IMM(BPF_REG_1, BPF_MAP_CREATE),
		BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -8),
		BPF_MOV64_IMM(BPF_REG_3, 8),
		BPF_EMIT_CALL(BPF_FUNC_sys_bpf),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int fd = T_LOAD(insns);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

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
		EXPECT_EQ(0, load_sys_bpf()) TH_LOG("%s", t_log);
		EXPECT_EQ(0, load_call(BPF_FUNC_probe_read_kernel));
		EXPECT_EQ(0, load_call(BPF_FUNC_probe_read_kernel_str));
		ASSERT_EQ(0, t_write(LOCKDOWN, "confidentiality"));
	}
	EXPECT_EQ(-EINVAL, load_call(BPF_FUNC_probe_read_kernel));
	EXPECT_EQ(-EINVAL, load_call(BPF_FUNC_probe_read_kernel_str));
	EXPECT_EQ(-EINVAL, load_sys_bpf());
	EXPECT_TRUE(t_log_no_helper()) TH_LOG("%s", t_log);
	/* What reads the user's memory stays */
	EXPECT_EQ(0, load_call(BPF_FUNC_copy_from_user)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, load_call(BPF_FUNC_probe_read_user)) TH_LOG("%s", t_log);
}

TEST_HARNESS_MAIN
