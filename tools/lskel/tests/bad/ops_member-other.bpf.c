// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .struct_ops+0x18 symbol prog: member 'release' is a program that is 'init' in table 'first'
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
	int (*init)(void *ctx);
	int (*release)(void *ctx);
};

SEC("struct_ops/prog") int prog(void *ctx)
{
	return 0;
}

SEC(".struct_ops") struct tcp_congestion_ops first = { .init = prog };
SEC(".struct_ops") struct tcp_congestion_ops second = { .release = prog };
