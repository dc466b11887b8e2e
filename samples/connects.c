// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shows TCP connections as they are begun: by fentry, which is cheaper, or by a
 * kprobe where the kernel has none.
 */
#include <arpa/inet.h>

#include "tool.h"
#include "connects.h"
#include "connects.lskel.h"
#include "rings.h"

static const char usage[] =
	"usage: connects [OPTION...]\n"
	"Show TCP connections as processes begin them.\n\n"
	"  -P, --port=PORT      only those to this port\n"
	"  -v, --via=HOW        by fentry or kprobe (whichever works, in this order)\n"
	"  -n, --count=N        end after N connections\n"
	"  -d, --duration=SEC   end after SEC seconds\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "port", required_argument, NULL, 'P' },
	{ "via", required_argument, NULL, 'v' },
	{ "count", required_argument, NULL, 'n' },
	END_OPTIONS
};

static int show(void *ctx, const void *data, size_t size)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
	const struct connect *connect = data;

	(void)ctx;
	(void)size;
	inet_ntop(connect->family, connect->from, from, sizeof(from));
	inet_ntop(connect->family, connect->to, to, sizeof(to));
	printf("%-16.16s %7u  %s %u -> %s %u\n", connect->comm, connect->pid,
	       from, connect->from_port, to, connect->to_port);
	return shown();
}

/* A skeleton with one of its programs loaded and attached, or NULL */
static struct connects *trace(bool fentry, unsigned int port)
{
	struct connects *skel = connects__open();

	if (!skel)
		return NULL;
	skel->rodata->port = port;
	skel->progs.by_fentry.autoload = fentry;
	skel->progs.by_kprobe.autoload = !fentry;
	if (!connects__load(skel) && !connects__attach(skel))
		return skel;
	connects__destroy(skel);
	return NULL;
}

int main(int argc, char **argv)
{
	struct lskel_rings *rings = NULL;
	struct connects *skel = NULL;
	unsigned int port = 0;
	const char *via = NULL;
	int opt, err = -1;

	while ((opt = getopt_long(argc, argv, "P:v:n:d:h", options, NULL)) >= 0) {
		if (opt == 'P')
			port = number(optarg);
		else if (opt == 'v')
			via = optarg;
		else
			common_option(opt, usage);
	}
	if (optind < argc || port > 65535 ||
	    (via && strcmp(via, "fentry") && strcmp(via, "kprobe")))
		end_with(usage, 0);

	if (!via || !strcmp(via, "fentry"))
		skel = trace(true, port);
	if (!skel && (!via || !strcmp(via, "kprobe")))
		skel = trace(false, port);
	if (!skel)
		goto end;
	rings = lskel_rings_open();
	if (!rings || lskel_ringbuf_add(rings, skel->maps.connects.map_fd, show, NULL))
		goto end;

	begin();
	printf("%-16s %7s  %s\n", "COMMAND", "PID",
	       skel->progs.by_fentry.autoload ? "CONNECTION (fentry)" : "CONNECTION (kprobe)");
	err = show_records(rings);
	if (skel->bss->lost)
		fprintf(stderr, "connects: %llu connections are not shown\n",
			(unsigned long long)skel->bss->lost);
end:
	if (err)
		fprintf(stderr, "%s\n%s", connects__error(NULL), connects__log(NULL));
	lskel_rings_close(rings);
	connects__destroy(skel);
	return !!err;
}
