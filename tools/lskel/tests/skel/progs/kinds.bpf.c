// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs that need to be told where to attach, or cannot be attached */
#include "progs.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

__u64 packets, lookups, hits, elements;

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	packets++;
	return 1;
}

SEC("sk_lookup")
int lookup(struct bpf_sk_lookup *ctx)
{
	lookups++;
	return SK_PASS;
}

SEC("xdp")
int receive(struct xdp_md *ctx)
{
	packets++;
	return XDP_PASS;
}

SEC("raw_tp")
int anywhere(void *ctx)
{
	hits++;
	return 0;
}

struct bpf_iter_meta;
struct bpf_map;
struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
};

SEC("iter/bpf_map_elem")
int walk(struct bpf_iter__bpf_map_elem *ctx)
{
	if (ctx->key)
		elements++;
	return 0;
}

SEC("lwt_in")
int route(struct __sk_buff *skb)
{
	return 0;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	return 0;
}

SEC("raw_tp/sys_enter")
int attachable(void *ctx)
{
	hits++;
	return 0;
}
