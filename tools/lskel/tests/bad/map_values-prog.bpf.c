// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x0 symbol map: field 'values' does not point to functions
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__array(values, int);
} map SEC(".maps");
