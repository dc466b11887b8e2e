// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: symbol other_file: not defined in this object: has it been linked?
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int other_file(void);

SEC("tc") int prog(void *ctx)
{
	return other_file();
}
