// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The loader fills prog arrays and maps of maps. */
#include "skel_test.h"
#include "slots.lskel.h"

static __u64 slot(const struct slots *skel, __u32 key)
{
	__u32 id = 0;

	return t_map_lookup(skel->maps.table.map_fd, &key, &id) ? 0 : id;
}

TEST(filled)
{
	struct t_live before;
	struct slots *skel;
	__u64 value = 0;
	__u32 zero = 0;

	t_live_count(&before);
	skel = slots__open();
	ASSERT_NE(NULL, skel);
	skel->rodata->pid = (__u32)getpid();
	ASSERT_EQ(0, slots__load(skel))
		TH_LOG("%s", slots__error(skel));
	EXPECT_EQ(0, slot(skel, 0));
	EXPECT_EQ(t_prog_id(skel->progs.tail.prog_fd), slot(skel, 1));
	EXPECT_EQ(0, slot(skel, 2));
	/* What is in a slot has its place; the other needs a tracepoint, but is
	 * not loaded
	 */
	ASSERT_EQ(0, slots__attach(skel))
		TH_LOG("%s", slots__error(skel));
	EXPECT_EQ(-1, skel->links.tail_fd);
	syscall(__NR_getpgid, getpid());
	EXPECT_LT(0, skel->bss->tails);
	EXPECT_GT(100, skel->bss->tails);
	EXPECT_EQ(0, t_map_lookup(skel->maps.second.map_fd, &zero, &value));
	EXPECT_EQ(1, value);
	value = 0;
	EXPECT_EQ(0, t_map_lookup(skel->maps.first.map_fd, &zero, &value));
	EXPECT_EQ(0, value);
	slots__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST(optional)
{
	struct slots *skel = slots__open();

	ASSERT_NE(NULL, skel);
	skel->progs.optional_tail.autoload = true;
	ASSERT_EQ(0, slots__load(skel));
	EXPECT_EQ(t_prog_id(skel->progs.optional_tail.prog_fd), slot(skel, 2));
	slots__destroy(skel);
}

TEST_HARNESS_MAIN
