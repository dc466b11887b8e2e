// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs of interfaces, cgroups and network namespaces */
#include "progs.h"

__u64 packets, sockets, connections, dissected;

SEC("xdp")
int receive(struct xdp_md *ctx)
{
	packets++;
	return XDP_PASS;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	packets++;
	return 0;
}

SEC("action")
int act(struct __sk_buff *skb)
{
	packets++;
	return 0;
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	packets++;
	return 1;
}

SEC("cgroup/skb")
int either_way(struct __sk_buff *skb)
{
	packets++;
	return 1;
}

SEC("cgroup/sock_create")
int create(struct bpf_sock *ctx)
{
	sockets++;
	return 1;
}

SEC("sockops")
int connection(struct bpf_sock_ops *ctx)
{
	connections++;
	return 1;
}

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	dissected++;
	return BPF_OK;
}

SEC("sk_lookup")
int lookup(struct bpf_sk_lookup *ctx)
{
	sockets++;
	return SK_PASS;
}
