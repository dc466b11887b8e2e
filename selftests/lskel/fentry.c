// SPDX-License-Identifier: GPL-2.0-only
/* Programs at the entry of functions see the arguments. */
#include "lifecycle.h"
#include "fentry_test.lskel.h"

static int fire(struct fentry_test *skel)
{
	memset(skel->bss, 0, sizeof(*skel->bss));
	run_fentry_tests(skel->progs.test1.prog_fd);
	return nr_fentry_tests(skel->bss);
}

LIFECYCLE(fentry_test, prepare_nothing, fire, 8)

TEST_HARNESS_MAIN
