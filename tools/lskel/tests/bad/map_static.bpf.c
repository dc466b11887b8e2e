// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x0 symbol map: a static map is not supported
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} map SEC(".maps");

SEC("tc") int prog(void *ctx)
{
	__u32 key = 0;

	return !bpf_map_lookup_elem(&map, &key);
}
