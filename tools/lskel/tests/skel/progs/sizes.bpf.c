// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the machine or the user decides */
#include "progs.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 5000);
} ring SEC(".maps");

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

struct pair {
	char tag;
	__u64 number;
	struct {
		__u16 low : 3, high : 5;
	};
	union {
		__u32 word;
		__u8 bytes[4];
	};
};

typedef struct {
	__u32 x, y;
} point_t;

__s32 set_data = 1;
struct pair pair = { 'p', 5 };
int matrix[2][3] = { { 1 } };
point_t points[2] = { { 1, 2 }, { 3, 4 } };
enum color { RED, GREEN } color = GREEN;
void *pointer = (void *)8;
_Bool flag = 1;
double real = 1.5;
const volatile __u64 set_rodata = 0;
__u64 set_bss;
char big_bss[100000];
__u64 at_the_end;
__u32 custom SEC(".data.custom") = 9;
const __u32 fixed SEC(".rodata.fixed") = 11;

struct seen {
	__u64 data, bss, rodata, number, low, high, word, custom, fixed, far;
	__u64 events, ring, table;
};

SEC("syscall")
int look(struct seen *ctx)
{
	ctx->data = set_data;
	ctx->bss = set_bss;
	ctx->rodata = set_rodata;
	ctx->number = pair.number;
	ctx->low = pair.low;
	ctx->high = pair.high;
	ctx->word = pair.word;
	ctx->custom = custom;
	ctx->fixed = *(volatile const __u32 *)&fixed;
	ctx->far = big_bss[99999];
	set_data++;
	pair.number++;
	points[1].y = matrix[1][2];
	at_the_end = 1;
	return bpf_map_lookup_elem(&table, &set_data) != 0;
}

SEC("raw_tp/sys_enter")
int emit(void *ctx)
{
	__u64 *place = bpf_ringbuf_reserve(&ring, 8, 0);

	if (place)
		bpf_ringbuf_discard(place, 0);
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &set_bss, 8);
}
