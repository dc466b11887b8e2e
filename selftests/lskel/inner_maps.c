// SPDX-License-Identifier: GPL-2.0-only
/* The loader fills the slots of outer maps. */
#include "lifecycle.h"
#include "inner_maps.lskel.h"

static int fire(struct inner_maps *skel)
{
	const int fds[] = { skel->maps.first.map_fd, skel->maps.second.map_fd };
	int i, seen = 0;

	for (i = 0; i < 2; i++) {
		__u64 zero = 0, value = 0;
		__u32 key = 0;

		t_map_update(fds[i], &key, &zero);
		syscall(__NR_getpgid, 0);
		t_map_lookup(fds[i], &key, &value);
		seen += value > 0;
	}
	return seen;
}

LIFECYCLE(inner_maps, prepare_nothing, fire, 2)

TEST_HARNESS_MAIN
