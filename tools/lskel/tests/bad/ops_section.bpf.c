// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section ?.struct_ops: not one of the sections for tables of operations: .struct_ops, .struct_ops.link
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
	char name[16];
};

SEC("?.struct_ops") struct tcp_congestion_ops ops = { .name = "bad" };
