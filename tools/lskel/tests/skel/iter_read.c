// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What an iterator writes is read, all of it and in order */
#include "skel_test.h"
#include "walk.lskel.h"

struct seen {
	size_t bytes;
	int pieces;
	bool wrong;
	int stop;
};

static int see(void *ctx, const void *data, size_t size)
{
	struct seen *seen = ctx;
	const unsigned char *bytes = data;
	size_t i;

	for (i = 0; i < size; i++, seen->bytes++)
		seen->wrong |= bytes[i] != (unsigned char)(seen->bytes / 256 >> seen->bytes % 4 * 8);
	seen->pieces++;
	return seen->stop;
}

FIXTURE(walk) {
	struct walk *skel;
	int link;
	struct seen seen;
	struct t_live before;
};

FIXTURE_SETUP(walk)
{
	t_live_count(&self->before);
	self->skel = walk__open_and_load();
	ASSERT_NE(NULL, self->skel)
		TH_LOG("%s\n%s", walk__error(NULL), walk__log(NULL));
	self->link = walk__walk_tasks__attach(self->skel);
	ASSERT_LE(0, self->link);
}

FIXTURE_TEARDOWN(walk)
{
	walk__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_F(walk, all)
{
	int round;

	for (round = 0; round < 2; round++) {
		self->skel->bss->n = 0;
		self->seen = (struct seen){ 0 };
		ASSERT_EQ(0, lskel_iter_read(self->link, see, &self->seen))
			TH_LOG("%s", walk__error(NULL));
		EXPECT_FALSE(self->seen.wrong);
		EXPECT_LT(1, self->seen.pieces);
		EXPECT_EQ(self->skel->bss->n * 256UL, self->seen.bytes);
	}
}

TEST_F(walk, stopped)
{
	self->seen.stop = -7;
	EXPECT_EQ(-7, lskel_iter_read(self->link, see, &self->seen));
	EXPECT_EQ(1, self->seen.pieces);
	/* No negative result is no end */
	self->seen = (struct seen){ .stop = 7 };
	EXPECT_EQ(0, lskel_iter_read(self->link, see, &self->seen));
	EXPECT_LT(1, self->seen.pieces);
}

TEST_F(walk, by_hand)
{
	int fd = lskel_iter_open(self->link);
	__u32 first;

	ASSERT_LE(0, fd);
	EXPECT_FALSE(leaks_fds());
	EXPECT_EQ(sizeof(first), read(fd, &first, sizeof(first)));
	EXPECT_EQ(0, first);
	close(fd);
}

TEST_F(walk, refused)
{
	EXPECT_EQ(-EBADF, lskel_iter_read(-1, see, &self->seen));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(-EINVAL, lskel_iter_open(self->skel->maps.bss.map_fd));
	EXPECT_HAS("is no link of an iterator: Invalid argument", walk__error(NULL));
	EXPECT_EQ(0, self->seen.pieces);
}

TEST_HARNESS_MAIN
