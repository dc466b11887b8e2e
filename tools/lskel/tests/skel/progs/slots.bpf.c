// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Slots of prog arrays and of maps in maps, filled by whoever loads the object */
#include "progs.h"

const volatile __u32 pid;
__u64 tails;

int tail(void *ctx);
int optional_tail(void *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 3);
	__uint(key_size, 4);
	__array(values, int (void *));
} table SEC(".maps") = {
	.values = { [1] = (void *)&tail, [2] = (void *)&optional_tail },
};

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = { [3] = &second },
};

SEC("raw_tp")
int tail(void *ctx)
{
	tails++;
	return 0;
}

SEC("?raw_tp")
int optional_tail(void *ctx)
{
	tails += 100;
	return 0;
}

SEC("raw_tp/sys_enter")
int call(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 key = 3, zero = 0;
	__u64 one = 1;
	void *inner;

	if (!IS_MINE || ctx->args[1] != 121)
		return 0;
	inner = bpf_map_lookup_elem(&outer, &key);
	if (inner)
		bpf_map_update_elem(inner, &zero, &one, BPF_ANY);
	bpf_tail_call(ctx, &table, 1);
	return 0;
}
