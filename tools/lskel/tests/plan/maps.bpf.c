// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps of every kind that makes a difference to the plan */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

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
	.values = { [0] = &first, [3] = &second },
};

struct pair {
	__u64 a, b;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 128);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, struct pair);
} pinned SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} one_per_cpu SEC(".maps");

int tail(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__array(values, int (struct xdp_md *));
} calls SEC(".maps") = {
	.values = { [7] = tail },
};

int data = 1;
int bss;
const volatile int rodata = 2;
const volatile long zero;

SEC("xdp")
int main_program(struct xdp_md *ctx)
{
	bss = data + rodata + zero;
	bpf_tail_call(ctx, &calls, 7);
	return XDP_PASS;
}

SEC("?xdp")
int tail(struct xdp_md *ctx)
{
	__u32 key = 0;

	bpf_map_lookup_elem(&pinned, &key);
	bpf_map_lookup_elem(&outer, &key);
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
