// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts what cgroups send, from the first run to --remove: counters and
 * attachment are pinned, and work on while this program does not run.
 */
#define _GNU_SOURCE	/* nftw() */

#include <fcntl.h>
#include <ftw.h>
#include <linux/bpf.h>
#include <sys/stat.h>

#include "tool.h"
#include "egress.h"
#include "egress.lskel.h"

static const char usage[] =
	"usage: egress [OPTION...] CGROUP\n"
	"Count what the processes of CGROUP and of those below it send, and show at the\n"
	"end what was counted since the first run. Counting goes on until --remove.\n\n"
	"  -r, --remove         show it at once, and stop counting\n"
	"  -d, --duration=SEC   end after SEC seconds\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "remove", no_argument, NULL, 'r' },
	END_OPTIONS
};

/* Where counters and attachment of this cgroup are pinned */
static char pins[64], map_pin[96], link_pin[96];

/* Of the counters; nftw() has no way to hand it on. */
static int map_fd;

/* @cmd: BPF_OBJ_GET, with 0 for @fd, or BPF_OBJ_PIN */
static int bpf_pin(int cmd, const char *path, int fd)
{
	union bpf_attr attr = { .pathname = (unsigned long)path, .bpf_fd = fd };

	return lskel_bpf(cmd, &attr, sizeof(attr));
}

/* The id of a cgroup is the number of its inode. */
static int show(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct traffic traffic;
	__u64 id = st->st_ino;
	union bpf_attr attr = {
		.map_fd = map_fd,
		.key = (unsigned long)&id,
		.value = (unsigned long)&traffic,
	};

	(void)ftw;
	if (type == FTW_D && !lskel_bpf(BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)))
		printf("%10llu %14llu  %s\n", (unsigned long long)traffic.packets,
		       (unsigned long long)traffic.bytes, path);
	return 0;
}

/* Replace the program of the pinned link, so that no packet goes uncounted, or
 * attach the program and pin the link. Returns a negative errno, having said why.
 */
static int take_over(struct egress *skel, int cgroup)
{
	union bpf_attr attr = { .link_update.new_prog_fd = skel->progs.count_egress.prog_fd };
	int link = bpf_pin(BPF_OBJ_GET, link_pin, 0), err;

	if (link >= 0) {
		attr.link_update.link_fd = link;
		err = lskel_bpf(BPF_LINK_UPDATE, &attr, sizeof(attr));
		close(link);
	} else {
		link = egress__count_egress__attach(skel, cgroup);
		if (link < 0) {
			fprintf(stderr, "%s\n", egress__error(skel));
			return link;
		}
		err = bpf_pin(BPF_OBJ_PIN, link_pin, link);
	}
	if (err)
		fprintf(stderr, "%s: %s\n", link_pin, strerror(-err));
	return err;
}

int main(int argc, char **argv)
{
	struct egress *skel;
	bool last = false;
	struct stat st;
	int opt, cgroup, err = -1;

	while ((opt = getopt_long(argc, argv, "rd:h", options, NULL)) >= 0) {
		if (opt == 'r')
			last = true;
		else
			common_option(opt, usage);
	}
	if (optind + 1 != argc)
		end_with(usage, 0);

	cgroup = open(argv[optind], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0 || fstat(cgroup, &st)) {
		perror(argv[optind]);
		return 1;
	}
	snprintf(pins, sizeof(pins), "/sys/fs/bpf/egress-%llu", (unsigned long long)st.st_ino);
	snprintf(map_pin, sizeof(map_pin), "%s/traffic", pins);
	snprintf(link_pin, sizeof(link_pin), "%s/link", pins);
	if (mkdir(pins, 0700) && errno != EEXIST) {
		perror(pins);
		return 1;
	}

	skel = egress__open();
	if (skel)
		skel->pin_dir = pins;
	if (!skel || egress__load(skel)) {
		fprintf(stderr, "%s\n%s", egress__error(NULL), egress__log(NULL));
		goto end;
	}
	err = take_over(skel, cgroup);
	if (err)
		goto end;

	begin();
	printf("Counting what %s sends; Ctrl-C ends it.\n", argv[optind]);
	while (!stopped && !last)
		usleep(100000);
	map_fd = skel->maps.traffic.map_fd;
	printf("%10s %14s  %s\n", "PACKETS", "BYTES", "CGROUP");
	nftw(argv[optind], show, 16, FTW_PHYS | FTW_MOUNT);
	if (last) {
		unlink(link_pin);
		unlink(map_pin);
	}
end:
	egress__destroy(skel);
	rmdir(pins);	/* if nothing is pinned in it */
	return err < 0;
}
