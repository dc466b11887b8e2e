// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One program of every kind that the kernel attaches without being told where */
#include "progs.h"

MAP(calls, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

const volatile __u32 pid;
__u64 step = 1;
__u64 entered, left, traced, changed;

SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 one = 1;
	__u32 key = 7;

	if (IS_MINE && ctx->args[1] == 121 /* getpgid */) {
		bpf_map_update_elem(&calls, &key, &one, BPF_ANY);
		traced += step;
	}
	return 0;
}

SEC("fentry/" TARGET)
int entry(void *ctx)
{
	if (IS_MINE)
		entered++;
	return 0;
}

SEC("fexit/" TARGET)
int leave(void *ctx)
{
	if (IS_MINE)
		left++;
	return 0;
}

SEC("fmod_ret/security_task_getpgid")
int change(void *ctx)
{
	if (IS_MINE)
		changed++;
	return 0;
}
