// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x0 symbol map: field 'values' must be the last, of a program array or an outermost map of maps
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__array(values, struct inner);
} map SEC(".maps");
