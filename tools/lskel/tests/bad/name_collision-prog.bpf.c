// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section raw_tp/x+0x10 symbol a_b: program 'a.b' and program 'a_b' would both be called a_b in the skeleton
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/x") int x(void *ctx) asm("a.b");
int x(void *ctx)
{
	return 0;
}

SEC("raw_tp/x") int a_b(void *ctx)
{
	return 0;
}
