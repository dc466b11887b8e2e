// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs of which a loader may attach some */
#include "progs.h"

const volatile __u32 pid;
__u64 entered, left, named, later, walked, base;

/* Runs while the load goes on; too early if nobody has set base */
__u64 seen = 1, too_early = 1;

SEC("tp_btf/sys_enter")
int watch(void *ctx)
{
	if (!IS_MINE)
		return 0;
	seen++;
	if (!base)
		too_early++;
	return 0;
}

SEC("fentry/" TARGET)
int enter(void *ctx)
{
	if (IS_MINE)
		entered += base;
	return 0;
}

SEC("?fexit/" TARGET)
int leave(void *ctx)
{
	if (IS_MINE)
		left++;
	return 0;
}

SEC("raw_tp/sys_exit")
int by_name(void *ctx)
{
	if (IS_MINE)
		named++;
	return 0;
}

struct bpf_iter__task {
	void *meta, *task;
};

SEC("iter/task")
int walk(struct bpf_iter__task *ctx)
{
	if (ctx->task)
		walked++;
	return 0;
}

SEC("tp/syscalls/sys_enter_getpgid")
int not_inside(void *ctx)
{
	if (IS_MINE)
		later++;
	return 0;
}
