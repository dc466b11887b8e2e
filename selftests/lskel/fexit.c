// SPDX-License-Identifier: GPL-2.0-only
/* Programs at the exit of functions see the arguments and the result. */
#include "lifecycle.h"
#include "fexit_test.lskel.h"

static int fire(struct fexit_test *skel)
{
	const __u64 *seen = (void *)skel->bss;
	int i, sum = 0;

	memset(skel->bss, 0, sizeof(*skel->bss));
	run_fentry_tests(skel->progs.test1.prog_fd);
	for (i = 0; i < 8; i++)
		sum += seen[i];
	return sum;
}

LIFECYCLE(fexit_test, prepare_nothing, fire, 8)

TEST_HARNESS_MAIN
