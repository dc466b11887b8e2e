// SPDX-License-Identifier: GPL-2.0-only
/* Static and global subprograms, shared by programs of several sections. */
#include "lifecycle.h"
#include "test_subprogs.lskel.h"

static int fire(struct test_subprogs *skel)
{
	memset(skel->bss, 0, sizeof(*skel->bss));
	syscall(__NR_getpgid, 0);
	return (skel->bss->res1 == 12) + (skel->bss->res2 == 17) +
	       (skel->bss->res3 == 19) + (skel->bss->res4 == 36);
}

LIFECYCLE(test_subprogs, prepare_nothing, fire, 4)

TEST_HARNESS_MAIN
