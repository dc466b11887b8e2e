// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How elements are read in batches, from a kernel that does what real ones do rarely */
#include "kselftest_harness.h"

#define syscall	lskel_test_syscall
long syscall(long number, ...);
#include "skel/runtime.h"
#include "skel/parts/entries.h"
#include "skel/parts/info.h"
#include "skel/parts/map_info.h"
#include "skel/parts/helper.h"
#include "skel/parts/elem.h"
#include "skel/parts/mapops.h"

/* Elements 0 to n - 1, the value of each twice its key, in buckets that are read as a
 * whole or not at all
 */
static struct {
	__u32 n, bucket;
	bool no_batch;		/* does not know the command */
	unsigned int interrupts;	/* how often it gives up without an element */
	bool fails;		/* at the second batch */
	unsigned int calls;
	bool deleted[1000], wrong;
} kernel;

static long batch(__u64 *attr, bool drain)
{
	__u32 *count = (__u32 *)&attr[4], at = 0, key, n = 0;
	__u32 *keys = (__u32 *)(uintptr_t)attr[2];
	__u64 *values = (__u64 *)(uintptr_t)attr[3];
	__u32 room = *count;

	kernel.calls++;
	*count = 0;
	if (kernel.no_batch)
		return -LSKEL_ENOTSUPP;
	if (kernel.fails && kernel.calls == 2)
		return -EFAULT;
	if (kernel.interrupts && kernel.calls > 1) {
		kernel.interrupts--;
		return -EINTR;
	}
	if (attr[0])
		memcpy(&at, (void *)(uintptr_t)attr[0], sizeof(at));
	kernel.wrong |= ((uintptr_t)values | (uintptr_t)keys) % 8;
	if (at < kernel.n && room < kernel.bucket)
		return -ENOSPC;
	while (at < kernel.n && room - n >= kernel.bucket)
		for (key = at, at += kernel.bucket; key < at && key < kernel.n; key++) {
			keys[n] = key;
			values[n++] = key * 2;
			kernel.wrong |= drain && kernel.deleted[key];
			kernel.deleted[key] |= drain;
		}
	memcpy((void *)(uintptr_t)attr[1], &at, sizeof(at));
	*count = n;
	return at < kernel.n ? 0 : -ENOENT;
}

static long element(int cmd, __u64 *attr)
{
	__u32 *key = (__u32 *)(uintptr_t)attr[1], next = key ? *key + 1 : 0;
	__u64 value;

	switch (cmd) {
	case LSKEL_MAP_GET_NEXT_KEY:
		if (next == kernel.n)
			return -ENOENT;
		memcpy((void *)(uintptr_t)attr[2], &next, sizeof(next));
		return 0;
	case LSKEL_MAP_LOOKUP_ELEM:
		/* Somebody has deleted it meanwhile */
		if (*key == 5)
			return -ENOENT;
		value = *key * 2;
		memcpy((void *)(uintptr_t)attr[2], &value, sizeof(value));
		return 0;
	default:
		if (kernel.fails && *key == 10)
			return -EINVAL;
		kernel.deleted[*key] = true;
		return 0;
	}
}

long syscall(long number, ...)
{
	va_list args;
	int cmd;
	__u64 *attr;
	long ret;

	va_start(args, number);
	cmd = va_arg(args, int);
	attr = va_arg(args, __u64 *);
	va_end(args);
	ret = cmd == 24 || cmd == 25 ? batch(attr, cmd == 25) : element(cmd, attr);
	errno = (int)-ret;
	return ret < 0 ? -1 : ret;
}

static struct {
	unsigned int times[1000], n, stop_at;
	bool wrong;
} seen;

static int see(void *ctx, const void *key, const void *values)
{
	const __u32 *number = key;
	const __u64 *value = values;

	(void)ctx;
	seen.times[*number]++;
	seen.wrong |= *value != *number * 2ULL;
	return ++seen.n == seen.stop_at ? -77 : 5;
}

