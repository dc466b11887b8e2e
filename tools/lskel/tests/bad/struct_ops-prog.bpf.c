// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section struct_ops/init+0x0 symbol init: struct_ops is not supported yet
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("struct_ops/init") void init(void *ctx)
{
}
