/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BPF_BTF_MODULE_H
#define _LINUX_BPF_BTF_MODULE_H

#include <linux/errno.h>
#include <linux/types.h>

/* BTF of modules
 *
 * It is split BTF: types and strings of a module go on from those of the kernel,
 * which is their base. Types with an id below btf_first_id() are the kernel's, and
 * mean there what they mean in the kernel's own BTF; an id from there on says
 * nothing without the object, as each module counts from the same number.
 *
 * An object exists as long as there are references, but what is in it describes
 * memory only as long as the module is there and live.
 */
struct bpf_insn;
struct bpf_insn_aux_data;
struct bpf_verifier_env;
struct btf;
struct kobject;
struct module;

/* in kernel/bpf/sysfs_btf.c: /sys/kernel/btf */
extern struct kobject *btf_kobj;

#ifdef CONFIG_DEBUG_INFO_BTF_MODULES

/* in kernel/bpf/btf.c */
struct btf *btf_parse_module(struct module *mod, const void *data, u32 size);
void btf_get(struct btf *btf);
bool btf_is_kernel(const struct btf *btf);
bool btf_is_module(const struct btf *btf);
u32 btf_first_id(const struct btf *btf);
struct module *btf_module(const struct btf *btf);
const char *btf_name(const struct btf *btf);
void *btf_raw(const struct btf *btf, u32 *size);

/* in kernel/bpf/btf_module.c */
int btf_module_coming(struct module *mod, const void *data, u64 size);
bool btf_try_get_module(const struct btf *btf);
void btf_put_module(const struct btf *btf);
int btf_visit_live_modules(int (*visit)(struct btf *btf, void *data), void *data);
s64 btf_find_in_modules(const char *name, u32 kind);
int bpf_resolve_module_var(struct bpf_verifier_env *env, struct bpf_insn *insn,
			   struct bpf_insn_aux_data *aux);

#else /* !CONFIG_DEBUG_INFO_BTF_MODULES */

static inline void btf_get(struct btf *btf)
{
}

static inline bool btf_is_kernel(const struct btf *btf)
{
	return false;
}

static inline bool btf_is_module(const struct btf *btf)
{
	return false;
}

static inline u32 btf_first_id(const struct btf *btf)
{
	return 1;
}

static inline int btf_module_coming(struct module *mod, const void *data, u64 size)
{
	return 0;
}

static inline bool btf_try_get_module(const struct btf *btf)
{
	return false;
}

static inline void btf_put_module(const struct btf *btf)
{
}

static inline int
btf_visit_live_modules(int (*visit)(struct btf *btf, void *data), void *data)
{
	return 0;
}

static inline s64 btf_find_in_modules(const char *name, u32 kind)
{
	return -ENOENT;
}

static inline int bpf_resolve_module_var(struct bpf_verifier_env *env,
					 struct bpf_insn *insn,
					 struct bpf_insn_aux_data *aux)
{
	return -EINVAL;
}

#endif /* CONFIG_DEBUG_INFO_BTF_MODULES */

#endif /* _LINUX_BPF_BTF_MODULE_H */
