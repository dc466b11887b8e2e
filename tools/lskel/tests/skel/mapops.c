// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Elements of maps, and what programs cost: --with=mapops,stats */
#include "skel_test.h"
#include "tables.lskel.h"

struct odd {
	__u32 words[3];
};

struct seen {
	const struct lskel_mapops *map;
	unsigned char times[5000];
	unsigned int n;
	bool wrong;
	unsigned int stop_at;	/* 0: never */
};

FIXTURE(map) {
	struct tables *skel;
	struct lskel_mapops map;
	struct seen seen;
	struct t_live before;
};

FIXTURE_SETUP(map)
{
	t_live_count(&self->before);
	self->skel = tables__open_and_load();
	ASSERT_NE(NULL, self->skel)
		TH_LOG("%s\n%s", tables__error(NULL), tables__log(NULL));
	self->seen.map = &self->map;
}

FIXTURE_TEARDOWN(map)
{
	tables__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static int stop(struct seen *seen)
{
	return ++seen->n == seen->stop_at ? -7 : 1;
}

/* Keys and values of map many */
static int see_many(void *ctx, const void *key, const void *values)
{
	struct seen *seen = ctx;
	const __u32 *number = key;
	const __u64 *value = values;

	if (*number < T_ARRAY_SIZE(seen->times))
		seen->times[*number]++;
	seen->wrong |= *number >= T_ARRAY_SIZE(seen->times) || *value != *number * 3ULL;
	return stop(seen);
}

static bool all_once(const struct seen *seen, __u32 n)
{
	__u32 i;

	for (i = 0; i < n; i++)
		if (seen->times[i] != 1)
			return false;
	return seen->n == n && !seen->wrong;
}

static void fill_many(struct __test_metadata *_metadata, const struct lskel_mapops *map, __u32 n)
{
	__u64 value;
	__u32 key;

	for (key = 0; key < n; key++) {
		value = key * 3ULL;
		ASSERT_EQ(0, lskel_map_update(map, &key, &value, BPF_ANY))
			TH_LOG("%s", tables__error(NULL));
	}
}

TEST_F(map, sizes)
{
	EXPECT_EQ(-EINVAL, lskel_mapops_init(&self->map, self->skel->maps.many.map_fd, 8, 8));
	EXPECT_HAS("map 'many' has keys of 4 and values of 8 bytes, not 8 and 8", tables__error(NULL));
	EXPECT_EQ(-EINVAL, lskel_mapops_init(&self->map, self->skel->maps.many.map_fd, 4, 4));
	EXPECT_EQ(-EBADFD, lskel_mapops_init(&self->map, -1, 4, 4));
	EXPECT_HAS("descriptor -1 is no map", tables__error(NULL));
}

TEST_F(map, one_by_one)
{
	__u64 value = 5;
	__u32 key = 77;

	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.many.map_fd, sizeof(key), sizeof(value)));
	EXPECT_EQ(1, self->map.nr_values);
	EXPECT_EQ(8, self->map.size);
	EXPECT_EQ(-ENOENT, lskel_map_lookup(&self->map, &key, &value));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(-ENOENT, lskel_map_delete(&self->map, &key));
	EXPECT_EQ(-ENOENT, lskel_map_update(&self->map, &key, &value, BPF_EXIST));
	EXPECT_EQ(0, lskel_map_update(&self->map, &key, &value, BPF_NOEXIST));
	EXPECT_EQ(-EEXIST, lskel_map_update(&self->map, &key, &value, BPF_NOEXIST));
	EXPECT_STREQ("", tables__error(NULL));
	value = 0;
	EXPECT_EQ(0, lskel_map_lookup(&self->map, &key, &value));
	EXPECT_EQ(5, value);
	EXPECT_EQ(0, lskel_map_delete(&self->map, &key));
	EXPECT_EQ(-ENOENT, lskel_map_lookup(&self->map, &key, &value));
	EXPECT_EQ(-EINVAL, lskel_map_update(&self->map, &key, &value, 99));
	EXPECT_HAS("cannot update map 'many': Invalid argument", tables__error(NULL));
}

TEST_F(map, all)
{
	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.many.map_fd, 4, 8));
	EXPECT_EQ(0, lskel_map_each(&self->map, see_many, &self->seen));
	EXPECT_EQ(0, self->seen.n);
	fill_many(_metadata, &self->map, 5000);
	EXPECT_EQ(0, lskel_map_each(&self->map, see_many, &self->seen));
	EXPECT_TRUE(all_once(&self->seen, 5000))
		TH_LOG("%u elements", self->seen.n);
	self->seen.n = 0;
	self->seen.stop_at = 100;
	EXPECT_EQ(-7, lskel_map_each(&self->map, see_many, &self->seen));
	EXPECT_EQ(100, self->seen.n);
}

