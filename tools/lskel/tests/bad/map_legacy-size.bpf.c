// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section maps: 2 maps cannot have definitions of one size in it
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__u32 type, key_size, value_size, max_entries;
} one SEC("maps") = { BPF_MAP_TYPE_ARRAY, 4, 4, 1 };
struct {
	__u32 type, key_size, value_size;
} two SEC("maps") = { BPF_MAP_TYPE_ARRAY, 4, 4 };
