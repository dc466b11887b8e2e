/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the objects have in common: they watch one process call getpgid(). */
#ifndef PROGS_H
#define PROGS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAP(name, map_type, entries, key_type, value_type)	\
struct {						\
	__uint(type, map_type);				\
	__uint(max_entries, entries);			\
	__type(key, key_type);				\
	__type(value, value_type);			\
} name SEC(".maps")

#define TARGET	"__x64_sys_getpgid"
/* What the function returned at whose end the program runs; <linux/ptrace.h> */
#define RETURNED(ctx)	((long)((struct pt_regs *)(ctx))->rax)
#define IS_MINE	(bpf_get_current_pid_tgid() >> 32 == pid)

char LICENSE[] SEC("license") = "GPL";

#endif /* PROGS_H */
