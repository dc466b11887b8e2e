// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section struct_ops/prog+0x0 symbol prog: in no table of operations
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("struct_ops/prog") int prog(void *ctx)
{
	return 0;
}
