// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Static slots: of a program array, and of maps of maps */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} inner1 SEC(".maps"), inner2 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(key_size, 4);
	__uint(max_entries, 8);
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = { [2] = &inner2, [5] = &inner1 },
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(key_size, 4);
	__uint(max_entries, 8);
	__array(values, struct inner);
} outer_hash SEC(".maps") = {
	.values = { &inner1 },
};

/* Without slots of its own, it may have types. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} empty SEC(".maps");

SEC("tc") int tail0(struct __sk_buff *skb);
SEC("tc") int tail1(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, 4);
	__uint(max_entries, 4);
	__array(values, int (struct __sk_buff *));
} tails SEC(".maps") = {
	.values = { [3] = &tail0, [1] = &tail1 },
};

SEC("tc") int prog(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &tails, 1);
	return 0;
}

SEC("tc") int tail0(struct __sk_buff *skb)
{
	return 0;
}

SEC("tc") int tail1(struct __sk_buff *skb)
{
	return 1;
}

char _license[] SEC("license") = "GPL";
