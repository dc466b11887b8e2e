// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kinds of types that 5.10 does not know */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __tag(x)	__attribute__((btf_decl_tag(x)))
#define __type_tag(x)	__attribute__((btf_type_tag(x)))

struct tagged {
	int member __tag("member tag");
	int __type_tag("user") *pointer;
	double number;
	float numbers[2];
} __tag("a struct");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct tagged);
	__uint(max_entries, 1);
} map SEC(".maps");

struct tagged variable __tag("variable");

__noinline int global(int x __tag("argument"))
{
	return x + variable.member;
}

SEC("tc") int prog(struct __sk_buff *skb)
{
	__u32 key = skb->mark;

	return global(skb->len) + !bpf_map_lookup_elem(&map, &key);
}

char _license[] SEC("license") = "GPL";
