// SPDX-License-Identifier: GPL-2.0-only
/* A typed tracepoint gives the task that was made. */
#include <sys/wait.h>

#include "lifecycle.h"
#include "tp_btf.lskel.h"

static int fire(struct tp_btf *skel)
{
	pid_t pid;

	skel->bss->parent = getpid();
	skel->bss->child = 0;
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	return skel->bss->child == (__u32)pid;
}

LIFECYCLE(tp_btf, prepare_nothing, fire, 1)

TEST_HARNESS_MAIN
