/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BPF_FD_ARRAY_H
#define _LINUX_BPF_FD_ARRAY_H

#include <linux/bpf.h>
#include <linux/bpfptr.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/string.h>

struct bpf_verifier_env;
struct btf;

/* Where union bpf_attr ended before PROG_LOAD got fd_array and what follows it.
 * Each command's CHECK_ATTR() looks no further, bpf_attr_tail_valid() does.
 */
#define BPF_ATTR_TAIL	offsetof(union bpf_attr, fd_array)

/* Is the tail of the attributes of @cmd acceptable, @size bytes of which came from
 * the caller? Few callers send so many.
 *
 * Loaders made by mainline's tools always fill in core_relos and
 * core_relo_rec_size, which mean nothing as long as core_relo_cnt is 0; and
 * log_true_size is for the kernel to write.
 */
static inline bool bpf_attr_tail_valid(int cmd, const union bpf_attr *attr,
				       unsigned int size)
{
	if (size <= BPF_ATTR_TAIL)
		return true;
	if (IS_ENABLED(CONFIG_BPF_SYSCALL_PROG) && cmd == BPF_PROG_LOAD)
		return !attr->prog_token_fd;
	return !memchr_inv(&attr->fd_array, 0, sizeof(*attr) - BPF_ATTR_TAIL);
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
int bpf_add_used_btf(struct bpf_verifier_env *env, struct btf *btf);
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
