// SPDX-License-Identifier: GPL-2.0-only
/* Programs at the entry of functions see the arguments. */
#include "lifecycle.h"
#include "fentry_test.lskel.h"

static int fire(struct fentry_test *skel)
{
	const __u64 *seen = (void *)skel->bss;
	int i, sum = 0;

	memset(skel->bss, 0, sizeof(*skel->bss));
	run_fentry_tests(skel->progs.test1.prog_fd);
	for (i = 0; i < 8; i++)
		sum += seen[i];
	return sum;
}

LIFECYCLE(fentry_test, prepare_nothing, fire, 8)

TEST_HARNESS_MAIN
