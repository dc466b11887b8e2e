// SPDX-License-Identifier: GPL-2.0-only
/* A map that is referred to by index is a pointer to the kernel's structure. */
#include "lifecycle.h"
#include "map_ptr.lskel.h"

static int fire(struct map_ptr *skel)
{
	skel->bss->seen = 0;
	syscall(__NR_getpgid, 0);
	return skel->bss->seen;
}

LIFECYCLE(map_ptr, prepare_nothing, fire, 0x1f)

/* The number of entries is the user's until the load. */
TEST(max_entries)
{
	struct map_ptr *skel = map_ptr__open();
	struct bpf_map_info info = {};
	union bpf_attr attr = { .info.info = t_ptr(&info), .info.info_len = sizeof(info) };

	ASSERT_NE(NULL, skel);
	skel->maps.hash.max_entries = 77;
	ASSERT_EQ(0, map_ptr__load(skel));
	attr.info.bpf_fd = skel->maps.hash.map_fd;
	ASSERT_EQ(0, t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info)));
	EXPECT_EQ(77, info.max_entries);
	map_ptr__destroy(skel);
}

TEST_HARNESS_MAIN
