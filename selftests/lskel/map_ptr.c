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

TEST_HARNESS_MAIN
