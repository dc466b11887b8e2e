// SPDX-License-Identifier: GPL-2.0-only
/* An iterator over tasks that writes their thread ids. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("iter/task")
int tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u32 tid;

	if (!task)
		return 0;
	tid = task->pid;
	bpf_seq_write(ctx->meta->seq, &tid, sizeof(tid));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
