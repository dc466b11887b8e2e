// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shows how long requests of block devices take: a raw tracepoint, CO-RE, and
 * histograms in variables that both sides see.
 */
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "tool.h"
#include "biolat.lskel.h"
#include "biolat.h"

#define BAR_WIDTH 40

static const char usage[] =
	"usage: biolat [OPTION...]\n"
	"Show how long requests of block devices take, from when they were made to\n"
	"when they were complete.\n\n"
	"  -D, --disk=FILE      only those of this disk, such as /dev/sda\n"
	"  -d, --duration=SEC   end after SEC seconds\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "disk", required_argument, NULL, 'D' },
	END_OPTIONS
};

static const char *const kinds[KINDS] = { "reads", "writes", "others" };

/* The number that the kernel has for a disk inside */
static __u32 disk_number(const char *file)
{
	struct stat st;

	if (stat(file, &st)) {
		perror(file);
		exit(1);
	}
	if (!S_ISBLK(st.st_mode)) {
		fprintf(stderr, "%s is no block device\n", file);
		exit(1);
	}
	return major(st.st_rdev) << 20 | minor(st.st_rdev);
}

static void show(const char *kind, const __u64 *slots)
{
	unsigned int slot, first = SLOTS, last = 0;
	unsigned long long total = 0, most = 0;

	for (slot = 0; slot < SLOTS; slot++) {
		if (!slots[slot])
			continue;
		total += slots[slot];
		if (slots[slot] > most)
			most = slots[slot];
		if (first == SLOTS)
			first = slot;
		last = slot;
	}
	if (!total)
		return;
	printf("\n%llu %s\n%23s %10s\n", total, kind, "microseconds", "requests");
	for (slot = first; slot <= last; slot++) {
		int width = slots[slot] * BAR_WIDTH / most;

		printf("%10u - %10u %10llu  %.*s\n", slot ? 1U << slot : 0, (2U << slot) - 1,
		       (unsigned long long)slots[slot], width,
		       "****************************************");
	}
}

int main(int argc, char **argv)
{
	unsigned int kind;
	__u32 disk = ANY_DISK;
	struct biolat *skel;
	int opt, err = -1;

	while ((opt = getopt_long(argc, argv, "D:d:h", options, NULL)) >= 0) {
		if (opt == 'D')
			disk = disk_number(optarg);
		else
			common_option(opt, usage);
	}
	if (optind < argc)
		end_with(usage, 0);

	skel = biolat__open();
	if (!skel)
		goto end;
	skel->rodata->disk = disk;
	if (biolat__load(skel) || biolat__attach(skel))
		goto end;

	begin();
	puts("Measuring; Ctrl-C ends it.");
	while (!stopped)
		usleep(100000);
	biolat__detach(skel);
	for (kind = 0; kind < KINDS; kind++)
		show(kinds[kind], skel->bss->slots[kind]);
	if (skel->bss->untimed)
		printf("\n%llu without a time, see /sys/block/*/queue/iostats\n",
		       (unsigned long long)skel->bss->untimed);
	err = 0;
end:
	if (err)
		fprintf(stderr, "%s\n%s", biolat__error(NULL), biolat__log(NULL));
	biolat__destroy(skel);
	return !!err;
}
