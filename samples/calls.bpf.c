// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reports calls of a function in a program or library. */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "calls.h"

/* Threads in the function, in their latest call of it */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct call);
} begun SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} calls SEC(".maps");

/* Whether the first argument is a string */
const volatile bool text;

__u64 lost;

SEC("uprobe")
int BPF_KPROBE(begin_call, __u64 first, __u64 second, __u64 third)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call call = {
		.pid = thread >> 32,
		.thread = thread,
		.args = { first, second, third },
		.begin = bpf_ktime_get_ns(),
	};

	bpf_get_current_comm(call.comm, sizeof(call.comm));
	if (text)
		bpf_probe_read_user_str(call.text, sizeof(call.text), (void *)first);
	if (bpf_map_update_elem(&begun, &thread, &call, BPF_ANY))
		__sync_fetch_and_add(&lost, 1);
	return 0;
}

SEC("uretprobe")
int BPF_KRETPROBE(end_call, __s64 result)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&begun, &thread);

	if (!call)
		return 0;
	call->result = result;
	call->end = bpf_ktime_get_ns();
	if (bpf_ringbuf_output(&calls, call, sizeof(*call), 0))
		__sync_fetch_and_add(&lost, 1);
	bpf_map_delete_elem(&begun, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
