// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A map that outlives the skeleton */
#include "progs.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} kept SEC(".maps"), also_kept SEC(".maps");

MAP(private, BPF_MAP_TYPE_ARRAY, 1, __u32, __u64);

SEC("syscall")
int bump(void *ctx)
{
	__u64 *value;
	__u32 key = 2;

	value = bpf_map_lookup_elem(&kept, &key);
	return value ? ++*value : 0;
}
