// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section tc+0x0 symbol prog: 'counter' has no place in a section: compile with -fno-common
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((common)) int counter;

SEC("tc") int prog(void *ctx)
{
	return counter++;
}
