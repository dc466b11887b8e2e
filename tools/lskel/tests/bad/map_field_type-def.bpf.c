// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x0 symbol map: not the definition of a map
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int map SEC(".maps");
