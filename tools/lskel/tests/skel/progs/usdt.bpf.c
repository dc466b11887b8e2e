// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tracepoints of the test itself, and of other files */
#define __TARGET_ARCH_x86
#define BPF_USDT_MAX_SPEC_CNT	4
#define BPF_USDT_MAX_IP_CNT	310
#include "progs.h"
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/usdt.bpf.h>

int pid;
__u64 hits, args_hits, cookie;
int count, errors;
__s64 args[8];

SEC("usdt//proc/self/exe:lskel:plain")
int plain(struct pt_regs *ctx)
{
	if (IS_MINE)
		hits++;
	return 0;
}

#define TAKE(n)					\
	if (bpf_usdt_arg(ctx, n, &value))	\
		errors |= 1 << (n);		\
	else					\
		args[n] = value

static __always_inline int take(struct pt_regs *ctx)
{
	long value;

	args_hits++;
	count = bpf_usdt_arg_cnt(ctx);
	cookie = bpf_usdt_cookie(ctx);
	errors = 0;
	TAKE(0);
	TAKE(1);
	TAKE(2);
	TAKE(3);
	TAKE(4);
	TAKE(5);
	TAKE(6);
	TAKE(7);
	return 0;
}

SEC("usdt//proc/self/exe:lskel:kinds")
int kinds(struct pt_regs *ctx)
{
	return take(ctx);
}

SEC("usdt")
int any(struct pt_regs *ctx)
{
	return take(ctx);
}
