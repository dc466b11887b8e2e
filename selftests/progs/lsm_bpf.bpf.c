// SPDX-License-Identifier: GPL-2.0-only
/* Counts the commands of one task, and refuses those that a map names. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <asm/errno.h>

/* As many as there are commands, and the task in the last slot of denied */
#define COMMANDS	64
#define TASK		(COMMANDS - 1)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, COMMANDS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps"), denied SEC(".maps");

SEC("lsm/bpf")
int BPF_PROG(count, int cmd)
{
	__u32 key = cmd, slot = TASK;
	__u64 *task, *seen, *deny;

	task = bpf_map_lookup_elem(&denied, &slot);
	if (!task || bpf_get_current_pid_tgid() >> 32 != *task)
		return 0;
	seen = bpf_map_lookup_elem(&counts, &key);
	deny = bpf_map_lookup_elem(&denied, &key);
	if (key == TASK || !seen || !deny)
		return 0;
	__sync_fetch_and_add(seen, 1);
	return *deny ? -EPERM : 0;
}

char _license[] SEC("license") = "GPL";
