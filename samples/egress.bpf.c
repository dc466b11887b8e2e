// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts what cgroups send. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "egress.h"

/* By the id of the cgroup. It is pinned: who loads the program again goes on with
 * the same counters.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u64);
	__type(value, struct traffic);
} traffic SEC(".maps");

SEC("cgroup_skb/egress")
int count_egress(struct __sk_buff *skb)
{
	__u64 id = bpf_skb_cgroup_id(skb);
	struct traffic *sent, none = {};

	sent = bpf_map_lookup_elem(&traffic, &id);
	if (!sent) {
		bpf_map_update_elem(&traffic, &id, &none, BPF_NOEXIST);
		sent = bpf_map_lookup_elem(&traffic, &id);
	}
	if (sent) {
		__sync_fetch_and_add(&sent->packets, 1);
		__sync_fetch_and_add(&sent->bytes, skb->len);
	}
	return 1;	/* let it pass */
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
