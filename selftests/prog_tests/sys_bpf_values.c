// SPDX-License-Identifier: GPL-2.0-only
/* Keys and values of every size that a map can have, updated from both sides. */
#include "test.h"

#define HUGE	((4U << 20) - 8)	/* what an array of 5.10 still accepts */

FIXTURE(sys_bpf_values)
{
	struct t_live before;
	struct t_nested n;
	union t_attr attr;
	__u32 key;
};

FIXTURE_SETUP(sys_bpf_values)
{
	t_live_count(&self->before);
	ASSERT_EQ(0, t_nested_open(&self->n, HUGE + 4096)) TH_LOG("%s", t_log);
	memset(&self->attr, 0, sizeof(self->attr));
	self->key = 0;
}

FIXTURE_TEARDOWN(sys_bpf_values)
{
	t_nested_close(&self->n);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static int nested_update(struct t_nested *n, int fd, const void *key,
			 unsigned int key_size, __u64 value)
{
	union t_attr attr = {};
	int ret;

	attr.bpf.map_fd = fd;
	attr.bpf.key = key ? t_nested_put(n, key, key_size) : 0;
	attr.bpf.value = value;
	ret = t_nested_bpf(n, BPF_MAP_UPDATE_ELEM, &attr,
			   t_attr_end(bpf.flags));
	return ret;
}

static char *huge_pattern(unsigned int seed)
{
	unsigned int i;
	char *value = malloc(HUGE);

	for (i = 0; value && i < HUGE; i++)
		value[i] = i * 31 + seed;
	return value;
}

static void check_huge(struct __test_metadata *_metadata, int map,
		       const char *expected)
{
	char *seen = malloc(HUGE);
	__u32 key = 0;

	ASSERT_NE(NULL, seen);
	ASSERT_EQ(0, t_map_lookup(map, &key, seen));
	EXPECT_EQ(0, memcmp(expected, seen, HUGE));
	free(seen);
}

TEST_F(sys_bpf_values, huge_from_user)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, HUGE, 1, 0);
	char *value = huge_pattern(1);

	ASSERT_LE(0, map);
	EXPECT_EQ(0, t_map_update(map, &self->key, value));
	check_huge(_metadata, map, value);
	free(value);
	close(map);
}

TEST_F(sys_bpf_values, huge_nested)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, HUGE, 1, 0);
	char *value = huge_pattern(2);
	__u64 in_kernel = t_nested_put(&self->n, value, HUGE);

	ASSERT_LE(0, map);
	ASSERT_NE(0, in_kernel);
	EXPECT_EQ(0, nested_update(&self->n, map, &self->key, 4, in_kernel));
	check_huge(_metadata, map, value);
	free(value);
	close(map);
}

/*
 * The page allocator gives nothing larger than a few pages. Every order from
 * 4 up fails, for this task, until further notice.
 */
static bool fragment_memory(bool on)
{
	static const char dir[] = "/sys/kernel/debug/fail_page_alloc/";
	static const char *const settings[][2] = {
		{ "task-filter", "Y" }, { "ignore-gfp-wait", "N" },
		{ "ignore-gfp-highmem", "N" }, { "verbose", "0" },
		{ "min-order", "4" }, { "times", "-1" }, { "probability", "100" },
	};
	char path[96];
	size_t i;

	if (!on)
		return !t_write("/proc/thread-self/make-it-fail", "0");
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, settings[i][0]);
		if (t_write(path, settings[i][1]))
			return false;
	}
	return !t_write("/proc/thread-self/make-it-fail", "1");
}

TEST_F(sys_bpf_values, huge_on_fragmented_memory)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, HUGE, 1, 0);
	char *value = huge_pattern(3), *other = huge_pattern(4);
	__u64 in_kernel = t_nested_put(&self->n, other, HUGE);
	int from_user, nested;

	ASSERT_LE(0, map);
	if (!fragment_memory(true))
		SKIP(goto out, "kernel without FAIL_PAGE_ALLOC");
	from_user = t_map_update(map, &self->key, value);
	fragment_memory(false);
	EXPECT_EQ(0, from_user);
	check_huge(_metadata, map, value);

	fragment_memory(true);
	nested = nested_update(&self->n, map, &self->key, 4, in_kernel);
	fragment_memory(false);
	EXPECT_EQ(0, nested);
	check_huge(_metadata, map, other);
out:
	t_write("/sys/kernel/debug/fail_page_alloc/probability", "0");
	free(value);
	free(other);
	close(map);
}

/* The first size that an array of 5.10 refuses: the caller of a loader sees it */
TEST_F(sys_bpf_values, too_large_for_an_array)
{
	T_ONLY_OURS("larger values are possible since 5.11");
	EXPECT_EQ(-E2BIG, t_map(BPF_MAP_TYPE_ARRAY, 4, (4U << 20) + 1, 1, 0));
}

/*
 * Map types with keys or values of size 0, and such as have a meaning of their
 * own for the value. Whatever the kernel answers to user space it answers to
 * a program.
 */
