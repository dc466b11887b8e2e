// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x0 symbol map: field 'key' contradicts a size that was given before
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(key_size, 8);
	__type(key, __u32);
} map SEC(".maps");
