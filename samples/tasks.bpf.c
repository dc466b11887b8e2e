// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lists processes, in text. */
#include <stdbool.h>

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

/* What we need of the kernel's types; where it is, is found out at the load. */
struct cred {
	struct {
		__u32 val;
	} uid;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid, tgid, exit_state;
	unsigned int __state;
	const struct cred *cred;
	struct task_struct *real_parent;
	void *mm;
	char comm[16];
} __attribute__((preserve_access_index));

/* The same before 5.14; what is behind ___ is not part of the name. */
struct task_struct___state {
	long state;
} __attribute__((preserve_access_index));

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id, seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#define ANY_UID ((__u32)-1)

const volatile bool threads, kernel;
const volatile __u32 uid = ANY_UID;

/* As ps(1) has them: the lowest bit says what the task waits for. */
static __always_inline char state_of(struct task_struct *task)
{
	struct task_struct___state *before = (void *)task;
	__u32 state = task->exit_state;

	if (bpf_core_field_exists(before->state))
		state |= before->state;
	else
		state |= task->__state;
	if (state == 0x402)	/* TASK_IDLE */
		return 'I';
	return !state ? 'R' : state & 1 ? 'S' : state & 2 ? 'D' : state & 4 ? 'T' :
	       state & 8 ? 't' : state & 0x10 ? 'X' : state & 0x20 ? 'Z' : '?';
}

SEC("iter/task")
int list_task(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	char state[2] = {};	/* before 5.13 there is no %c */

	if (!task)		/* the end */
		return 0;
	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "    PID     TID  PARENT    UID S COMMAND\n");
	if ((!threads && task->pid != task->tgid) || (!kernel && !task->mm) ||
	    (uid != ANY_UID && task->cred->uid.val != uid))
		return 0;
	state[0] = state_of(task);
	BPF_SEQ_PRINTF(seq, "%7d %7d %7d %6u %s %s\n", task->tgid, task->pid,
		       task->real_parent->tgid, task->cred->uid.val, state, task->comm);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
