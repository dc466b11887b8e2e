// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section raw_tp/sys_enter+0x0 symbol prog: needs CO-RE, which is not supported yet
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter") int prog(struct task_struct *task)
{
	return task->pid;
}