static const struct lskel_mapops map = {
	.batch = true, .nr_values = 1, .key_size = 4, .stride = 8, .size = 8, .name = "map",
};

static bool all_once(__u32 n)
{
	__u32 i;

	for (i = 0; i < n; i++)
		if (seen.times[i] != 1)
			return false;
	return seen.n == n && !seen.wrong && !kernel.wrong;
}

TEST(buckets_that_fit)
{
	kernel.n = 1000;
	kernel.bucket = 1;
	EXPECT_EQ(0, lskel_map_each(&map, see, NULL));
	EXPECT_TRUE(all_once(1000));
}

TEST(buckets_that_do_not_fit)
{
	kernel.n = 1000;
	kernel.bucket = 6000;	/* there is room for 5461 at first */
	EXPECT_EQ(0, lskel_map_each(&map, see, NULL));
	EXPECT_TRUE(all_once(1000));
	EXPECT_EQ(2, kernel.calls);
}

TEST(nothing)
{
	kernel.bucket = 1;
	EXPECT_EQ(0, lskel_map_each(&map, see, NULL));
	EXPECT_EQ(0, seen.n);
}

TEST(interrupted)
{
	kernel.n = 1000;
	kernel.bucket = 6000;
	kernel.interrupts = 3;
	EXPECT_EQ(0, lskel_map_each(&map, see, NULL));
	EXPECT_TRUE(all_once(1000));
	EXPECT_EQ(0, kernel.interrupts);
}

TEST(failure)
{
	kernel.n = 1000;
	kernel.bucket = 6000;
	kernel.fails = true;
	EXPECT_EQ(-EFAULT, lskel_map_each(&map, see, NULL));
	EXPECT_EQ(0, strcmp("cannot read map 'map': Bad address (errno 14)", lskel_error(NULL)));
	EXPECT_EQ(0, seen.n);
}

TEST(stopped)
{
	kernel.n = 1000;
	kernel.bucket = 1;
	seen.stop_at = 3;
	EXPECT_EQ(-77, lskel_map_each(&map, see, NULL));
	EXPECT_EQ(3, seen.n);
}

/* What is no longer in the map is handed over. */
TEST(stopped_while_it_drains)
{
	unsigned int deleted = 0, i;

	kernel.n = 1000;
	kernel.bucket = 1;
	seen.stop_at = 3;
	EXPECT_EQ(-77, lskel_map_drain(&map, see, NULL));
	for (i = 0; i < 1000; i++)
		deleted += kernel.deleted[i];
	EXPECT_EQ(deleted, seen.n);
}

TEST(no_batches)
{
	kernel.n = 100;
	kernel.no_batch = true;
	EXPECT_EQ(0, lskel_map_drain(&map, see, NULL));
	EXPECT_EQ(99, seen.n);
	EXPECT_EQ(0, seen.times[5]);
	EXPECT_EQ(1, seen.times[99]);
	EXPECT_TRUE(kernel.deleted[99]);
	EXPECT_FALSE(kernel.deleted[5]);
	EXPECT_EQ(1, kernel.calls);
}

TEST(no_batches_stopped)
{
	kernel.n = 100;
	kernel.no_batch = true;
	seen.stop_at = 2;
	EXPECT_EQ(-77, lskel_map_drain(&map, see, NULL));
	EXPECT_EQ(2, seen.n);
	EXPECT_TRUE(kernel.deleted[1]);
	EXPECT_FALSE(kernel.deleted[2]);
}

TEST(no_batches_failure)
{
	kernel.n = 100;
	kernel.no_batch = kernel.fails = true;
	EXPECT_EQ(-EINVAL, lskel_map_drain(&map, see, NULL));
	EXPECT_EQ(0, strcmp("cannot drain map 'map': Invalid argument (errno 22)", lskel_error(NULL)));
	EXPECT_EQ(9, seen.n);
}

TEST_HARNESS_MAIN
