// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps that the user of a skeleton brings along, or does without */
#include "skel_test.h"
#include "chosen.lskel.h"
#include "slots.lskel.h"
#include "slots1001.lskel.h"

FIXTURE(chosen) {
	struct chosen *one, *two;
	struct t_live before;
};

FIXTURE_SETUP(chosen)
{
	t_live_count(&self->before);
	self->one = chosen__open();
	self->two = chosen__open();
	ASSERT_NE(NULL, self->one);
	ASSERT_NE(NULL, self->two);
}

FIXTURE_TEARDOWN(chosen)
{
	chosen__destroy(self->one);
	chosen__destroy(self->two);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static __u64 lookup(int fd, __u32 key)
{
	__u64 value = 0;

	return t_map_lookup(fd, &key, &value) ? 0 : value;
}

static bool uses(int prog_fd, int map_fd)
{
	__u32 ids[16] = {}, i;
	struct bpf_prog_info info = { .nr_map_ids = T_ARRAY_SIZE(ids), .map_ids = t_ptr(ids) };
	union bpf_attr attr = { .info = {
		.bpf_fd = (__u32)prog_fd, .info = t_ptr(&info), .info_len = sizeof(info),
	} };

	if (t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info)))
		return false;
	for (i = 0; i < info.nr_map_ids && ids[i] != t_map_id(map_fd); i++)
		;
	return i < info.nr_map_ids;
}

TEST_F(chosen, of_another_skeleton)
{
	ASSERT_EQ(0, chosen__load(self->one))
		TH_LOG("%s", chosen__error(self->one));
	self->two->maps.shared.map_fd = self->one->maps.shared.map_fd;
	self->two->maps.ring.map_fd = self->one->maps.ring.map_fd;
	ASSERT_EQ(0, chosen__load(self->two))
		TH_LOG("%s\n%s", chosen__error(self->two), chosen__log(self->two));
	/* A descriptor of its own for the same map */
	EXPECT_NE(self->one->maps.shared.map_fd, self->two->maps.shared.map_fd);
	EXPECT_EQ(t_map_id(self->one->maps.shared.map_fd), t_map_id(self->two->maps.shared.map_fd));
	EXPECT_TRUE(uses(self->two->progs.record.prog_fd, self->one->maps.ring.map_fd));
	EXPECT_NE(t_map_id(self->one->maps.wanted.map_fd), t_map_id(self->two->maps.wanted.map_fd));
	EXPECT_FALSE(leaks_fds());
	EXPECT_EQ(0, chosen__bump__run(self->one, NULL, 0));
	EXPECT_EQ(0, chosen__bump__run(self->two, NULL, 0));
	EXPECT_EQ(2, lookup(self->one->maps.shared.map_fd, 7));
	EXPECT_EQ(1, self->two->bss->runs);
	chosen__destroy(self->two);
	self->two = NULL;
	EXPECT_EQ(2, lookup(self->one->maps.shared.map_fd, 7));
}

TEST_F(chosen, larger)
{
	int fd = t_map(BPF_MAP_TYPE_HASH, 4, 8, 64, 0);

	ASSERT_LE(0, fd);
	self->one->maps.shared.map_fd = fd;
	self->one->maps.shared.max_entries = 5;
	ASSERT_EQ(0, chosen__load(self->one))
		TH_LOG("%s", chosen__error(self->one));
	EXPECT_EQ(64, self->one->maps.shared.max_entries);
	EXPECT_EQ(0, chosen__bump__run(self->one, NULL, 0));
	EXPECT_EQ(1, lookup(fd, 7));
	/* It stays the user's */
	self->two->maps.shared.map_fd = fd;
	chosen__destroy(self->two);
	self->two = NULL;
	chosen__destroy(self->one);
	self->one = NULL;
	EXPECT_EQ(1, lookup(fd, 7));
	close(fd);
}

TEST_F(chosen, variables)
{
	self->one->rodata->use_wanted = false;
	self->one->data->step = 10;
	ASSERT_EQ(0, chosen__load(self->one));
	self->two->maps.bss.map_fd = self->one->maps.bss.map_fd;
	self->two->maps.data.map_fd = self->one->maps.data.map_fd;
	self->two->maps.rodata.map_fd = self->one->maps.rodata.map_fd;
	/* What is set here is not what is there */
	self->two->bss->runs = 1000;
	self->two->data->step = 100;
	ASSERT_EQ(0, chosen__load(self->two))
		TH_LOG("%s\n%s", chosen__error(self->two), chosen__log(self->two));
	EXPECT_FALSE(self->two->rodata->use_wanted);
	EXPECT_EQ(10, self->two->data->step);
	EXPECT_EQ(0, self->two->bss->runs);
	EXPECT_EQ(0, chosen__bump__run(self->two, NULL, 0));
	EXPECT_EQ(10, self->one->bss->runs);
	EXPECT_EQ(10, self->two->bss->runs);
	EXPECT_EQ(0, lookup(self->two->maps.wanted.map_fd, 0));
}

