// SPDX-License-Identifier: GPL-2.0-only
/* Map operations around a read of user memory that may have to wait. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "syscall_sleep.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} lru SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");

static __always_inline long add(void *map, __u32 key, __u64 value)
{
	return bpf_map_update_elem(map, &key, &value, BPF_ANY);
}

static __always_inline __u64 get(void *map, __u32 key)
{
	__u64 *value = bpf_map_lookup_elem(map, &key);

	return value ? *value : 0;
}

SEC("syscall")
int sleep_between(struct sleep_args *args)
{
	__u64 bytes = 0;
	__u32 key = 1;

	args->before = add(&hash, 1, 10) ?: add(&hash, 2, 20) ?:
		       add(&lru, 1, 30) ?: add(&array, 1, 40);
	args->copied = bpf_copy_from_user(&bytes, sizeof(bytes),
					  (void *)args->user);
	args->bytes = bytes;
	args->sum = get(&hash, 1) + get(&hash, 2) + get(&lru, 1) +
		    get(&array, 1);
	args->after = bpf_map_delete_elem(&hash, &key) ?: add(&hash, 3, 50);
	args->gone = get(&hash, 1);
	return 0;
}

char _license[] SEC("license") = "GPL";
