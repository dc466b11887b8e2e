// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The address of a function */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
} array SEC(".maps");

__noinline int twice(int x)
{
	return 2 * x;
}

static long first(void *map, __u32 *key, __u64 *value, void *ctx)
{
	return twice(*value) & 1;
}

static long second(void *map, __u32 *key, __u64 *value, void *ctx)
{
	*value = 0;
	return 0;
}

SEC("tc") int prog(struct __sk_buff *skb)
{
	return bpf_for_each_map_elem(&array, second, NULL, 0) +
	       bpf_for_each_map_elem(&array, first, NULL, 0);
}

char _license[] SEC("license") = "GPL";
