// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// ours: -DLEGACY
// options: --type classify=tc --type ?probe=?kprobe/do_exit
/* What libbpf 1.0 dropped: maps in section "maps", names of sections */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef LEGACY
#define TC	SEC("classify")
#define KPROBE	SEC("?probe")

struct bpf_map_def {
	__u32 type, key_size, value_size, max_entries, map_flags, more;
};

struct bpf_map_def hash SEC("maps") = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = 4,
	.value_size = 8,
	.max_entries = 16,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def events SEC("maps") = {
	.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	.key_size = 4,
	.value_size = 4,
};
#else
#define TC	SEC("tc")
#define KPROBE	SEC("?kprobe/do_exit")

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(key_size, 4);
	__uint(value_size, 8);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");
#endif

TC int prog(struct __sk_buff *skb)
{
	__u32 key = 0;

	bpf_perf_event_output(skb, &events, 0, &key, sizeof(key));
	return !bpf_map_lookup_elem(&hash, &key);
}

KPROBE int probe(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
