// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .struct_ops+0x0 symbol number: not a structure with a name and members
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC(".struct_ops") int number = 1;
