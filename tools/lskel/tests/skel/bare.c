// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A kernel without types of its own and without tracing: for such ones only */
#include "skel_test.h"
#include "externs.lskel.h"
#include "gone.lskel.h"
#include "life.lskel.h"
#include "missing.lskel.h"
#include "run.lskel.h"

TEST(refused)
{
	struct t_live before;

	if (!access("/sys/kernel/btf/vmlinux", F_OK))
		SKIP(return, "a kernel with types of its own");
	t_live_count(&before);
	EXPECT_EQ(NULL, missing__open_and_load());
	EXPECT_STREQ("missing: cannot find 'lskel_no_such_function' in the kernel's BTF: Invalid argument"
		     " (errno 22); this kernel has no BTF", missing__error(NULL));
	EXPECT_EQ(NULL, gone__open_and_load());
	EXPECT_HAS("gone: cannot load program 'prog': Invalid argument (errno 22); ", gone__error(NULL));
	EXPECT_HAS("; this kernel has no BTF", gone__error(NULL));
	EXPECT_EQ(NULL, externs__open_and_load());
	EXPECT_HAS("externs: cannot find variable 'bpf_prog_active' in the kernel's BTF: Invalid argument"
		   " (errno 22); this kernel has no BTF", externs__error(NULL));
	EXPECT_EQ(NULL, life__open_and_load());
	EXPECT_STREQ("life: cannot load program 'count': Invalid argument (errno 22); this kernel may"
		     " not have such programs", life__error(NULL));
	EXPECT_TRUE(t_live_back_to(&before));
}

/* What needs neither works */
TEST(runs)
{
	struct { __u32 a, b, sum; } args = { 20, 22, 0 };
	struct run *skel = run__open_and_load();

	ASSERT_NE(NULL, skel)
		TH_LOG("%s\n%s", run__error(NULL), run__log(NULL));
	EXPECT_EQ(42, run__add__run(skel, &args, sizeof(args)));
	run__destroy(skel);
}

TEST_HARNESS_MAIN
