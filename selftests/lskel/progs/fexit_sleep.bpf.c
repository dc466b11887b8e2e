// SPDX-License-Identifier: GPL-2.0-only
/* Before and after a function that sleeps for as long as its caller wants. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u32 pid;
__u64 entered, left;

SEC("fentry/__x64_sys_nanosleep")
int enter(void *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("fexit/__x64_sys_nanosleep")
int leave(void *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		__sync_fetch_and_add(&left, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
