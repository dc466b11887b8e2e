// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Subprograms of all kinds, in an order that only following the calls gives */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int counter = 3;

static __noinline int leaf(int x)
{
	return x * counter;
}

__noinline int global(int x)
{
	return leaf(x) + 1;
}

__hidden __noinline int hidden(int x)
{
	return leaf(x) - 1;
}

__weak __noinline int weak(int x)
{
	return global(x) ^ x;
}

__noinline int not_called(int x)
{
	return weak(x);
}

SEC("tc") int one(struct __sk_buff *skb)
{
	return weak(skb->len) + hidden(skb->mark);
}

SEC("tc") int two(struct __sk_buff *skb)
{
	return hidden(skb->len) + leaf(2) + weak(skb->mark);
}

SEC("xdp") int three(struct xdp_md *xdp)
{
	return global(xdp->ingress_ifindex);
}

char _license[] SEC("license") = "GPL";
