// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts system calls per process name. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "syscounts.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_COMMS);
	__type(key, struct comm);
	__type(value, __u64);
} calls SEC(".maps");

/* System calls that found the map full. */
__u64 lost;

/* The counter's own process, set before the program is loaded: what it calls to
 * read the map is not part of the picture.
 */
const volatile __u32 self;

SEC("raw_tp/sys_enter")
int count_call(void *ctx)
{
	struct comm key = {};
	__u64 zero = 0, *count;

	if (bpf_get_current_pid_tgid() >> 32 == self)
		return 0;
	bpf_get_current_comm(&key, sizeof(key));
	count = bpf_map_lookup_elem(&calls, &key);
	if (!count) {
		bpf_map_update_elem(&calls, &key, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&calls, &key);
	}
	__sync_fetch_and_add(count ?: &lost, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
