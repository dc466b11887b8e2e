// SPDX-License-Identifier: GPL-2.0-only
/*
 * For a kernel without syscall programs: a light skeleton is refused at once,
 * with an errno that names the reason, and leaves nothing.
 */
#include "lifecycle.h"
#include "data.lskel.h"

TEST(refused)
{
	struct t_live before;
	struct data *skel;
	int err;

	t_live_count(&before);
	skel = data__open();
	ASSERT_NE(NULL, skel);
	err = data__load(skel);
	/* Stock: an attribute larger than the kernel knows. Configured out: -EINVAL. */
	EXPECT_TRUE(err == -E2BIG || err == -EINVAL)
		TH_LOG("load: %d", err);
#ifdef LSKEL_RUNTIME
	EXPECT_NE(NULL, strstr(data__error(skel), "; BPF syscall programs need Linux 5.14, or 5.10 with"
						  " the series: this is 5.10"))
		TH_LOG("%s", data__error(skel));
#endif
	EXPECT_GE(0, skel->progs.add.prog_fd);
	data__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST_HARNESS_MAIN
