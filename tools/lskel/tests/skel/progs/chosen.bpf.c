// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps that the user may bring along, or do without */
#include "progs.h"

MAP(shared, BPF_MAP_TYPE_HASH, 16, __u32, __u64);
MAP(wanted, BPF_MAP_TYPE_ARRAY, 1, __u32, __u64);
MAP(late_only, BPF_MAP_TYPE_ARRAY, 1, __u32, __u64);
MAP(unused, BPF_MAP_TYPE_ARRAY, 1, __u32, __u64);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

const volatile _Bool use_wanted = 1;
__u64 runs, step = 1;

SEC("syscall")
int bump(void *ctx)
{
	__u64 one = 1, *value;
	__u32 key = 7;

	value = bpf_map_lookup_elem(&shared, &key);
	if (value)
		++*value;
	else
		bpf_map_update_elem(&shared, &key, &one, BPF_ANY);
	runs += step;
	if (use_wanted) {
		key = 0;
		value = bpf_map_lookup_elem(&wanted, &key);
		if (value)
			++*value;
	}
	return 0;
}

SEC("?syscall")
int late(void *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&late_only, &key);

	return value ? ++*value : 0;
}

SEC("raw_tp/sys_enter")
int record(void *ctx)
{
	__u64 *place = bpf_ringbuf_reserve(&ring, 8, 0);

	if (place)
		bpf_ringbuf_discard(place, 0);
	return 0;
}
