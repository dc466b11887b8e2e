// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The readers of rings, with rings that no kernel writes, or not often */
#include "skel/runtime.h"
#include "skel/parts/helper.h"
#include "skel/parts/info.h"
#include "skel/parts/map_info.h"
#include "skel/parts/perf_open.h"
#include "skel/parts/rings.h"
#include "skel/parts/ringbuf.h"
#include "skel/parts/elem.h"
#include "skel/parts/perfbuf.h"
#include "kselftest_harness.h"

#define SIZE	4096u
#define BUSY	(1u << 31)
#define DISCARD	(1u << 30)

FIXTURE(ring) {
	struct lskel_ring ring;
	__u64 produced, consumed;
	char *data;		/* no byte more than the ring has */
	int n;
	size_t size;		/* of the last record */
	unsigned char first;	/* its first byte */
	unsigned int sum;
	__u64 lost;
};

static int see(void *ctx, const void *data, size_t size)
{
	FIXTURE_DATA(ring) *self = ctx;
	const unsigned char *bytes = data;
	size_t i;

	self->n++;
	self->size = size;
	self->first = size ? bytes[0] : 0;
	for (i = 0; i < size; i++)
		self->sum += bytes[i];
	return 0;
}

static void see_lost(void *ctx, int cpu, __u64 records)
{
	FIXTURE_DATA(ring) *self = ctx;

	self->lost += records + (__u64)cpu;
}

FIXTURE_SETUP(ring)
{
	self->data = calloc(2, SIZE);
	self->ring.copy = malloc(LSKEL_PERFBUF_MAX);
	ASSERT_TRUE(self->data && self->ring.copy);
	self->ring.data = self->data;
	self->ring.size = SIZE;
	self->ring.produced = &self->produced;
	self->ring.consumed = &self->consumed;
	self->ring.record = see;
	self->ring.lost = see_lost;
	self->ring.ctx = self;
}

FIXTURE_TEARDOWN(ring)
{
	free(self->data);
	free(self->ring.copy);
}

/* The word at position @at, as the kernel maps it: twice */
static void put(FIXTURE_DATA(ring) *self, __u64 at, __u32 word)
{
	memcpy(self->data + at % SIZE, &word, sizeof(word));
	memcpy(self->data + SIZE + at % SIZE, &word, sizeof(word));
}

TEST_F(ring, incomplete_and_discarded)
{
	put(self, 0, 5);
	put(self, 16, 24 | DISCARD);
	put(self, 48, 8);
	put(self, 56, 7);
	put(self, 64, 16 | BUSY);
	self->produced = 88;
	EXPECT_EQ(2, lskel_ringbuf_read(&self->ring));
	EXPECT_EQ(2, self->n);
	EXPECT_EQ(7, self->first);
	EXPECT_EQ(64, self->consumed);
	EXPECT_EQ(0, lskel_ringbuf_read(&self->ring));
	put(self, 64, 16);
	EXPECT_EQ(1, lskel_ringbuf_read(&self->ring));
	EXPECT_EQ(16, self->size);
	EXPECT_EQ(88, self->consumed);
}

/* The lower half of a position begins again, and a record wraps */
TEST_F(ring, past_4_gib)
{
	const __u64 at = (1ULL << 32) - 8;

	put(self, at, 16);
	put(self, at + 8, 9);
	self->consumed = at;
	self->produced = at + 24;
	EXPECT_EQ(1, lskel_ringbuf_read(&self->ring));
	EXPECT_EQ(9, self->first);
	EXPECT_EQ(at + 24, self->consumed);
}

