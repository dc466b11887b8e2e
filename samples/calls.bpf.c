// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reports calls of a function in a program or library, or its passing a static
 * probe (USDT).
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>
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
		.nr_args = ARGS,
		.is_function = true,
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

/* Instead of these two. Which registers or memory the arguments are in, the file
 * says, and the skeleton has told the maps of usdt.bpf.h.
 */
SEC("?usdt")
int pass_probe(struct pt_regs *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call call = { .pid = thread >> 32, .thread = thread };
	long value;
	int i;

#pragma unroll
	for (i = 0; i < ARGS; i++)
		if (!bpf_usdt_arg(ctx, i, &value)) {
			call.args[i] = value;
			call.nr_args = i + 1;
		}
	bpf_get_current_comm(call.comm, sizeof(call.comm));
	if (text)
		bpf_probe_read_user_str(call.text, sizeof(call.text), (void *)call.args[0]);
	if (bpf_ringbuf_output(&calls, &call, sizeof(call), 0))
		__sync_fetch_and_add(&lost, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
