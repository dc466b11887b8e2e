/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the CO-RE engine (kernel/bpf/core) sees of the kernel. User space has a file
 * of the same name.
 */
#ifndef CORE_ENV_H
#define CORE_ENV_H

#include <linux/bpf.h>
#include <linux/bpf_btf_module.h>
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

/* The type, void for 0, or NULL if there is none */
static inline const struct btf_type *core_type(const struct btf *btf, u32 id)
{
	return btf_type_by_id(btf, id);
}

/* The name at an offset, "" if there is none, or NULL if it is outside */
static inline const char *core_name(const struct btf *btf, u32 offset)
{
	return btf_name_by_offset(btf, offset);
}

/* Size of a pointer in bytes, of the machine that the types are for */
static inline u32 core_pointer_size(const struct btf *btf)
{
	return btf == bpf_get_btf_vmlinux() || btf_is_module(btf) ?
	       sizeof(void *) : sizeof(u64);
}

#endif /* CORE_ENV_H */
