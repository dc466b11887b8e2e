// SPDX-License-Identifier: GPL-2.0-only
/* A raw tracepoint with typed arguments. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u32 parent, child;

SEC("tp_btf/task_newtask")
int BPF_PROG(newtask, struct task_struct *task, u64 clone_flags)
{
	if (bpf_get_current_pid_tgid() >> 32 == parent)
		child = task->pid;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
