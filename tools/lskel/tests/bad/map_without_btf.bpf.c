// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps: BTF, which says what maps are in it, is missing
// flags: -g0
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
} map SEC(".maps");
