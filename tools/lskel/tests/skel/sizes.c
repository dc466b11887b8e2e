// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the machine decides about maps, and what the user does before the load */
#include <sys/mman.h>

#include "skel_test.h"
#include "sizes.lskel.h"

struct seen {
	__u64 data, bss, rodata, number, low, high, word, custom, fixed, far;
	__u64 events, ring, table;
};

TEST(of_the_machine)
{
	struct sizes *skel = sizes__open();
	__u32 ring;

	ASSERT_NE(NULL, skel);
	for (ring = (__u32)getpagesize(); ring < 5000; ring *= 2)
		;
	EXPECT_EQ(0, skel->maps.events.max_entries);
	ASSERT_EQ(0, sizes__load(skel))
		TH_LOG("%s", sizes__error(skel));
	EXPECT_EQ((__u32)t_nr_cpus(), map_info(skel->maps.events.map_fd).max_entries);
	EXPECT_EQ((__u32)t_nr_cpus(), skel->maps.events.max_entries);
	EXPECT_EQ(ring, map_info(skel->maps.ring.map_fd).max_entries);
	EXPECT_EQ(16, map_info(skel->maps.table.map_fd).max_entries);
	/* The object has types that 5.10 does not take, and these maps have not */
	EXPECT_NE(0, map_info(skel->maps.table.map_fd).btf_id);
	EXPECT_NE(0, prog_info(skel->progs.look.prog_fd).btf_id);
	sizes__destroy(skel);
}

TEST(of_the_user)
{
	struct sizes *skel;
	struct t_live before;

	t_live_count(&before);
	skel = sizes__open();
	ASSERT_NE(NULL, skel);
	EXPECT_EQ(16, skel->maps.table.max_entries);
	skel->maps.table.max_entries = 77;
	skel->maps.events.max_entries = 3;
	skel->maps.ring.max_entries = 3 * (__u32)getpagesize();
	ASSERT_EQ(0, sizes__load(skel));
	EXPECT_EQ(77, map_info(skel->maps.table.map_fd).max_entries);
	EXPECT_EQ(3, map_info(skel->maps.events.map_fd).max_entries);
	EXPECT_EQ(4 * (__u32)getpagesize(), map_info(skel->maps.ring.map_fd).max_entries);
	sizes__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

/* Bytes of addresses that the process has */
static rlim_t addresses(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	if (!file || fscanf(file, "%lu", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return (rlim_t)pages * (rlim_t)getpagesize();
}

/* Values that could not all be mapped are the user's to change, as before */
TEST(half_of_the_values)
{
	struct sizes *skel = sizes__open();
	struct rlimit limit, little;

	ASSERT_NE(NULL, skel);
	ASSERT_EQ(0, getrlimit(RLIMIT_AS, &limit));
	/* The heap has some room, and all but the largest value fits in */
	free(malloc(100000));
	little = limit;
	little.rlim_cur = addresses() + 80000;
	ASSERT_EQ(0, setrlimit(RLIMIT_AS, &little));
	EXPECT_EQ(-ENOMEM, sizes__load(skel));
	ASSERT_EQ(0, setrlimit(RLIMIT_AS, &limit));
	EXPECT_HAS("cannot map the value of map '.bss'", sizes__error(skel));
	skel->rodata->set_rodata = 4;
	skel->rodata_fixed->fixed = 5;
	skel->data->set_data = 6;
	skel->bss->set_bss = 7;
	ASSERT_EQ(0, sizes__load(skel))
		TH_LOG("%s", sizes__error(skel));
	EXPECT_EQ(4, skel->rodata->set_rodata);
	EXPECT_EQ(5, skel->rodata_fixed->fixed);
	EXPECT_EQ(6, skel->data->set_data);
	EXPECT_EQ(7, skel->bss->set_bss);
	sizes__destroy(skel);
}

TEST(values)
{
	struct sizes *skel = sizes__open();
	const void *data, *bss;
	struct seen seen = {};

	ASSERT_NE(NULL, skel);
	/* As in the object */
	EXPECT_EQ(1, skel->data->set_data);
	EXPECT_EQ('p', skel->data->pair.tag);
	EXPECT_EQ(5, skel->data->pair.number);
	EXPECT_EQ(1, skel->data->matrix[0][0]);
	EXPECT_EQ(4, skel->data->points[1].y);
	EXPECT_EQ(1, skel->data->color);
	EXPECT_EQ(8, skel->data->pointer);
	EXPECT_TRUE(skel->data->flag);
	EXPECT_EQ(1.5, skel->data->real);
	EXPECT_EQ(9, skel->data_custom->custom);
	EXPECT_EQ(11, skel->rodata_fixed->fixed);
	EXPECT_EQ(0, skel->bss->set_bss);

	skel->data->set_data = -3;
	skel->data->pair.number = 1ULL << 40;
	skel->data->pair.low = 5;
	skel->data->pair.high = 17;
	skel->data->pair.bytes[1] = 1;
	skel->data->matrix[1][2] = 66;
	skel->data_custom->custom = 10;
	skel->rodata_fixed->fixed = 12;
	skel->rodata->set_rodata = 1ULL << 50;
	skel->bss->set_bss = 99;
	skel->bss->big_bss[99999] = 7;
	data = skel->data;
	bss = skel->bss;
	ASSERT_EQ(0, sizes__load(skel))
		TH_LOG("%s", sizes__error(skel));
	/* Pointers to it stay good */
	EXPECT_EQ(data, skel->data);
	EXPECT_EQ(bss, skel->bss);
	EXPECT_EQ(99, skel->bss->set_bss);
	ASSERT_EQ(0, sizes__look__run(skel, &seen, sizeof(seen)));
	EXPECT_EQ((__u64)-3, seen.data);
	EXPECT_EQ(1ULL << 40, seen.number);
	EXPECT_EQ(5, seen.low);
	EXPECT_EQ(17, seen.high);
	EXPECT_EQ(0x100, seen.word);
	EXPECT_EQ(10, seen.custom);
	EXPECT_EQ(12, seen.fixed);
	EXPECT_EQ(1ULL << 50, seen.rodata);
	EXPECT_EQ(99, seen.bss);
	EXPECT_EQ(7, seen.far);

	/* The program's doing is seen, and the other way round */
	EXPECT_EQ(-2, skel->data->set_data);
	EXPECT_EQ((1ULL << 40) + 1, skel->data->pair.number);
	EXPECT_EQ(66, skel->data->points[1].y);
	EXPECT_EQ(1, skel->bss->at_the_end);
	skel->bss->set_bss = 100;
	skel->data->set_data = 5;
	ASSERT_EQ(0, sizes__look__run(skel, &seen, sizeof(seen)));
	EXPECT_EQ(100, seen.bss);
	EXPECT_EQ(5, seen.data);
	sizes__destroy(skel);
}

TEST_SIGNAL(rodata_cannot_be_written_afterwards, SIGSEGV)
{
	struct sizes *skel = sizes__open_and_load();
	__u32 key = 0;

	ASSERT_NE(NULL, skel);
	ASSERT_EQ(-EPERM, t_map_update(skel->maps.rodata.map_fd, &key, skel->rodata));
	skel->rodata->set_rodata = 1;
}

TEST_HARNESS_MAIN