TEST_F(map, drained)
{
	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.many.map_fd, 4, 8));
	fill_many(_metadata, &self->map, 5000);
	/* What is not handed over stays where it is */
	self->seen.stop_at = 100;
	EXPECT_EQ(-7, lskel_map_drain(&self->map, see_many, &self->seen));
	EXPECT_LE(100, self->seen.n);
	self->seen.stop_at = 0;
	EXPECT_EQ(0, lskel_map_drain(&self->map, see_many, &self->seen));
	EXPECT_TRUE(all_once(&self->seen, 5000))
		TH_LOG("%u elements", self->seen.n);
	EXPECT_EQ(0, lskel_map_each(&self->map, see_many, &self->seen));
	EXPECT_EQ(5000, self->seen.n);
}

/* Values that are not a multiple of 8 bytes long: element number is words[2] */
static int see_odd(void *ctx, const void *key, const void *values)
{
	struct seen *seen = ctx;
	const struct odd *value;
	const __u32 *number = key;
	__u32 i;

	for (i = 0; i < seen->map->nr_values; i++) {
		value = lskel_map_value(seen->map, values, i);
		seen->wrong |= value->words[0] != i || value->words[2] != *number;
	}
	seen->times[*number]++;
	return stop(seen);
}

static void test_odd(struct __test_metadata *_metadata, FIXTURE_DATA(map) *self, int fd, __u32 n)
{
	struct odd *value;
	__u32 key, i;
	char *values;

	ASSERT_EQ(0, lskel_mapops_init(&self->map, fd, 4, sizeof(*value)));
	values = calloc(1, self->map.size);
	ASSERT_NE(NULL, values);
	for (key = 0; key < n; key++) {
		for (i = 0; i < self->map.nr_values; i++) {
			value = lskel_map_value(&self->map, values, i);
			value->words[0] = i;
			value->words[2] = key;
		}
		EXPECT_EQ(0, lskel_map_update(&self->map, &key, values, BPF_ANY));
	}
	key = n - 1;
	memset(values, 0, self->map.size);
	EXPECT_EQ(0, lskel_map_lookup(&self->map, &key, values));
	value = lskel_map_value(&self->map, values, self->map.nr_values - 1);
	EXPECT_EQ(key, value->words[2]);
	free(values);
	EXPECT_EQ(0, lskel_map_each(&self->map, see_odd, &self->seen))
		TH_LOG("%s", tables__error(NULL));
	EXPECT_TRUE(all_once(&self->seen, n))
		TH_LOG("%u elements", self->seen.n);
}

TEST_F(map, array)
{
	test_odd(_metadata, self, self->skel->maps.array.map_fd, 10);
	EXPECT_GT(0, lskel_map_drain(&self->map, see_odd, &self->seen));
	EXPECT_HAS("cannot drain map 'array'", tables__error(NULL));
}

TEST_F(map, of_each_processor)
{
	test_odd(_metadata, self, self->skel->maps.each_cpu.map_fd, 100);
	EXPECT_EQ((__u32)t_nr_cpus(), self->map.nr_values);
	EXPECT_EQ(16, self->map.stride);
	memset(self->seen.times, 0, sizeof(self->seen.times));
	self->seen.n = 0;
	EXPECT_EQ(0, lskel_map_drain(&self->map, see_odd, &self->seen));
	EXPECT_TRUE(all_once(&self->seen, 100));
}

static int see_number(void *ctx, const void *key, const void *values)
{
	struct seen *seen = ctx;
	const __u32 *number = key;
	__u32 i;

	for (i = 0; i < seen->map->nr_values; i++)
		seen->wrong |= *(__u32 *)lskel_map_value(seen->map, values, i) != *number + i;
	seen->times[*number]++;
	return stop(seen);
}

/* Before 5.13 the kernel has no batches for it */
TEST_F(map, array_of_each_processor)
{
	__u64 values[64];
	__u32 key, i;

	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.each_cpu_array.map_fd, 4, 4));
	ASSERT_GE(sizeof(values), self->map.size);
	for (key = 0; key < 7; key++) {
		for (i = 0; i < self->map.nr_values; i++)
			*(__u32 *)lskel_map_value(&self->map, values, i) = key + i;
		ASSERT_EQ(0, lskel_map_update(&self->map, &key, values, BPF_ANY));
	}
	EXPECT_EQ(0, lskel_map_each(&self->map, see_number, &self->seen));
	EXPECT_TRUE(all_once(&self->seen, 7))
		TH_LOG("%u elements", self->seen.n);
	self->seen.n = 0;
	self->seen.stop_at = 3;
	EXPECT_EQ(-7, lskel_map_each(&self->map, see_number, &self->seen));
	EXPECT_EQ(3, self->seen.n);
}

static int see_large(void *ctx, const void *key, const void *values)
{
	struct seen *seen = ctx;
	const __u64 *number = key;
	const char *value = values;

	seen->wrong |= value[0] != (char)*number || value[4999] != (char)*number;
	seen->times[*number]++;
	return stop(seen);
}

TEST_F(map, large_values)
{
	char value[5000];
	__u64 key;

	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.large.map_fd, 8, sizeof(value)));
	for (key = 0; key < 100; key++) {
		memset(value, (int)key, sizeof(value));
		ASSERT_EQ(0, lskel_map_update(&self->map, &key, value, BPF_ANY));
	}
	EXPECT_EQ(0, lskel_map_each(&self->map, see_large, &self->seen));
	EXPECT_TRUE(all_once(&self->seen, 100))
		TH_LOG("%u elements", self->seen.n);
}

