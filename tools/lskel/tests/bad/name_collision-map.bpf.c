// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x20 symbol a_b: map 'a.b' and map 'a_b' would both be called a_b in the skeleton
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} x asm("a.b") SEC(".maps"), a_b SEC(".maps");
