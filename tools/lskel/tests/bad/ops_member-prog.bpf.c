// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .struct_ops+0x0 symbol prog: member 'init' is no program in SEC("struct_ops")
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
	int (*init)(void *ctx);
};

SEC("xdp") int prog(void *ctx)
{
	return 0;
}

SEC(".struct_ops") struct tcp_congestion_ops ops = { .init = prog };
