// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs for things of the kernel that PROG_LOAD names by the id of a type */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tp_btf/sched_switch")
int tracepoint(void *ctx)
{
	return 0;
}

SEC("fentry.s/do_unlinkat")
int function(void *ctx)
{
	return 0;
}

SEC("lsm/file_open")
int hook(void *ctx)
{
	return 0;
}

SEC("iter/task")
int iterator(void *ctx)
{
	return 0;
}

SEC("freplace/global")
int replacement(struct xdp_md *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
