// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts the packets that an interface receives: XDP, counters in variables that
 * both sides see, and a ring buffer.
 */
#include <arpa/inet.h>
#include <net/if.h>

#include "tool.h"
#include "xdpcount.h"
#include "xdpcount.lskel.h"
#include "rings.h"

static const char usage[] =
	"usage: xdpcount [OPTION...] INTERFACE\n"
	"Count the packets that INTERFACE receives, by protocol.\n\n"
	"  -s, --sample=N       show one packet in N as they come\n"
	"  -d, --duration=SEC   end after SEC seconds\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "sample", required_argument, NULL, 's' },
	END_OPTIONS
};

static const char *name(unsigned int protocol)
{
	static char other[16];

	switch (protocol) {
	case IPPROTO_ICMP:
		return "ICMP";
	case IPPROTO_ICMPV6:
		return "ICMPv6";
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case NOT_IP:
		return "not IP";
	}
	snprintf(other, sizeof(other), "IP %u", protocol);
	return other;
}

static int show(void *ctx, const void *data, size_t size)
{
	char from[INET6_ADDRSTRLEN] = "", to[INET6_ADDRSTRLEN] = "";
	const struct sample *sample = data;

	(void)ctx;
	(void)size;
	if (sample->family) {
		inet_ntop(sample->family, sample->from, from, sizeof(from));
		inet_ntop(sample->family, sample->to, to, sizeof(to));
	}
	printf("%-8s %8u bytes  %s%s%s\n", name(sample->protocol), sample->size, from,
	       sample->family ? " -> " : "", to);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int every = 0, interface, i;
	struct lskel_rings *rings = NULL;
	struct xdpcount *skel;
	int opt, err = -1;

	while ((opt = getopt_long(argc, argv, "s:d:h", options, NULL)) >= 0) {
		if (opt == 's')
			every = number(optarg);
		else
			common_option(opt, usage);
	}
	if (optind + 1 != argc)
		end_with(usage, 0);
	interface = if_nametoindex(argv[optind]);
	if (!interface) {
		perror(argv[optind]);
		return 1;
	}

	skel = xdpcount__open();
	if (!skel)
		goto end;
	skel->rodata->every = every;
	if (xdpcount__load(skel) || xdpcount__count_packet__attach(skel, interface) < 0)
		goto end;
	rings = lskel_rings_open();
	if (!rings || lskel_ringbuf_add(rings, skel->maps.samples.map_fd, show, NULL))
		goto end;

	begin();
	printf("Counting packets of %s; Ctrl-C ends it.\n", argv[optind]);
	err = show_records(rings);
	xdpcount__detach(skel);
	lskel_rings_consume(rings);

	printf("\n%-8s %12s %16s\n", "PROTOCOL", "PACKETS", "BYTES");
	for (i = 0; i < PROTOCOLS; i++)
		if (skel->bss->packets[i])
			printf("%-8s %12llu %16llu\n", name(i),
			       (unsigned long long)skel->bss->packets[i],
			       (unsigned long long)skel->bss->bytes[i]);
	if (skel->bss->lost)
		printf("%llu samples are not shown\n", (unsigned long long)skel->bss->lost);
end:
	if (err)
		fprintf(stderr, "%s\n%s", xdpcount__error(NULL), xdpcount__log(NULL));
	lskel_rings_close(rings);
	xdpcount__destroy(skel);
	return !!err;
}
