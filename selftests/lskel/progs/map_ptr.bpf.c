// SPDX-License-Identifier: GPL-2.0-only
/* A map reference used as a pointer to the kernel's struct bpf_map. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define MAP(name, map_type, entries, key, value)	\
struct {						\
	__uint(type, map_type);				\
	__uint(max_entries, entries);			\
	__uint(key_size, key);				\
	__uint(value_size, value);			\
} name SEC(".maps")

MAP(hash, BPF_MAP_TYPE_HASH, 11, 4, 8);
MAP(array, BPF_MAP_TYPE_ARRAY, 12, 4, 16);
MAP(percpu, BPF_MAP_TYPE_PERCPU_ARRAY, 13, 4, 24);
MAP(queue, BPF_MAP_TYPE_QUEUE, 14, 0, 32);
MAP(ringbuf, BPF_MAP_TYPE_RINGBUF, 4096, 0, 0);

/* Bit n is set when map n is what its definition says. */
__u32 seen;

static __always_inline void check(__u32 n, void *p, __u32 type, __u32 entries, __u32 value)
{
	struct bpf_map *map = p;

	if (map->map_type == type && map->max_entries == entries &&
	    map->value_size == value && map->id)
		seen |= 1 << n;
}

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	check(0, &hash, BPF_MAP_TYPE_HASH, 11, 8);
	check(1, &array, BPF_MAP_TYPE_ARRAY, 12, 16);
	check(2, &percpu, BPF_MAP_TYPE_PERCPU_ARRAY, 13, 24);
	check(3, &queue, BPF_MAP_TYPE_QUEUE, 14, 32);
	check(4, &ringbuf, BPF_MAP_TYPE_RINGBUF, 4096, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
