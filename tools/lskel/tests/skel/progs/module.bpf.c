// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A function of the file system that the guest's root is: Debian's kernels have
 * it in a module
 */
#include "progs.h"

int hits, pid;

SEC("fentry/9p:v9fs_file_open")
int opened(void *ctx)
{
	if (IS_MINE)
		hits++;
	return 0;
}

SEC("?fentry/9pnet:v9fs_file_open")
int elsewhere(void *ctx)
{
	return 0;
}

SEC("?fentry/9p:lskel_no_such_function")
int nowhere(void *ctx)
{
	return 0;
}
