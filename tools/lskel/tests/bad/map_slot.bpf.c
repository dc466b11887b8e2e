// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x20 symbol .text: not a program, as map 'map' needs
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static int helper(void *ctx)
{
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, 4);
	__uint(max_entries, 2);
	__array(values, int (void *));
} map SEC(".maps") = {
	.values = { [1] = helper },
};
