// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the kernel finds by its types */
#include "progs.h"

int pid;
__u64 hits;

static __always_inline int hit(void)
{
	if (IS_MINE)
		hits++;
	return 0;
}

SEC("tp_btf/sys_enter")
int raw(void *ctx)
{
	return hit();
}

SEC("fentry/" TARGET)
int entry(void *ctx)
{
	return hit();
}

SEC("fexit/" TARGET)
int leave(void *ctx)
{
	return hit();
}

SEC("fmod_ret/security_task_getpgid")
int change(void *ctx)
{
	return hit();
}

SEC("lsm/task_getpgid")
int decide(void *ctx)
{
	return hit();
}
