// SPDX-License-Identifier: GPL-2.0-only
/* An iterator's output reaches the reader of its link. */
#include "lifecycle.h"
#include "iter.lskel.h"

static int fire(struct iter *skel)
{
	union bpf_attr attr = { .iter_create.link_fd = skel->links.tasks_fd };
	const __u32 self = getpid();
	__u32 tids[256];
	int found = 0;
	ssize_t len, i;
	int fd;

	fd = t_bpf(BPF_ITER_CREATE, &attr, sizeof(attr.iter_create));
	if (fd < 0)
		return 0;
	while ((len = read(fd, tids, sizeof(tids))) > 0)
		for (i = 0; i < len / 4; i++)
			found += tids[i] == self;
	close(fd);
	return found;
}

LIFECYCLE(iter, prepare_nothing, fire, 1)

TEST_HARNESS_MAIN
