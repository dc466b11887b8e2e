// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A syscall program of the object is run by its skeleton. */
#include "skel_test.h"
#include "run.lskel.h"

struct args {
	__u32 a, b, sum;
};

TEST(run)
{
	struct args args = { 20, 22, 0 };
	struct run *skel = run__open();

	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-EINVAL, run__add__run(skel, &args, sizeof(args)));
	EXPECT_HAS("'add' is not loaded", run__error(skel));
	ASSERT_EQ(0, run__load(skel))
		TH_LOG("%s", run__error(skel));
	EXPECT_EQ(42, run__add__run(skel, &args, sizeof(args)));
	EXPECT_EQ(42, args.sum);
	EXPECT_EQ(1, skel->bss->runs);
	/* What the program returns is no errno of the call */
	args = (struct args){ 0 };
	EXPECT_EQ((__u32)-22, run__add__run(skel, &args, sizeof(args)));
	EXPECT_EQ(2, skel->bss->runs);
	EXPECT_EQ(-EINVAL, run__add__run(skel, &args, 4));
	EXPECT_HAS("cannot run program 'add'", run__error(skel));
	EXPECT_EQ(2, skel->bss->runs);
	EXPECT_EQ(-EOPNOTSUPP, run__attach(skel));
	EXPECT_STREQ("run: no program of it is one to attach", run__error(skel));
	EXPECT_EQ(-EOPNOTSUPP, run__add__attach(skel));
	EXPECT_HAS("run, not attached", run__error(skel));
	run__destroy(skel);
}

TEST_HARNESS_MAIN
