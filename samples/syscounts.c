// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shows which processes make the most system calls.
 *
 * The BPF program comes with its light skeleton: nothing but the C library is
 * needed to load it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "syscounts.h"
#include "syscounts.lskel.h"

#define TOP_ROWS 10
#define BAR_WIDTH 30

struct row {
	struct comm comm;
	__u64 calls;
};

static int map_next_key(int fd, const void *key, void *next)
{
	union bpf_attr attr = {
		.map_fd = fd,
		.key = (unsigned long)key,
		.next_key = (unsigned long)next,
	};

	return lskel_bpf(BPF_MAP_GET_NEXT_KEY, &attr, sizeof(attr));
}

static int map_lookup(int fd, const void *key, void *value)
{
	union bpf_attr attr = {
		.map_fd = fd,
		.key = (unsigned long)key,
		.value = (unsigned long)value,
	};

	return lskel_bpf(BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr));
}

static int by_calls(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->calls < y->calls) - (x->calls > y->calls);
}

static size_t read_rows(int fd, struct row *rows)
{
	const void *prev = NULL;
	size_t n = 0;

	while (n < MAX_COMMS && !map_next_key(fd, prev, &rows[n].comm)) {
		prev = &rows[n].comm;
		if (!map_lookup(fd, prev, &rows[n].calls))
			n++;
	}
	qsort(rows, n, sizeof(*rows), by_calls);
	return n;
}

static void print_table(const struct row *rows, size_t n, unsigned int seconds, __u64 lost)
{
	__u64 total = lost;
	size_t i;

	for (i = 0; i < n; i++)
		total += rows[i].calls;
	printf("%llu system calls of %zu processes (by name) in %u s\n\n",
	       total, n, seconds);
	printf("%-16s %10s %10s\n", "process", "calls", "per second");
	for (i = 0; i < n && i < TOP_ROWS; i++) {
		int width = rows[i].calls * BAR_WIDTH / rows[0].calls;

		printf("%-16.16s %10llu %10llu  %.*s\n", rows[i].comm.name,
		       rows[i].calls, rows[i].calls / seconds, width ?: 1,
		       "##############################");
	}
	if (lost)
		printf("%-16s %10llu\n", "(not counted)", lost);
}

int main(int argc, char **argv)
{
	struct row *rows = calloc(MAX_COMMS, sizeof(*rows));
	unsigned int seconds = 2;
	struct syscounts *skel;
	char *end = NULL;
	int status = 1;

	if (argc == 2) {
		seconds = strtoul(argv[1], &end, 10);
		if (*end)
			seconds = 0;
	}
	if (argc > 2 || !seconds || seconds > 3600) {
		fprintf(stderr, "usage: syscounts [SECONDS]\n");
		return 2;
	}
	skel = syscounts__open();
	if (!skel || !rows) {
		fprintf(stderr, "syscounts: out of memory\n");
		return 1;
	}
	skel->rodata->self = getpid();

	if (syscounts__load(skel) || syscounts__attach(skel)) {
		fprintf(stderr, "%s\n", syscounts__error(skel));
		goto destroy;
	}
	sleep(seconds);
	syscounts__detach(skel);

	print_table(rows, read_rows(skel->maps.calls.map_fd, rows), seconds, skel->bss->lost);
	status = 0;
destroy:
	syscounts__destroy(skel);
	free(rows);
	return status;
}
