// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section maps+0x18 symbol map: its definition has options that are not known
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* As tc has it: what is behind the fields that libbpf knew is not zero. */
struct {
	__u32 type, key_size, value_size, max_entries, flags, id, pinning;
} map SEC("maps") = { BPF_MAP_TYPE_ARRAY, 4, 4, 1, .pinning = 2 };
