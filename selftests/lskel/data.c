// SPDX-License-Identifier: GPL-2.0-only
/* Global data that is set before the load is what the program finds. */
#include "lifecycle.h"
#include "data.lskel.h"

#define START 1000
#define STEP 7

static void prepare(struct data *skel)
{
	skel->rodata->pid = getpid();
	skel->rodata->call = __NR_getpgid;
	skel->data->step = STEP;
	skel->bss->sum = START;
}

static int fire(struct data *skel)
{
	static __u64 before = START;
	__u64 added;

	syscall(__NR_getpgid, 0);
	added = skel->bss->sum - before;
	before = skel->bss->sum;
	return added;
}

LIFECYCLE(data, prepare, fire, STEP)

TEST(rodata_is_frozen)
{
	struct data *skel = data__open_and_load();
	__u32 key = 0;

	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-EPERM, t_map_update(skel->maps.rodata.map_fd, &key, skel->rodata));
	EXPECT_EQ(0, t_map_update(skel->maps.data.map_fd, &key, skel->data));
	data__destroy(skel);
}

TEST_HARNESS_MAIN
