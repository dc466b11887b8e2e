// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A member that no kernel has */
#include "progs.h"

struct task_struct {
	int lskel_no_such_member;
} __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter")
int prog(struct task_struct *task)
{
	return (long)&task->lskel_no_such_member;
}
