// SPDX-License-Identifier: GPL-2.0-only
/* Programs at the exit of functions see the arguments and the result. */
#include "lifecycle.h"
#include "fexit_test.lskel.h"

static int fire(struct fexit_test *skel)
{
	memset(skel->bss, 0, sizeof(*skel->bss));
	run_fentry_tests(skel->progs.test1.prog_fd);
	return nr_fentry_tests(skel->bss);
}

LIFECYCLE(fexit_test, prepare_nothing, fire, 8)

TEST_HARNESS_MAIN
