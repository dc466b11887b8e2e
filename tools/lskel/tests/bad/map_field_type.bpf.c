// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x0 symbol map: field 'type' is not a number as __uint() makes it
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	int type;
} map SEC(".maps");
