// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs of sockets, and of maps of them */
#include "progs.h"

MAP(peers, BPF_MAP_TYPE_SOCKMAP, 2, __u32, __u64);

__u64 hits;

SEC("socket")
int filter(struct __sk_buff *skb)
{
	hits++;
	return -1;
}

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *ctx)
{
	hits++;
	return SK_PASS;
}

SEC("sk_msg")
int message(struct sk_msg_md *ctx)
{
	hits++;
	return SK_PASS;
}

SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb)
{
	hits++;
	return SK_PASS;
}

SEC("sk_skb")
int parse(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("?lirc_mode2")
int infrared(unsigned int *sample)
{
	hits++;
	return 0;
}
