// SPDX-License-Identifier: GPL-2.0-only
/* Counting BPF objects by walking their ids, and this process's descriptors. */
#include "t.h"

#include <dirent.h>
#include <unistd.h>

static unsigned int count_ids(unsigned int get_next_id)
{
	union t_attr attr = {};
	unsigned int nr = 0;

	while (!t_bpf(get_next_id, &attr, t_attr_end(bpf.open_flags))) {
		attr.bpf.start_id = attr.bpf.next_id;
		nr++;
	}
	return nr;
}

static unsigned int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int nr = 0;

	if (!dir)
		return 0;
	while (readdir(dir))
		nr++;
	closedir(dir);
	return nr;
}

void t_live_count(struct t_live *live)
{
	live->maps = count_ids(BPF_MAP_GET_NEXT_ID);
	live->progs = count_ids(BPF_PROG_GET_NEXT_ID);
	live->btfs = count_ids(BPF_BTF_GET_NEXT_ID);
	live->links = count_ids(BPF_LINK_GET_NEXT_ID);
	live->fds = count_fds();
}

bool t_live_back_to(const struct t_live *before)
{
	struct t_live now = {};
	int tries;

	for (tries = 0; tries < 200; tries++) {
		t_live_count(&now);
		if (!memcmp(before, &now, sizeof(now)))
			return true;
		usleep(50000);
	}
	printf("# maps %u -> %u, progs %u -> %u, BTFs %u -> %u, links %u -> %u, fds %u -> %u\n",
	       before->maps, now.maps, before->progs, now.progs,
	       before->btfs, now.btfs, before->links, now.links,
	       before->fds, now.fds);
	return false;
}
