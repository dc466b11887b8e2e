// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* CO-RE relocations: of two functions, and none of a program without */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct mm_struct___old {
	struct {
		int rss[4];
	} stat;
	unsigned int flags : 3;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	struct mm_struct___old *mm;
} __attribute__((preserve_access_index));

enum event {
	EVENT_FIRST,
	EVENT_LAST = 7,
};

char LICENSE[] SEC("license") = "GPL";
int seen;

static __attribute__((noinline)) int rss(struct mm_struct___old *mm)
{
	int n = 0;

	if (bpf_core_field_exists(mm->stat.rss[2]))
		bpf_core_read(&n, sizeof(n), &mm->stat.rss[2]);
	return n + BPF_CORE_READ_BITFIELD_PROBED(mm, flags);
}

SEC("raw_tp/sys_enter") int enter(struct task_struct *task)
{
	seen = BPF_CORE_READ(task, pid) + rss(BPF_CORE_READ(task, mm));
	return bpf_core_enum_value(enum event, EVENT_LAST);
}

SEC("raw_tp/sys_exit") int leave(void *ctx)
{
	return 0;
}
