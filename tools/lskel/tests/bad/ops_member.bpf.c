// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .struct_ops+0x0 symbol ops: member 'half' is a bit-field
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
	int whole;
	int half : 16;
};

SEC(".struct_ops") struct tcp_congestion_ops ops = { .whole = 1 };
