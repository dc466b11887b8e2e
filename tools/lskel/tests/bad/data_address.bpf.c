// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .data+0x0: data holds the address of 'counter', which is not known before the load
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int counter;
int *where = &counter;

SEC("tc") int prog(void *ctx)
{
	return *where;
}
