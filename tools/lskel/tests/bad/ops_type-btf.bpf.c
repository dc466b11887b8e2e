// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .struct_ops: BTF, which says what tables are in it, is missing
// flags: -g0
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
	char name[16];
};

SEC(".struct_ops") struct tcp_congestion_ops ops = { .name = "bad" };