TEST_F(chosen, no_such_map)
{
	const int wrong[] = {
		t_map(BPF_MAP_TYPE_ARRAY, 4, 8, 16, 0), t_map(BPF_MAP_TYPE_HASH, 8, 8, 16, 0),
		t_map(BPF_MAP_TYPE_HASH, 4, 4, 16, 0),
	};
	size_t i;

	for (i = 0; i < T_ARRAY_SIZE(wrong); i++) {
		self->one->maps.shared.map_fd = wrong[i];
		EXPECT_EQ(-EINVAL, chosen__load(self->one));
		EXPECT_HAS("is not map 'shared': its type or sizes differ", chosen__error(self->one));
		EXPECT_EQ(wrong[i], self->one->maps.shared.map_fd);
		close(wrong[i]);
	}
	EXPECT_EQ(-EBADFD, chosen__load(self->one));
	EXPECT_HAS("cannot be map 'shared': File descriptor in bad state", chosen__error(self->one));
	self->one->maps.shared.map_fd = 0;
	EXPECT_GT(0, chosen__load(self->one));
	self->one->maps.shared.map_fd = -1;
	EXPECT_EQ(0, chosen__load(self->one));
}

/* What the load begins with a map of the user's and does not end */
TEST_F(chosen, failure)
{
	int fd = t_map(BPF_MAP_TYPE_HASH, 4, 8, 64, 0);
	struct t_live before;

	t_live_count(&before);
	self->one->maps.shared.map_fd = fd;
	self->one->maps.wanted.autocreate = false;
	EXPECT_GT(0, chosen__load(self->one));
	EXPECT_TRUE(t_live_back_to(&before));
	EXPECT_EQ(fd, self->one->maps.shared.map_fd);
	EXPECT_EQ(0, lookup(fd, 7));
	close(fd);
}

TEST_F(chosen, left_out)
{
	struct t_live expected = self->before;

	/* No program refers to one, and the only one that does to the other is left out */
	self->one->maps.unused.autocreate = false;
	self->one->maps.late_only.autocreate = false;
	ASSERT_EQ(0, chosen__load(self->one))
		TH_LOG("%s\n%s", chosen__error(self->one), chosen__log(self->one));
	EXPECT_EQ(-1, self->one->maps.unused.map_fd);
	EXPECT_EQ(-1, self->one->maps.late_only.map_fd);
	expected.maps += 6;
	expected.progs += 2;
	expected.btfs++;
	expected.fds += 8;
	EXPECT_TRUE(t_live_back_to(&expected));
	EXPECT_EQ(0, chosen__bump__run(self->one, NULL, 0));
}

TEST_F(chosen, left_out_but_used)
{
	self->one->maps.wanted.autocreate = false;
	EXPECT_EQ(-EINVAL, chosen__load(self->one));
	EXPECT_HAS("cannot load program 'bump': Invalid argument (errno 22): ", chosen__error(self->one));
	EXPECT_HAS("; it uses map 'wanted', which is left out", chosen__error(self->one));
	/* Not if it knows that it gets nowhere near it */
	self->one->rodata->use_wanted = false;
	ASSERT_EQ(0, chosen__load(self->one))
		TH_LOG("%s\n%s", chosen__error(self->one), chosen__log(self->one));
	EXPECT_EQ(-1, self->one->maps.wanted.map_fd);
	EXPECT_EQ(0, chosen__bump__run(self->one, NULL, 0));
	EXPECT_EQ(1, lookup(self->one->maps.shared.map_fd, 7));
	EXPECT_EQ(1, self->one->bss->runs);
}

TEST_F(chosen, variables_left_out)
{
	self->one->progs.bump.autoload = false;
	self->one->progs.late.autoload = true;
	self->one->maps.bss.autocreate = false;
	self->one->bss->runs = 3;
	ASSERT_EQ(0, chosen__load(self->one))
		TH_LOG("%s\n%s", chosen__error(self->one), chosen__log(self->one));
	EXPECT_EQ(-1, self->one->maps.bss.map_fd);
	EXPECT_EQ(3, self->one->bss->runs);
	EXPECT_EQ(1, chosen__late__run(self->one, NULL, 0));
}

/* Constants belong to programs that do not refer to them, too: bpftool looks there */
TEST_F(chosen, constants)
{
	self->one->progs.late.autoload = true;
	ASSERT_EQ(0, chosen__load(self->one));
	EXPECT_TRUE(uses(self->one->progs.bump.prog_fd, self->one->maps.rodata.map_fd));
	EXPECT_TRUE(uses(self->one->progs.late.prog_fd, self->one->maps.rodata.map_fd));
	EXPECT_FALSE(uses(self->one->progs.late.prog_fd, self->one->maps.bss.map_fd));
}

