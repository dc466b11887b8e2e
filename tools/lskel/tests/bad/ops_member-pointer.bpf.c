// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .struct_ops+0x0 symbol number: an address in what is no pointer to a function
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int number = 1;

struct tcp_congestion_ops {
	int *pointer;
};

SEC(".struct_ops") struct tcp_congestion_ops ops = { .pointer = &number };
