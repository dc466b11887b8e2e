/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BPF_FD_ARRAY_H
#define _LINUX_BPF_FD_ARRAY_H

#include <linux/bpf.h>
#include <linux/bpfptr.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/string.h>

struct bpf_verifier_env;

/* Are the attributes of PROG_LOAD behind attach_prog_fd acceptable?
 *
 * Loaders made by mainline's tools always fill in core_relos and
 * core_relo_rec_size, so those count only together with core_relo_cnt; and
 * log_true_size is for the kernel to write.
 */
static inline bool bpf_prog_load_tail_valid(const union bpf_attr *attr)
{
	if (!IS_ENABLED(CONFIG_BPF_SYSCALL_PROG))
		return !memchr_inv(&attr->core_relo_cnt, 0,
				   offsetofend(union bpf_attr, fd_array_cnt) -
				   offsetof(union bpf_attr, core_relo_cnt));
	return !attr->core_relo_cnt && !attr->prog_token_fd;
}

/* Give a map reference by index the form of one by fd, and say whether it was
 * one. Nothing but its resolution needs to know the difference then.
 */
static inline bool bpf_insn_take_map_idx(struct bpf_insn *insn)
{
	if (!IS_ENABLED(CONFIG_BPF_SYSCALL_PROG))
		return false;

	switch (insn->src_reg) {
	case BPF_PSEUDO_MAP_IDX:
		insn->src_reg = BPF_PSEUDO_MAP_FD;
		return true;
	case BPF_PSEUDO_MAP_IDX_VALUE:
		insn->src_reg = BPF_PSEUDO_MAP_VALUE;
		return true;
	default:
		return false;
	}
}

#ifdef CONFIG_BPF_SYSCALL_PROG

int bpf_fd_array_init(struct bpf_verifier_env *env, const union bpf_attr *attr,
		      bpfptr_t uattr);
void bpf_fd_array_free(struct bpf_verifier_env *env);
struct bpf_map *bpf_fd_array_get_map(struct bpf_verifier_env *env, int idx);
void bpf_free_used_btfs(struct bpf_prog_aux *aux);

#else /* !CONFIG_BPF_SYSCALL_PROG */

static inline int bpf_fd_array_init(struct bpf_verifier_env *env,
				    const union bpf_attr *attr, bpfptr_t uattr)
{
	return 0;
}

static inline void bpf_fd_array_free(struct bpf_verifier_env *env)
{
}

static inline struct bpf_map *bpf_fd_array_get_map(struct bpf_verifier_env *env,
						   int idx)
{
	return ERR_PTR(-EINVAL);
}

static inline void bpf_free_used_btfs(struct bpf_prog_aux *aux)
{
}

#endif /* CONFIG_BPF_SYSCALL_PROG */

#endif /* _LINUX_BPF_FD_ARRAY_H */
