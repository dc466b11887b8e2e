/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BPF_BTF_INDEX_H
#define _LINUX_BPF_BTF_INDEX_H

#include <linux/errno.h>
#include <linux/types.h>

/* The types of the kernel's own BTF by name
 *
 * The index is made when that BTF is parsed, lives as long as it, and never
 * changes, so that it is read without locks and in any context. Other BTF has
 * none, nor has the kernel's if memory was short; a search is linear then, with
 * the same result.
 */
struct btf;
struct btf_index;

/* in kernel/bpf/btf.c: the index of @btf, or NULL */
const struct btf_index *btf_get_index(const struct btf *btf);

#ifdef CONFIG_BPF_SYSCALL_PROG

struct btf_index *btf_index_build(const struct btf *btf);
void btf_index_free(struct btf_index *index);
s32 btf_index_find(const struct btf_index *index, const struct btf *btf,
		   const char *name, u8 kind);
u32 btf_next_by_essential_name(const struct btf *btf, const char *name, u32 len,
			       u32 id);

#else /* !CONFIG_BPF_SYSCALL_PROG */

static inline struct btf_index *btf_index_build(const struct btf *btf)
{
	return NULL;
}

static inline void btf_index_free(struct btf_index *index)
{
}

static inline s32 btf_index_find(const struct btf_index *index,
				 const struct btf *btf, const char *name, u8 kind)
{
	return -ENOENT;
}

#endif /* CONFIG_BPF_SYSCALL_PROG */

#endif /* _LINUX_BPF_BTF_INDEX_H */
