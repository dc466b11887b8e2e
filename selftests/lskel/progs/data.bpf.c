// SPDX-License-Identifier: GPL-2.0-only
/* Global data of each kind, all of it set before the program is loaded. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 pid;
const volatile __u64 call;
__u64 step = 1;
__u64 sum;

SEC("raw_tp/sys_enter")
int add(struct bpf_raw_tracepoint_args *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid && ctx->args[1] == call)
		sum += step;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
