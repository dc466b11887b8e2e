// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Many functions of a file at once */
#include "progs.h"
#include <linux/ptrace.h>

__u64 hits, returns, any_hits, cookies;
long sum;

extern const _Bool LINUX_HAS_BPF_COOKIE __kconfig;

SEC("uprobe.multi//proc/self/exe:probed_t*")
int calls(void *ctx)
{
	hits++;
	return 0;
}

SEC("uretprobe.multi//proc/self/exe:probed_t??")
int call_returns(void *ctx)
{
	returns++;
	sum += RETURNED(ctx);
	return 0;
}

SEC("uprobe.multi")
int any(void *ctx)
{
	any_hits++;
	if (LINUX_HAS_BPF_COOKIE)
		cookies = cookies * 10 + bpf_get_attach_cookie(ctx);
	return 0;
}

SEC("?uprobe.multi.s//proc/self/exe:probed_t*")
int sleeps(void *ctx)
{
	hits++;
	return 0;
}
