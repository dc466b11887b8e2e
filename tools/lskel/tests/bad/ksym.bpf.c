// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .ksyms symbol runqueues: symbols of the kernel are not supported yet
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern const int runqueues __ksym;

SEC("tc") int prog(void *ctx)
{
	return runqueues;
}
