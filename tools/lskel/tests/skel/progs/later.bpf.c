// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What kernels after 6.1 attach */
#include "progs.h"

__u64 packets;

SEC("tcx/ingress")
int in(struct __sk_buff *skb)
{
	packets++;
	return -1;	/* TCX_NEXT */
}

SEC("tcx/egress")
int out(struct __sk_buff *skb)
{
	packets++;
	return -1;
}

SEC("netkit/primary")
int primary(struct __sk_buff *skb)
{
	packets++;
	return -1;	/* NETKIT_NEXT */
}

SEC("netkit/peer")
int peer(struct __sk_buff *skb)
{
	packets++;
	return -1;
}

SEC("?netfilter")
int filter(void *ctx)
{
	packets++;
	return 1;	/* NF_ACCEPT */
}
