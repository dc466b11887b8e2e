// SPDX-License-Identifier: GPL-2.0-only
/* Maps in maps, with the slots filled by whoever loads the object. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} array_of_maps SEC(".maps") = {
	.values = { [1] = &first },
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 8);
	__type(key, __u32);
	__array(values, struct inner);
} hash_of_maps SEC(".maps") = {
	.values = { [5] = &second },
};

static __always_inline void count(void *outer, __u32 slot)
{
	__u32 zero = 0;
	__u64 *value;
	void *inner = bpf_map_lookup_elem(outer, &slot);

	value = inner ? bpf_map_lookup_elem(inner, &zero) : NULL;
	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("raw_tp/sys_enter")
int count_both(void *ctx)
{
	count(&array_of_maps, 1);
	count(&hash_of_maps, 5);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
