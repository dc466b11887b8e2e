// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every program's descriptor is in the slot of that name, also when others are
 * left out.
 */
#include "skel_test.h"
#include "optional.lskel.h"

static void fire(struct optional *skel)
{
	skel->bss->entries = 0;
	skel->bss->exits = 0;
	syscall(__NR_getpgid, getpid());
}

static struct optional *load(bool aaa, bool bbb)
{
	struct optional *skel = optional__open();

	if (!skel)
		return NULL;
	skel->rodata->pid = (__u32)getpid();
	skel->progs.aaa.autoload = aaa;
	skel->progs.bbb.autoload = bbb;
	if (!optional__load(skel))
		return skel;
	printf("# %s\n", optional__error(skel));
	optional__destroy(skel);
	return NULL;
}

TEST(as_in_the_object)
{
	struct optional *skel = optional__open();

	ASSERT_NE(NULL, skel);
	EXPECT_FALSE(skel->progs.aaa.autoload);
	EXPECT_TRUE(skel->progs.bbb.autoload);
	skel->rodata->pid = (__u32)getpid();
	ASSERT_EQ(0, optional__load(skel));
	EXPECT_EQ(-1, skel->progs.aaa.prog_fd);
	EXPECT_STREQ("bbb", prog_info(skel->progs.bbb.prog_fd).name);
	ASSERT_EQ(0, optional__attach(skel));
	EXPECT_EQ(-1, skel->links.aaa_fd);
	fire(skel);
	EXPECT_EQ(0, skel->bss->entries);
	EXPECT_LT(0, skel->bss->exits);
	EXPECT_EQ(-EINVAL, optional__aaa__attach(skel));
	optional__destroy(skel);
}

TEST(both)
{
	struct optional *skel = load(true, true);

	ASSERT_NE(NULL, skel);
	EXPECT_STREQ("aaa", prog_info(skel->progs.aaa.prog_fd).name);
	EXPECT_STREQ("bbb", prog_info(skel->progs.bbb.prog_fd).name);
	ASSERT_EQ(0, optional__attach(skel));
	fire(skel);
	EXPECT_LT(0, skel->bss->entries);
	EXPECT_LT(0, skel->bss->exits);
	optional__destroy(skel);
}

TEST(the_first_only)
{
	struct optional *skel = load(true, false);

	ASSERT_NE(NULL, skel);
	EXPECT_STREQ("aaa", prog_info(skel->progs.aaa.prog_fd).name);
	EXPECT_EQ(-1, skel->progs.bbb.prog_fd);
	ASSERT_EQ(0, optional__attach(skel));
	fire(skel);
	EXPECT_LT(0, skel->bss->entries);
	EXPECT_EQ(0, skel->bss->exits);
	optional__destroy(skel);
}

TEST(none)
{
	struct optional *skel = load(false, false);

	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-1, skel->progs.aaa.prog_fd);
	EXPECT_EQ(-1, skel->progs.bbb.prog_fd);
	EXPECT_EQ(-EOPNOTSUPP, optional__attach(skel));
	optional__destroy(skel);
}

TEST_HARNESS_MAIN
