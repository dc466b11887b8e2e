// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shows files as they are opened: a kprobe and a kretprobe, filters in rodata,
 * and a ring buffer.
 */
#include "tool.h"
#include "opens.h"
#include "opens.lskel.h"
#include "rings.h"

static const char usage[] =
	"usage: opens [OPTION...]\n"
	"Show files as they are opened.\n\n"
	"  -p, --pid=PID        only by this process\n"
	"  -u, --uid=UID        only by this user\n"
	"  -f, --failed         only those that could not be opened\n"
	"  -n, --count=N        end after N files\n"
	"  -d, --duration=SEC   end after SEC seconds\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "pid", required_argument, NULL, 'p' },
	{ "uid", required_argument, NULL, 'u' },
	{ "failed", no_argument, NULL, 'f' },
	{ "count", required_argument, NULL, 'n' },
	END_OPTIONS
};

static int show(void *ctx, const void *data, size_t size)
{
	const struct opened *opened = data;

	(void)ctx;
	(void)size;
	printf("%-16.16s %7u %6u ", opened->comm, opened->pid, opened->uid);
	if (opened->result < 0)
		printf("%4s  ", "-");
	else
		printf("%4d  ", opened->result);
	print_text(opened->file, strnlen(opened->file, sizeof(opened->file)));
	if (opened->result < 0)
		printf(": %s", strerror(-opened->result));
	putchar('\n');
	return shown();
}

int main(int argc, char **argv)
{
	unsigned int pid = ANY_ID, uid = ANY_ID;
	struct lskel_rings *rings = NULL;
	bool failed = false;
	struct opens *skel;
	int opt, err = -1;

	while ((opt = getopt_long(argc, argv, "p:u:fn:d:h", options, NULL)) >= 0) {
		if (opt == 'p')
			pid = number(optarg);
		else if (opt == 'u')
			uid = number(optarg);
		else if (opt == 'f')
			failed = true;
		else
			common_option(opt, usage);
	}
	if (optind < argc)
		end_with(usage, 0);

	skel = opens__open();
	if (!skel)
		goto end;
	skel->rodata->pid = pid;
	skel->rodata->uid = uid;
	skel->rodata->failed = failed;
	if (opens__load(skel) || opens__attach(skel))
		goto end;
	rings = lskel_rings_open();
	if (!rings || lskel_ringbuf_add(rings, skel->maps.opens.map_fd, show, NULL))
		goto end;

	begin();
	printf("%-16s %7s %6s %4s  %s\n", "COMMAND", "PID", "UID", "FD", "FILE");
	err = show_records(rings);
	if (skel->bss->lost)
		fprintf(stderr, "opens: %llu files are not shown\n",
			(unsigned long long)skel->bss->lost);
end:
	if (err)
		fprintf(stderr, "%s\n%s", opens__error(NULL), opens__log(NULL));
	lskel_rings_close(rings);
	opens__destroy(skel);
	return !!err;
}
