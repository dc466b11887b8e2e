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

/* What a test before this one left to die may go meanwhile */
static bool no_more(const struct t_live *now, const struct t_live *before)
{
	return now->maps <= before->maps && now->progs <= before->progs &&
	       now->btfs <= before->btfs && now->links <= before->links &&
	       now->fds <= before->fds;
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
		if (no_more(&now, before))
			return true;
		usleep(50000);
	}
	printf("# maps %u -> %u, progs %u -> %u, BTFs %u -> %u, links %u -> %u, fds %u -> %u\n",
	       before->maps, now.maps, before->progs, now.progs,
	       before->btfs, now.btfs, before->links, now.links,
	       before->fds, now.fds);
	fflush(stdout);
	return false;
}
