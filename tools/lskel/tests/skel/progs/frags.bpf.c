// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kinds of programs that 5.10 does not know; one has a CO-RE relocation as well */
#include "progs.h"
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

SEC("xdp.frags")
int frags(struct xdp_md *ctx)
{
	return bpf_core_field_exists(struct task_struct, pid) ? XDP_PASS : XDP_DROP;
}

SEC("?lsm_cgroup/socket_bind")
int bind(void *ctx)
{
	return 1;
}
