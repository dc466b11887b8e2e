// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A type of map that 5.10 does not know */
#include "progs.h"

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 16);
	__type(value, __u32);
} seen SEC(".maps");

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	__u32 value = 1;

	return bpf_map_peek_elem(&seen, &value);
}
