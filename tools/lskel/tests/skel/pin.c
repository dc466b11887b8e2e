// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps that are pinned by name are shared by whoever loads the object. */
#include "skel_test.h"
#include "pinned.lskel.h"

#define DIR_NAME	"/sys/fs/bpf/lskel_test"
#define KEPT		DIR_NAME "/kept"
#define ALSO_KEPT	DIR_NAME "/also_kept"

FIXTURE(pin) {
	struct t_live before;
};

FIXTURE_SETUP(pin)
{
	mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL);
	unlink(KEPT);
	unlink(ALSO_KEPT);
	rmdir(DIR_NAME);
	t_live_count(&self->before);
}

FIXTURE_TEARDOWN(pin)
{
	unlink(KEPT);
	unlink(ALSO_KEPT);
	rmdir(DIR_NAME);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static struct pinned *open_here(void)
{
	struct pinned *skel = pinned__open();

	if (skel)
		skel->pin_dir = DIR_NAME;
	return skel;
}

TEST_F(pin, shared)
{
	struct pinned *one = open_here(), *two = open_here();

	ASSERT_NE(NULL, one);
	ASSERT_NE(NULL, two);
	ASSERT_EQ(0, pinned__load(one))
		TH_LOG("%s", pinned__error(one));
	EXPECT_EQ(0, access(KEPT, F_OK));
	EXPECT_EQ(0, access(ALSO_KEPT, F_OK));
	EXPECT_EQ(1, pinned__bump__run(one, NULL, 0));
	ASSERT_EQ(0, pinned__load(two))
		TH_LOG("%s", pinned__error(two));
	EXPECT_EQ(t_map_id(one->maps.kept.map_fd), t_map_id(two->maps.kept.map_fd));
	EXPECT_NE(t_map_id(one->maps.private_.map_fd), t_map_id(two->maps.private_.map_fd));
	EXPECT_EQ(2, pinned__bump__run(two, NULL, 0));
	pinned__destroy(one);
	pinned__destroy(two);

	/* Longer than all of them */
	one = open_here();
	ASSERT_NE(NULL, one);
	ASSERT_EQ(0, pinned__load(one));
	EXPECT_EQ(3, pinned__bump__run(one, NULL, 0));
	pinned__destroy(one);
}

TEST_F(pin, one_of_two)
{
	struct pinned *one = open_here(), *two = open_here();

	ASSERT_EQ(0, pinned__load(one));
	unlink(ALSO_KEPT);
	ASSERT_EQ(0, pinned__load(two));
	EXPECT_EQ(t_map_id(one->maps.kept.map_fd), t_map_id(two->maps.kept.map_fd));
	EXPECT_NE(t_map_id(one->maps.also_kept.map_fd), t_map_id(two->maps.also_kept.map_fd));
	EXPECT_EQ(0, access(ALSO_KEPT, F_OK));
	pinned__destroy(one);
	pinned__destroy(two);
}

TEST_F(pin, another_map_of_that_name)
{
	struct pinned *one = open_here(), *two = open_here();

	ASSERT_EQ(0, pinned__load(one));
	two->maps.also_kept.max_entries = 5;
	EXPECT_EQ(-EINVAL, pinned__load(two));
	EXPECT_STREQ("pinned: " ALSO_KEPT " is not map 'also_kept': its type, flags or sizes differ",
		     pinned__error(two));
	EXPECT_EQ(-1, two->maps.kept.map_fd);
	/* Still good for a second try */
	two->maps.also_kept.max_entries = 4;
	EXPECT_EQ(0, pinned__load(two));
	pinned__destroy(one);
	pinned__destroy(two);
}

/* A map that the user brings along or leaves out has nothing to do with pins. */
TEST_F(pin, the_user_chooses)
{
	struct pinned *one = open_here(), *two = open_here();
	int fd = t_map(BPF_MAP_TYPE_ARRAY, 4, 8, 4, 0);

	ASSERT_NE(NULL, one);
	ASSERT_NE(NULL, two);
	ASSERT_LE(0, fd);
	one->maps.kept.map_fd = fd;
	one->maps.also_kept.autocreate = false;
	ASSERT_EQ(0, pinned__load(one))
		TH_LOG("%s", pinned__error(one));
	close(fd);
	EXPECT_EQ(-1, access(KEPT, F_OK));
	EXPECT_EQ(-1, access(ALSO_KEPT, F_OK));
	EXPECT_EQ(1, pinned__bump__run(one, NULL, 0));
	ASSERT_EQ(0, pinned__load(two));
	pinned__destroy(two);
	EXPECT_EQ(0, access(KEPT, F_OK));
	EXPECT_EQ(0, access(ALSO_KEPT, F_OK));

	two = open_here();
	ASSERT_NE(NULL, two);
	two->maps.kept.map_fd = one->maps.kept.map_fd;
	two->maps.also_kept.autocreate = false;
	ASSERT_EQ(0, pinned__load(two))
		TH_LOG("%s", pinned__error(two));
	EXPECT_EQ(2, pinned__bump__run(two, NULL, 0));
	pinned__destroy(two);
	EXPECT_EQ(0, access(KEPT, F_OK));
	EXPECT_EQ(0, access(ALSO_KEPT, F_OK));
	pinned__destroy(one);
}

TEST_F(pin, not_a_bpf_file_system)
{
	struct pinned *skel = pinned__open();

	ASSERT_NE(NULL, skel);
	skel->pin_dir = "/dev/shm";
	EXPECT_EQ(-EPERM, pinned__load(skel));
	EXPECT_HAS("cannot pin map '", pinned__error(skel));
	EXPECT_HAS("BPF file system", pinned__error(skel));
	/* A folder that was made for it goes, one that was there stays */
	skel->pin_dir = "/dev/shm/lskel_pins";
	EXPECT_EQ(-EPERM, pinned__load(skel));
	EXPECT_EQ(-1, access(skel->pin_dir, F_OK));
	ASSERT_EQ(0, mkdir(skel->pin_dir, 0700));
	EXPECT_EQ(-EPERM, pinned__load(skel));
	EXPECT_EQ(0, rmdir(skel->pin_dir));
	pinned__destroy(skel);
}

/* The second pin fails, as something else has the name */
TEST_F(pin, nothing_stays_after_a_failure)
{
	struct pinned *skel = open_here();

	ASSERT_NE(NULL, skel);
	mkdir(DIR_NAME, 0700);
	ASSERT_EQ(0, mkdir(ALSO_KEPT, 0700));
	EXPECT_GT(0, pinned__load(skel));
	EXPECT_HAS("also_kept", pinned__error(skel));
	EXPECT_EQ(-1, access(KEPT, F_OK));
	rmdir(ALSO_KEPT);
	EXPECT_EQ(0, pinned__load(skel))
		TH_LOG("%s", pinned__error(skel));
	pinned__destroy(skel);
}

TEST_HARNESS_MAIN
