// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .data.a_b+0x0 symbol .data.a_b: map 'data.a.b' and map 'data.a_b' would both be called data_a_b in the skeleton
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC(".data.a.b") int x = 1;
SEC(".data.a_b") int y = 1;