TEST_F(ring, no_ringbuf_records)
{
	static const struct {
		__u64 produced, consumed;
		__u32 header;
	} bad[] = {
		{ 16, 0, 9 },		/* longer than what was written */
		{ 16, 0, BUSY - DISCARD - 1 },
		{ 16, 0, DISCARD | 16 },
		{ 4, 0, 0 },		/* no room for a header */
		{ 32, 4, 0 },		/* not where one can be */
		{ SIZE + 8, 0, 0 },	/* more than there can be */
		{ 0, 8, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(self, 0, bad[i].header);
		self->produced = bad[i].produced;
		self->consumed = bad[i].consumed;
		EXPECT_EQ(-EIO, lskel_ringbuf_read(&self->ring))
			TH_LOG("case %zu", i);
		EXPECT_EQ(EIO, errno);
		EXPECT_EQ(bad[i].consumed, self->consumed);
	}
	EXPECT_EQ(0, self->n);
}

/* A perf record of the words that follow */
static void put_perf(FIXTURE_DATA(ring) *self, __u64 at, __u32 type, __u16 size, __u32 w0, __u32 w1,
		     __u64 last)
{
	const struct perf_event_header header = { .type = type, .size = size };
	__u32 words[2];

	memcpy(words, &header, sizeof(words));
	put(self, at, words[0]);
	put(self, at + 4, words[1]);
	put(self, at + 8, w0);
	put(self, at + 12, w1);
	put(self, at + 16, (__u32)last);
	put(self, at + 20, (__u32)(last >> 32));
}

TEST_F(ring, perf)
{
	/* The last one wraps */
	const __u64 at = (1ULL << 33) - 48 - 8;

	self->ring.cpu = 3;
	put_perf(self, at, PERF_RECORD_SAMPLE, 24, 12, 5, 0);
	put_perf(self, at + 24, PERF_RECORD_LOST, 24, 0, 0, 1000);
	put_perf(self, at + 48, PERF_RECORD_SAMPLE, 24, 4, 6, 0);
	self->consumed = at;
	self->produced = at + 72;
	EXPECT_EQ(2, lskel_perfbuf_read(&self->ring));
	EXPECT_EQ(1003, self->lost);
	EXPECT_EQ(6, self->first);
	EXPECT_EQ(4, self->size);
	EXPECT_EQ(at + 72, self->consumed);
}

TEST_F(ring, no_perf_records)
{
	static const struct {
		__u64 produced, consumed;
		__u32 type;
		__u16 size;
		__u32 raw;
	} bad[] = {
		{ 24, 0, PERF_RECORD_SAMPLE, 0, 4 },
		{ 24, 0, PERF_RECORD_SAMPLE, 4, 4 },
		{ 24, 0, PERF_RECORD_SAMPLE, 20, 4 },
		{ 24, 0, PERF_RECORD_SAMPLE, 32, 4 },
		{ 24, 0, PERF_RECORD_SAMPLE, 65528, 4 },
		{ 24, 0, PERF_RECORD_SAMPLE, 8, 4 },
		{ 24, 0, PERF_RECORD_SAMPLE, 24, 13 },
		{ 24, 0, PERF_RECORD_SAMPLE, 24, UINT32_MAX },
		{ 24, 0, PERF_RECORD_LOST, 16, 0 },
		{ 4, 0, PERF_RECORD_SAMPLE, 24, 4 },
		{ 28, 4, PERF_RECORD_SAMPLE, 24, 4 },
		{ SIZE + 8, 0, PERF_RECORD_SAMPLE, 24, 4 },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_perf(self, 0, bad[i].type, bad[i].size, bad[i].raw, 0, 0);
		self->produced = bad[i].produced;
		self->consumed = bad[i].consumed;
		EXPECT_EQ(-EIO, lskel_perfbuf_read(&self->ring))
			TH_LOG("case %zu", i);
	}
	EXPECT_EQ(0, self->n);
}

/* Whatever is there, only the ring is read: ASan judges. */
TEST_F(ring, anything)
{
	unsigned int seed = 1, round, i;

	for (round = 0; round < 20000; round++) {
		for (i = 0; i < SIZE / 64; i++) {
			seed = seed * 1103515245 + 12345;
			put(self, (seed >> 8) % SIZE / 4 * 4,
			    round % 2 ? seed >> 20 : PERF_RECORD_SAMPLE | (seed & 0xff0) << 16);
		}
		self->consumed = seed >> 3;
		if (seed % 8)
			self->consumed &= ~7ULL;
		self->produced = self->consumed + (seed >> 7) % (SIZE + 16);
		if (round % 2)
			lskel_ringbuf_read(&self->ring);
		else
			lskel_perfbuf_read(&self->ring);
	}
	EXPECT_LT(1000, self->n);
}

TEST_HARNESS_MAIN