FIXTURE(slots) {
	struct slots *one, *two;
	struct t_live before;
};

FIXTURE_SETUP(slots)
{
	t_live_count(&self->before);
	self->one = slots__open_and_load();
	self->two = slots__open();
	ASSERT_NE(NULL, self->one);
	ASSERT_NE(NULL, self->two);
}

FIXTURE_TEARDOWN(slots)
{
	slots__destroy(self->one);
	slots__destroy(self->two);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static __u32 slot(int fd, __u32 key)
{
	__u32 id = 0;

	return t_map_lookup(fd, &key, &id) ? 0 : id;
}

TEST_F(slots, brought_along)
{
	self->two->maps.second.map_fd = self->one->maps.second.map_fd;
	ASSERT_EQ(0, slots__load(self->two))
		TH_LOG("%s", slots__error(self->two));
	EXPECT_NE(t_map_id(self->one->maps.outer.map_fd), t_map_id(self->two->maps.outer.map_fd));
	EXPECT_EQ(t_map_id(self->one->maps.second.map_fd), slot(self->two->maps.outer.map_fd, 3));
}

/* The slots of a map of maps are as they were, those of a program array are filled */
TEST_F(slots, brought_along_with_slots)
{
	self->two->maps.outer.map_fd = self->one->maps.outer.map_fd;
	self->two->maps.table.map_fd = self->one->maps.table.map_fd;
	ASSERT_EQ(0, slots__load(self->two))
		TH_LOG("%s", slots__error(self->two));
	EXPECT_EQ(t_map_id(self->one->maps.second.map_fd), slot(self->one->maps.outer.map_fd, 3));
	EXPECT_EQ(t_prog_id(self->two->progs.tail.prog_fd), slot(self->one->maps.table.map_fd, 1));
}

/* Its maps are of another type than those that the object declares */
TEST_F(slots, brought_along_with_another_prototype)
{
	const int inner = t_map(BPF_MAP_TYPE_HASH, sizeof(__u32), sizeof(__u64), 2, 0);
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_HASH_OF_MAPS, .key_size = 4, .value_size = 4, .max_entries = 4,
		.inner_map_fd = (__u32)inner,
	};
	const int outer = t_bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
	const __u32 key = 3, zero = 0;
	__u64 value = (__u64)inner;

	ASSERT_LE(0, outer);
	ASSERT_EQ(0, t_map_update(outer, &key, &value));
	self->two->maps.outer.map_fd = outer;
	self->two->rodata->pid = (__u32)getpid();
	ASSERT_EQ(0, slots__load(self->two))
		TH_LOG("%s", slots__error(self->two));
	ASSERT_LE(0, slots__call__attach(self->two));
	syscall(__NR_getpgid, getpid());
	EXPECT_EQ(0, t_map_lookup(inner, &zero, &value));
	EXPECT_EQ(1, value);
	close(outer);
	close(inner);
}

TEST_F(slots, left_out_but_in_a_slot)
{
	self->two->maps.second.autocreate = false;
	EXPECT_EQ(-EBADF, slots__load(self->two));
	EXPECT_HAS("cannot fill slot 'outer[3]': Bad file descriptor (errno 9); map 'second' is left out",
		   slots__error(self->two));
	self->two->maps.outer.autocreate = false;
	self->two->progs.call.autoload = false;
	EXPECT_EQ(0, slots__load(self->two))
		TH_LOG("%s", slots__error(self->two));
}

TEST_F(slots, left_out_with_slots)
{
	self->two->maps.table.autocreate = false;
	self->two->progs.call.autoload = false;
	EXPECT_EQ(-EBADF, slots__load(self->two));
	EXPECT_HAS("cannot fill slot 'table[1]': Bad file descriptor (errno 9); map 'table' is left out",
		   slots__error(self->two));
	self->two->progs.tail.autoload = false;
	EXPECT_EQ(0, slots__load(self->two))
		TH_LOG("%s", slots__error(self->two));
}

/* More than a branch of the loader gets over, in general */
TEST(no_choice)
{
	struct slots1001 *skel = slots1001__open();
	struct t_live before;

	ASSERT_NE(NULL, skel);
	t_live_count(&before);
	skel->maps.outer.autocreate = false;
	EXPECT_EQ(-EOPNOTSUPP, slots1001__load(skel));
	EXPECT_STREQ("slots1001: map 'outer' has too many slots to be replaced or left out",
		     slots1001__error(skel));
	EXPECT_TRUE(t_live_back_to(&before));
	skel->maps.outer.autocreate = true;
	EXPECT_EQ(0, slots1001__load(skel))
		TH_LOG("%s", slots1001__error(skel));
	slots1001__destroy(skel);
}

TEST_HARNESS_MAIN
