/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BPF_SYSCALL_PROG_H
#define _LINUX_BPF_SYSCALL_PROG_H

#include <linux/bpf.h>
#include <linux/bpfptr.h>

/* The body of bpf(2): @size bytes of attributes at @attr, in user memory or, for
 * the commands that allow it, in kernel memory.
 */
long __sys_bpf(int cmd, bpfptr_t attr, unsigned int size);

extern const struct bpf_func_proto bpf_sys_bpf_proto;
extern const struct bpf_func_proto bpf_sys_close_proto;
extern const struct bpf_func_proto bpf_btf_find_by_name_kind_proto;
extern const struct bpf_func_proto bpf_kallsyms_lookup_name_proto;

/* in kernel/trace/bpf_trace.c, with CONFIG_BPF_EVENTS only */
extern const struct bpf_func_proto bpf_probe_read_user_proto;
extern const struct bpf_func_proto bpf_probe_read_user_str_proto;

#endif /* _LINUX_BPF_SYSCALL_PROG_H */
