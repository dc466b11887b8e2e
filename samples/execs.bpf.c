// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reports every program that is executed. */
#include <stddef.h>

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "execs.h"

/* What we need of the kernel's types; where it is, is found out at the load. */
struct mm_struct {
	unsigned long arg_start, arg_end;
} __attribute__((preserve_access_index));

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
	struct mm_struct *mm;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} execs SEC(".maps");

const volatile __u32 uid = ANY_UID;

SEC("tp/sched/sched_process_exec")
int report_exec(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct exec exec = { .uid = bpf_get_current_uid_gid() };
	unsigned long args, size;

	if (uid != ANY_UID && exec.uid != uid)
		return 0;
	exec.pid = bpf_get_current_pid_tgid() >> 32;
	exec.ppid = BPF_CORE_READ(task, real_parent, tgid);
	bpf_get_current_comm(exec.comm, sizeof(exec.comm));

	args = BPF_CORE_READ(task, mm, arg_start);
	size = BPF_CORE_READ(task, mm, arg_end) - args;
	exec.args_size = size;
	if (size > ARGS_MAX)
		size = ARGS_MAX;
	bpf_probe_read_user(exec.args, size, (void *)args);
	bpf_perf_event_output(ctx, &execs, BPF_F_CURRENT_CPU, &exec,
			      offsetof(struct exec, args) + size);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
