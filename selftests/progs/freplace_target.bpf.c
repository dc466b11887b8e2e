// SPDX-License-Identifier: GPL-2.0-only
/* A syscall program with a global function that an EXT program may aim at. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((noinline)) int scalar(int value)
{
	volatile int copy = value;

	return copy + 1;
}

SEC("syscall")
int target(void *ctx)
{
	return scalar(41);
}

char _license[] SEC("license") = "GPL";
