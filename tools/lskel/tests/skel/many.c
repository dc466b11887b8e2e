// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* More of everything than others can do */
#include "skel_test.h"
#include "programs33.lskel.h"
#include "programs200.lskel.h"
#include "maps65.lskel.h"
#include "maps300.lskel.h"
#include "data3m.lskel.h"

#define MANY(name)						\
TEST(name)							\
{								\
	struct t_live before;					\
	struct name *skel;					\
								\
	t_live_count(&before);					\
	skel = name##__open_and_load();				\
	ASSERT_NE(NULL, skel)					\
		TH_LOG("%s", name##__error(NULL));		\
	look(_metadata, skel);					\
	name##__destroy(skel);					\
	EXPECT_TRUE(t_live_back_to(&before));			\
}

/* How many there are according to a sentence that may be too long to name them all */
static int not_attached(const char *sentence)
{
	const char *more = strstr(sentence, ", and ");
	int n = more ? atoi(more + strlen(", and ")) : 0;

	while ((sentence = strstr(sentence, " needs an argument"))) {
		sentence++;
		n++;
	}
	return n;
}

#define look(_metadata, skel) do {				\
	EXPECT_STREQ("p32", prog_info(skel->progs.p32.prog_fd).name);	\
	EXPECT_EQ(0, programs33__attach(skel));			\
} while (0)
MANY(programs33)
#undef look

#define look(_metadata, skel) do {				\
	EXPECT_STREQ("p0", prog_info(skel->progs.p0.prog_fd).name);	\
	EXPECT_STREQ("p199", prog_info(skel->progs.p199.prog_fd).name);	\
	EXPECT_EQ(-EOPNOTSUPP, programs200__attach(skel));		\
	EXPECT_LE(0, skel->links.p99_fd);				\
	EXPECT_HAS("not attached: p100 (SEC(\"raw_tp\")) needs an argument, p101 ",	\
		   programs200__error(skel));				\
	EXPECT_EQ(100, not_attached(programs200__error(skel)))		\
		TH_LOG("%s", programs200__error(skel));			\
} while (0)
MANY(programs200)
#undef look

static void set(int fd, __u64 value)
{
	__u32 key = 0;

	t_map_update(fd, &key, &value);
}

#define look(_metadata, skel) do {				\
	set(skel->maps.m64.map_fd, 5);				\
	EXPECT_EQ(5, maps65__run1__run(skel, NULL, 0));		\
} while (0)
MANY(maps65)
#undef look

#define look(_metadata, skel) do {				\
	set(skel->maps.m0.map_fd, 1);				\
	set(skel->maps.m299.map_fd, 6);				\
	EXPECT_STREQ("m299", map_info(skel->maps.m299.map_fd).name);	\
	EXPECT_EQ(1, maps300__run0__run(skel, NULL, 0));		\
	EXPECT_EQ(6, maps300__run4__run(skel, NULL, 0));		\
} while (0)
MANY(maps300)
#undef look

#define look(_metadata, skel) do {				\
	skel->data_one->one[0] = 10;				\
	skel->bss->bss[3145727] = 20;				\
	EXPECT_EQ(39, data3m__run__run(skel, NULL, 0));		\
} while (0)
MANY(data3m)
#undef look

TEST_HARNESS_MAIN
