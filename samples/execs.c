// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shows programs as they are executed: a tracepoint and a perf buffer. */
#include "tool.h"
#include "execs.h"
#include "execs.lskel.h"
#include "rings.h"

#define PAGES 16	/* of the ring of each processor */

static const char usage[] =
	"usage: execs [OPTION...]\n"
	"Show programs as they are executed, with their arguments.\n\n"
	"  -u, --uid=UID        only those of this user\n"
	"  -n, --count=N        end after N programs\n"
	"  -d, --duration=SEC   end after SEC seconds\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "uid", required_argument, NULL, 'u' },
	{ "count", required_argument, NULL, 'n' },
	END_OPTIONS
};

/* @size may be more than was written, as the kernel rounds it up. */
static int show(void *ctx, const void *data, size_t size)
{
	const struct exec *exec = data;
	bool cut = exec->args_size > ARGS_MAX;

	(void)ctx;
	(void)size;
	printf("%-16.16s %7u %7u %6u  ", exec->comm, exec->pid, exec->ppid, exec->uid);
	print_text(exec->args, cut ? ARGS_MAX : exec->args_size - !!exec->args_size);
	puts(cut ? "..." : "");
	return shown();
}

static void show_lost(void *ctx, int cpu, __u64 records)
{
	(void)ctx;
	printf("(%llu lost on processor %d)\n", (unsigned long long)records, cpu);
}

int main(int argc, char **argv)
{
	unsigned int uid = ANY_UID;
	struct lskel_rings *rings = NULL;
	struct execs *skel;
	int opt, err = -1;

	while ((opt = getopt_long(argc, argv, "u:n:d:h", options, NULL)) >= 0) {
		if (opt == 'u')
			uid = number(optarg);
		else
			common_option(opt, usage);
	}
	if (optind < argc)
		end_with(usage, 0);

	skel = execs__open();
	if (!skel)
		goto end;
	skel->rodata->uid = uid;
	if (execs__load(skel) || execs__attach(skel))
		goto end;
	rings = lskel_rings_open();
	if (!rings || lskel_perfbuf_add(rings, skel->maps.execs.map_fd, PAGES,
					show, show_lost, NULL))
		goto end;

	begin();
	printf("%-16s %7s %7s %6s  %s\n", "COMMAND", "PID", "PARENT", "UID", "ARGUMENTS");
	err = show_records(rings);
end:
	if (err)
		fprintf(stderr, "%s\n%s", execs__error(NULL), execs__log(NULL));
	lskel_rings_close(rings);
	execs__destroy(skel);
	return !!err;
}
