// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The verifier refuses the second of three programs, with much to say */
#include "progs.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 1, __u32, __u64);

SEC("raw_tp/sys_enter")
int fine(void *ctx)
{
	return 0;
}

SEC("raw_tp/sys_exit")
int wrong(void *ctx)
{
	__u32 key = 0;
	__u64 *value;
	int i;

	#pragma clang loop unroll(full)
	for (i = 0; i < 400; i++) {
		value = bpf_map_lookup_elem(&table, &key);
		if (value)
			*value += i;
	}
	value = bpf_map_lookup_elem(&table, &key);
	return *value;
}

SEC("?raw_tp/sys_exit")
int late(void *ctx)
{
	return 0;
}
