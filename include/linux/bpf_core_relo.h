/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BPF_CORE_RELO_H
#define _LINUX_BPF_CORE_RELO_H

#include <linux/bpf.h>
#include <linux/bpfptr.h>
#include <linux/errno.h>

struct bpf_verifier_env;

#ifdef CONFIG_BPF_SYSCALL_PROG

int bpf_core_relocate(struct bpf_verifier_env *env, const union bpf_attr *attr,
		      bpfptr_t uattr);

#else /* !CONFIG_BPF_SYSCALL_PROG */

static inline int bpf_core_relocate(struct bpf_verifier_env *env,
				    const union bpf_attr *attr, bpfptr_t uattr)
{
	return attr->core_relo_cnt ? -EINVAL : 0;
}

#endif /* CONFIG_BPF_SYSCALL_PROG */

#endif /* _LINUX_BPF_CORE_RELO_H */
