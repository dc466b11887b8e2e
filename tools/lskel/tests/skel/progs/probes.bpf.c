// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Probes of functions in the kernel and in the test itself */
#include "progs.h"
#include <linux/ptrace.h>

int pid;
__u64 hits, anyone;
long returned;

static __always_inline int hit(void)
{
	if (IS_MINE)
		hits++;
	return 0;
}

static __always_inline int hit_return(void *ctx)
{
	if (IS_MINE)
		returned = RETURNED(ctx);
	return hit();
}

SEC("kprobe/" TARGET "+0x0")
int kernel(void *ctx)
{
	return hit();
}

SEC("kretprobe/" TARGET)
int kernel_return(void *ctx)
{
	return hit_return(ctx);
}

SEC("kprobe")
int kernel_any(void *ctx)
{
	return hit();
}

SEC("ksyscall/getpgid")
int call(void *ctx)
{
	return hit();
}

SEC("kretsyscall/getpgid")
int call_return(void *ctx)
{
	return hit_return(ctx);
}

SEC("uprobe//proc/self/exe:probed_function")
int user(void *ctx)
{
	return hit();
}

SEC("uretprobe//proc/self/exe:probed_function")
int user_return(void *ctx)
{
	return hit_return(ctx);
}

SEC("uprobe/libc.so.6:getgroups")
int library(void *ctx)
{
	return hit();
}

SEC("uprobe")
int user_any(void *ctx)
{
	anyone++;
	return 0;
}
