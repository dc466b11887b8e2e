// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Many functions of the kernel at once */
#include "progs.h"
#include <linux/ptrace.h>

int pid;
__u64 hits, returns, any_hits, cookies;
long returned;

extern const _Bool LINUX_HAS_BPF_COOKIE __kconfig;

SEC("kprobe.multi/__x64_sys_getp?id")
int calls(void *ctx)
{
	if (IS_MINE)
		hits++;
	return 0;
}

SEC("kretprobe.multi/__x64_sys_getp*id")
int call_returns(void *ctx)
{
	if (!IS_MINE)
		return 0;
	returns++;
	returned = RETURNED(ctx);
	return 0;
}

SEC("kprobe.multi")
int any(void *ctx)
{
	if (!IS_MINE)
		return 0;
	any_hits++;
	if (LINUX_HAS_BPF_COOKIE)
		cookies = cookies * 10 + bpf_get_attach_cookie(ctx);
	return 0;
}