TEST_F(sys_bpf_values, same_answer_on_both_sides)
{
	static const struct {
		const char *name;
		unsigned int type, key_size, value_size, entries;
		int result;
	} maps[] = {
		{ "ringbuf", BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, -524 },
		{ "queue", BPF_MAP_TYPE_QUEUE, 0, 4, 8, 0 },
		{ "stack", BPF_MAP_TYPE_STACK, 0, 4, 8, 0 },
		{ "prog array", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 8, -EBADF },
		{ "hash", BPF_MAP_TYPE_HASH, 4, 8, 8, 0 },
		{ "per-CPU hash", BPF_MAP_TYPE_PERCPU_HASH, 4, 8, 8, 0 },
		{ "per-CPU array", BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 8, 0 },
		{ "odd sizes", BPF_MAP_TYPE_HASH, 1, 1, 8, 0 },
	};
	/* Per-CPU values are as many as there are possible CPUs */
	static const __u8 values[8 * 512] = { 0xff, 0xff, 0xff, 0x7f };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(maps); i++) {
		int fd = t_map(maps[i].type, maps[i].key_size,
			       maps[i].value_size, maps[i].entries, 0);
		const void *key = maps[i].key_size ? &self->key : NULL;
		union t_attr attr = {};
		int direct, nested;
		__u64 value;

		ASSERT_LE(0, fd) TH_LOG("%s", maps[i].name);
		self->n.used = 0;
		value = t_nested_put(&self->n, values, sizeof(values));
		direct = t_map_update(fd, key, values);
		nested = nested_update(&self->n, fd, key, maps[i].key_size,
				       value);
		EXPECT_EQ(maps[i].result, direct) TH_LOG("%s", maps[i].name);
		EXPECT_EQ(direct, nested) TH_LOG("%s", maps[i].name);

		attr.bpf.map_fd = fd;
		attr.bpf.key = t_ptr(key);
		direct = t_bpf(BPF_MAP_DELETE_ELEM, &attr, t_attr_end(bpf.key));
		/* There again, for the other side */
		t_map_update(fd, key, values);
		if (key)
			attr.bpf.key = t_nested_put(&self->n, key, 4);
		nested = t_nested_bpf(&self->n, BPF_MAP_DELETE_ELEM, &attr,
				      t_attr_end(bpf.key));
		EXPECT_EQ(direct, nested) TH_LOG("%s", maps[i].name);
		close(fd);
	}
}

TEST_F(sys_bpf_values, prog_array)
{
	static const struct bpf_insn return_0[] = {
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int map = t_map(BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 1, 0);
	int prog = t_load_type(BPF_PROG_TYPE_SOCKET_FILTER, return_0,
			       ARRAY_SIZE(return_0));
	union t_attr attr = {};
	__u32 id = 0;

	ASSERT_LE(0, map);
	ASSERT_LE(0, prog);
	EXPECT_EQ(0, nested_update(&self->n, map, &self->key, 4,
				   t_nested_put(&self->n, &prog, 4)));
	ASSERT_EQ(0, t_map_lookup(map, &self->key, &id));
	EXPECT_EQ(t_prog_id(prog), id);

	attr.bpf.map_fd = map;
	attr.bpf.key = t_nested_put(&self->n, &self->key, 4);
	EXPECT_EQ(0, t_nested_bpf(&self->n, BPF_MAP_DELETE_ELEM, &attr,
				  t_attr_end(bpf.key)));
	EXPECT_EQ(-ENOENT, t_map_lookup(map, &self->key, &id));
	close(prog);
	close(map);
}

/* Every allocation on the way fails once; each time nothing happened */
TEST_F(sys_bpf_values, each_allocation_fails)
{
	int map = t_map(BPF_MAP_TYPE_HASH, 4, 4096, 4, BPF_F_NO_PREALLOC);
	char *value = calloc(1, 4096);
	__u64 in_kernel = t_nested_put(&self->n, value, 4096);
	unsigned int nth;
	bool injected;

	ASSERT_LE(0, map);
	if (!t_inject_available())
		SKIP(goto out, "kernel without fault injection");
	for (nth = 1, injected = true; injected && nth < 100; nth++) {
		union t_attr attr = {};
		int ret;

		attr.bpf.map_fd = map;
		attr.bpf.key = t_nested_put(&self->n, &self->key, 4);
		attr.bpf.value = in_kernel;
		memcpy(self->n.mem, &attr, 32);
		t_inject_nth(nth);
		ret = t_nested_bpf_at(&self->n, BPF_MAP_UPDATE_ELEM, 0, 32);
		injected = t_inject_done();
		EXPECT_TRUE(ret == 0 || ret == -ENOMEM || ret == -EFAULT)
			TH_LOG("allocation %u: %d", nth, ret);
		if (!injected)
			EXPECT_EQ(0, ret) TH_LOG("allocation %u", nth);
		self->n.used = 4096;
	}
	t_inject_end();
	EXPECT_LT(2, nth);
	EXPECT_GT(100, nth);
out:
	free(value);
	close(map);
}

TEST_HARNESS_MAIN
