// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What works on a kernel without BTF, once CO-RE relocations are resolved */
#include "progs.h"
#include <bpf/bpf_core_read.h>

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));

int parent;

static __always_inline int note(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	parent = BPF_CORE_READ(task, real_parent, tgid);
	return 0;
}

SEC("kprobe/do_nanosleep")
int kprobe(void *ctx)
{
	return note();
}

SEC("tracepoint/syscalls/sys_enter_getpid")
int tracepoint(void *ctx)
{
	return note();
}

SEC("raw_tp/sys_enter")
int raw_tracepoint(void *ctx)
{
	return note();
}
