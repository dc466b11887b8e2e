// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts the packets of an interface by protocol, and reports some of them. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "xdpcount.h"

#define AF_INET 2
#define AF_INET6 10

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} samples SEC(".maps");

/* One packet in so many is reported; 0 for none. */
const volatile __u32 every;

__u64 packets[PROTOCOLS], bytes[PROTOCOLS], lost;

/* Numbers the packets. */
__u64 seen;

/* Fill in the addresses; returns the protocol. */
static __always_inline __u32 parse(struct sample *sample, void *data, void *end)
{
	struct ethhdr *eth = data;
	struct ipv6hdr *ip6 = (void *)(eth + 1);
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > end)
		return NOT_IP;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		sample->family = AF_INET;
		__builtin_memcpy(sample->from, &ip->saddr, sizeof(ip->saddr));
		__builtin_memcpy(sample->to, &ip->daddr, sizeof(ip->daddr));
		return ip->protocol;
	}
	if (eth->h_proto == bpf_htons(ETH_P_IPV6) && (void *)(ip6 + 1) <= end) {
		sample->family = AF_INET6;
		__builtin_memcpy(sample->from, &ip6->saddr, sizeof(ip6->saddr));
		__builtin_memcpy(sample->to, &ip6->daddr, sizeof(ip6->daddr));
		return ip6->nexthdr;
	}
	return NOT_IP;
}

SEC("xdp")
int count_packet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct sample sample = { .size = end - data };
	__u32 protocol = parse(&sample, data, end);

	sample.protocol = protocol;
	__sync_fetch_and_add(&packets[protocol], 1);
	__sync_fetch_and_add(&bytes[protocol], sample.size);

	/* Processors may read the same number. A sample more or less does no harm. */
	__sync_fetch_and_add(&seen, 1);
	if (every && seen % every == 0 &&
	    bpf_ringbuf_output(&samples, &sample, sizeof(sample), 0))
		__sync_fetch_and_add(&lost, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
