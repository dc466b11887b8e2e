// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section xdp+0x0 symbol prog: 'ops' in section .struct_ops is neither map nor data
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
	char name[16];
};

SEC(".struct_ops") struct tcp_congestion_ops ops = { .name = "bad" };

SEC("xdp") int prog(void *ctx)
{
	return ops.name[1];
}
