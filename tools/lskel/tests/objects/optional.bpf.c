// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program that is not loaded unless somebody wants it */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("?raw_tp/sys_enter") int aaa(void *ctx)
{
	return 0;
}

SEC("raw_tp/sys_exit") int bbb(void *ctx)
{
	return 0;
}

SEC("?xdp.frags") int ccc(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
