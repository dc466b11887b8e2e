// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A syscall program of the user's own */
#include "progs.h"

struct args {
	__u32 a, b, sum;
};

__u64 runs;

SEC("syscall")
int add(struct args *ctx)
{
	ctx->sum = ctx->a + ctx->b;
	runs++;
	return ctx->sum == 0 ? -22 : ctx->sum;
}