struct prefix {
	__u32 bits;
	__u8 address[4];
};

static int see_prefix(void *ctx, const void *key, const void *values)
{
	struct seen *seen = ctx;
	const struct prefix *prefix = key;
	const __u32 *value = values;

	seen->wrong |= prefix->bits != 32 || *value != prefix->address[3];
	seen->times[prefix->address[3]]++;
	return stop(seen);
}

TEST_F(map, prefixes)
{
	struct prefix key = { 32, { 10, 0, 0, 0 } };
	__u32 i;

	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.prefixes.map_fd, sizeof(key), 4));
	for (i = 0; i < 50; i++) {
		key.address[3] = (__u8)i;
		ASSERT_EQ(0, lskel_map_update(&self->map, &key, &i, BPF_ANY));
	}
	EXPECT_EQ(0, lskel_map_each(&self->map, see_prefix, &self->seen));
	EXPECT_TRUE(all_once(&self->seen, 50))
		TH_LOG("%u elements", self->seen.n);
	memset(self->seen.times, 0, sizeof(self->seen.times));
	self->seen.n = 0;
	EXPECT_EQ(0, lskel_map_drain(&self->map, see_prefix, &self->seen))
		TH_LOG("%s", tables__error(NULL));
	EXPECT_TRUE(all_once(&self->seen, 50))
		TH_LOG("%u elements", self->seen.n);
	EXPECT_EQ(0, lskel_map_each(&self->map, see_prefix, &self->seen));
	EXPECT_EQ(50, self->seen.n);
}

static int see_key(void *ctx, const void *key, const void *values)
{
	struct seen *seen = ctx;

	seen->wrong |= !*(const __u32 *)values;
	seen->times[*(const __u32 *)key]++;
	return stop(seen);
}

TEST_F(map, with_holes)
{
	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.with_holes.map_fd, 4, 4));
	EXPECT_EQ(0, lskel_map_each(&self->map, see_key, &self->seen))
		TH_LOG("%s", tables__error(NULL));
	EXPECT_EQ(2, self->seen.n);
	EXPECT_EQ(1, self->seen.times[1]);
	EXPECT_EQ(1, self->seen.times[3]);
	EXPECT_FALSE(self->seen.wrong);
}

TEST_F(map, no_elements)
{
	ASSERT_EQ(0, lskel_mapops_init(&self->map, self->skel->maps.ring.map_fd, 0, 0));
	EXPECT_GT(0, lskel_map_each(&self->map, see_key, &self->seen));
	EXPECT_HAS("cannot read map 'ring'", tables__error(NULL));
}

TEST(stats)
{
	struct tables *skel = tables__open_and_load();
	struct lskel_stats stats, later;
	int fd;

	ASSERT_NE(NULL, skel);
	ASSERT_EQ(0, tables__attach(skel));
	fd = lskel_stats_enable();
	ASSERT_LE(0, fd)
		TH_LOG("%s", tables__error(NULL));
	EXPECT_FALSE(leaks_fds());
	syscall(__NR_getpgid, getpid());
	EXPECT_EQ(0, lskel_stats_read(skel->progs.idle.prog_fd, &stats));
	EXPECT_LT(0, stats.run_cnt);
	EXPECT_LT(0, stats.run_time_ns);
	syscall(__NR_getpgid, getpid());
	EXPECT_EQ(0, lskel_stats_read(skel->progs.idle.prog_fd, &later));
	EXPECT_LT(stats.run_cnt, later.run_cnt);
	close(fd);
	EXPECT_EQ(0, lskel_stats_read(skel->progs.idle.prog_fd, &stats));
	syscall(__NR_getpgid, getpid());
	EXPECT_EQ(0, lskel_stats_read(skel->progs.idle.prog_fd, &later));
	EXPECT_EQ(stats.run_cnt, later.run_cnt);

	EXPECT_EQ(-EBADFD, lskel_stats_read(-1, &stats));
	EXPECT_HAS("cannot read statistics of descriptor -1", tables__error(NULL));
	tables__destroy(skel);
	ASSERT_EQ(0, setuid(65534));
	EXPECT_EQ(-EPERM, lskel_stats_enable());
	EXPECT_STREQ("cannot enable statistics: Operation not permitted (errno 1); it needs CAP_SYS_ADMIN",
		     tables__error(NULL));
}

TEST(memory)
{
	struct tables *skel = tables__open_and_load();
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ASSERT_NE(NULL, skel);
	EXPECT_LT(5000 * 8, lskel_memory(skel->maps.many.map_fd));
	EXPECT_LT(0, lskel_memory(skel->progs.idle.prog_fd));
	EXPECT_EQ(-EINVAL, lskel_memory(null));
	EXPECT_HAS(" says nothing of memory: is it a program or map?", tables__error(NULL));
	close(null);
	tables__destroy(skel);
}

TEST_HARNESS_MAIN
