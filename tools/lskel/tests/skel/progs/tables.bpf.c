// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps of many kinds, and a program that costs something */
#include "progs.h"

struct odd {
	__u32 words[3];
};

MAP(many, BPF_MAP_TYPE_HASH, 5000, __u32, __u64);
MAP(array, BPF_MAP_TYPE_ARRAY, 10, __u32, struct odd);
MAP(each_cpu, BPF_MAP_TYPE_PERCPU_HASH, 100, __u32, struct odd);
MAP(each_cpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, 7, __u32, __u32);
MAP(large, BPF_MAP_TYPE_HASH, 100, __u64, char[5000]);

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} inner SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} with_holes SEC(".maps") = {
	.values = { [1] = &inner, [3] = &inner },
};

struct prefix {
	__u32 bits;
	__u8 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 100);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, __u32);
} prefixes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("raw_tp/sys_enter")
int idle(void *ctx)
{
	return 0;
}
