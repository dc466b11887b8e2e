// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The whole life of a skeleton, and what it leaves behind: nothing. */
#include "skel_test.h"
#include "life.lskel.h"

/* What the four programs saw of one call */
static int fire(struct life *skel)
{
	__u64 before = skel->bss->entered + skel->bss->left + skel->bss->changed +
		       skel->bss->traced;

	syscall(__NR_getpgid, getpid());
	return (int)(skel->bss->entered + skel->bss->left + skel->bss->changed +
		     skel->bss->traced - before);
}

TEST(life)
{
	struct t_live before;
	struct life *skel;
	__u32 key = 7;
	__u64 value = 0;

	t_live_count(&before);
	skel = life__open();
	ASSERT_NE(NULL, skel);
	skel->rodata->pid = (__u32)getpid();
	skel->data->step = 10;
	EXPECT_EQ(-1, skel->progs.count.prog_fd);
	EXPECT_EQ(-1, skel->maps.calls.map_fd);
	EXPECT_EQ(-1, skel->links.count_fd);
	ASSERT_EQ(0, life__load(skel))
		TH_LOG("%s", life__error(skel));
	EXPECT_STREQ("", life__error(skel));
	EXPECT_STREQ("", life__log(skel));
	EXPECT_EQ(0, fire(skel));
	ASSERT_EQ(0, life__attach(skel))
		TH_LOG("%s", life__error(skel));
	EXPECT_EQ(13, fire(skel));
	EXPECT_EQ(0, t_map_lookup(skel->maps.calls.map_fd, &key, &value));
	EXPECT_EQ(1, value);
	life__detach(skel);
	EXPECT_EQ(-1, skel->links.count_fd);
	EXPECT_EQ(0, fire(skel));
	ASSERT_EQ(0, life__attach(skel));
	EXPECT_EQ(13, fire(skel));
	/* What is attached is left as it is */
	ASSERT_EQ(0, life__attach(skel));
	EXPECT_EQ(13, fire(skel));
	EXPECT_EQ(-EALREADY, life__count__attach(skel));
	EXPECT_STREQ("life: program 'count' is attached already", life__error(skel));
	EXPECT_EQ(-EALREADY, life__load(skel));
	EXPECT_STREQ("life: it is loaded already", life__error(skel));
	life__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
	life__destroy(NULL);
}

TEST(one_by_one)
{
	struct t_live before;
	struct life *skel;

	t_live_count(&before);
	skel = life__open();
	ASSERT_NE(NULL, skel);
	skel->rodata->pid = (__u32)getpid();
	EXPECT_EQ(-EINVAL, life__entry__attach(skel));
	EXPECT_NE(NULL, strstr(life__error(skel), "'entry' is not loaded"));
	ASSERT_EQ(0, life__load(skel));
	EXPECT_LE(0, life__entry__attach(skel));
	EXPECT_EQ(1, fire(skel));
	EXPECT_LE(0, life__leave__attach(skel));
	EXPECT_EQ(2, fire(skel));
	close(skel->links.entry_fd);
	skel->links.entry_fd = -1;
	EXPECT_EQ(1, fire(skel));
	life__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

/* All descriptors that a program can have without knowing */
static void all_cloexec(struct __test_metadata *_metadata, const struct life *skel)
{
	const int fds[] = {
		skel->maps.calls.map_fd, skel->maps.bss.map_fd, skel->progs.count.prog_fd,
		skel->links.count_fd, skel->links.entry_fd,
	};
	size_t i;

	for (i = 0; i < T_ARRAY_SIZE(fds); i++)
		EXPECT_EQ(FD_CLOEXEC, fcntl(fds[i], F_GETFD));
}

TEST(no_stdin)
{
	struct t_live before;
	struct life *skel;

	close(0);
	t_live_count(&before);
	skel = life__open();
	ASSERT_NE(NULL, skel);
	skel->rodata->pid = (__u32)getpid();
	ASSERT_EQ(0, life__load(skel))
		TH_LOG("%s", life__error(skel));
	ASSERT_EQ(0, life__attach(skel));
	/* 0 was free when the first link was made */
	EXPECT_EQ(0, skel->links.count_fd);
	all_cloexec(_metadata, skel);
	EXPECT_EQ(4, fire(skel));
	life__detach(skel);
	EXPECT_EQ(0, fire(skel));
	EXPECT_EQ(-1, fcntl(0, F_GETFD));
	life__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

/* Another file of the program, with a copy of its own of all functions, and
 * another skeleton in this one
 */
#include "optional.lskel.h"

TEST(two_in_one_file)
{
	struct optional *optional = optional__open_and_load();
	struct life *skel = life__open_and_load();

	ASSERT_NE(NULL, optional);
	ASSERT_NE(NULL, skel);
	EXPECT_EQ(0, optional__attach(optional));
	EXPECT_EQ(0, life__attach(skel));
	life__destroy(skel);
	optional__destroy(optional);
}

TEST_HARNESS_MAIN
