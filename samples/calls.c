// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shows calls of a function in a program or library, or that it passed a static
 * probe: uprobe, uretprobe and USDT, attached to what the user asks for.
 */
#include "tool.h"
#include "calls.h"
#include "calls.lskel.h"
#include "rings.h"

static const char usage[] =
	"usage: calls [OPTION...] FILE FUNCTION\n"
	"       calls [OPTION...] FILE PROVIDER:PROBE\n"
	"Show calls of FUNCTION in FILE, a program or library, as they return, such as\n"
	"calls libc.so.6 getaddrinfo; or when it passes a static probe (USDT). Before Linux\n"
	"5.15 that needs --pid, unless FILE is a program at a fixed address.\n\n"
	"  -p, --pid=PID        only by this process\n"
	"  -t, --text           show the first argument as a string\n"
	"  -n, --count=N        end after N calls\n"
	"  -d, --duration=SEC   end after SEC seconds\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "pid", required_argument, NULL, 'p' },
	{ "text", no_argument, NULL, 't' },
	{ "count", required_argument, NULL, 'n' },
	END_OPTIONS
};

/* @ctx: whether the first argument is a string */
static int show(void *ctx, const void *data, size_t size)
{
	const struct call *call = data;
	const bool *text = ctx;
	unsigned int i;

	(void)size;
	printf("%-16.16s %7u %7u ", call->comm, call->pid, call->thread);
	if (call->is_function)
		printf("%10llu  (", (unsigned long long)(call->end - call->begin) / 1000);
	else
		printf("%10s  (", "-");
	for (i = 0; i < call->nr_args; i++) {
		if (i)
			printf(", ");
		if (i || !*text) {
			printf("%#llx", (unsigned long long)call->args[i]);
			continue;
		}
		putchar('"');
		print_text(call->text, strnlen(call->text, sizeof(call->text)));
		putchar('"');
	}
	if (call->is_function)
		printf(") = %lld\n", (long long)call->result);
	else
		puts(")");
	return shown();
}

int main(int argc, char **argv)
{
	struct lskel_rings *rings = NULL;
	char *file, *function, *probe;
	bool text = false;
	struct calls *skel;
	int opt, pid = -1, err = -1;

	while ((opt = getopt_long(argc, argv, "p:tn:d:h", options, NULL)) >= 0) {
		if (opt == 'p')
			pid = number(optarg);
		else if (opt == 't')
			text = true;
		else
			common_option(opt, usage);
	}
	if (optind + 2 != argc)
		end_with(usage, 0);
	file = argv[optind];
	function = argv[optind + 1];
	probe = strchr(function, ':');
	if (probe)
		*probe++ = 0;

	skel = calls__open();
	if (!skel)
		goto end;
	skel->rodata->text = text;
	skel->progs.begin_call.autoload = skel->progs.end_call.autoload = !probe;
	skel->progs.pass_probe.autoload = probe;
	if (calls__load(skel))
		goto end;
	if (probe ? calls__pass_probe__attach(skel, pid, file, function, probe) < 0 :
		    calls__end_call__attach(skel, pid, file, function, 0) < 0 ||
		    calls__begin_call__attach(skel, pid, file, function, 0) < 0)
		goto end;
	rings = lskel_rings_open();
	if (!rings || lskel_ringbuf_add(rings, skel->maps.calls.map_fd, show, &text))
		goto end;

	begin();
	printf("%-16s %7s %7s %10s  %s\n", "COMMAND", "PID", "THREAD", "US", "CALL");
	err = show_records(rings);
	if (skel->bss->lost)
		fprintf(stderr, "calls: %llu calls are not shown\n",
			(unsigned long long)skel->bss->lost);
end:
	if (err)
		fprintf(stderr, "%s\n%s", calls__error(NULL), calls__log(NULL));
	lskel_rings_close(rings);
	calls__destroy(skel);
	return !!err;
}
