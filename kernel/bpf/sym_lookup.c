// SPDX-License-Identifier: GPL-2.0-only
/* Helpers that find a type or a symbol of the running kernel by its name */
#include <linux/bpf.h>
#include <linux/bpf_btf_module.h>
#include <linux/bpf_syscall_prog.h>
#include <linux/btf.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/filter.h>
#include <linux/kallsyms.h>
#include <linux/string.h>

/* Room for the longest name of a symbol or type, see __btf_name_valid() */
#define NAME_SIZE	(KSYM_NAME_LEN + 1)

/* Take the name out of the program's memory, where another program may change it
 * while it is compared, and with that move its end out of the buffer.
 *
 * Returns 0, -EINVAL if the name is not one, or -ENOENT if it is too long to be
 * that of anything.
 */
static int copy_name(char *dst, const char *name, int name_sz)
{
	if (name_sz <= 1 || name[name_sz - 1])
		return -EINVAL;
	if (strscpy(dst, name, min(name_sz, NAME_SIZE)) < 0)
		return -ENOENT;
	return 0;
}

BPF_CALL_4(bpf_btf_find_by_name_kind, char *, name, int, name_sz, u32, kind,
	   int, flags)
{
	char copy[NAME_SIZE];
	struct btf *btf;
	s64 id;
	int err;

	if (flags || kind > BTF_KIND_MAX)
		return -EINVAL;
	err = copy_name(copy, name, name_sz);
	if (err)
		return err;

	btf = bpf_get_btf_vmlinux();
	if (IS_ERR(btf))
		return PTR_ERR(btf);
	if (!btf)
		return -EINVAL;

	/* in the upper half of the result, fd 0 stands for this BTF */
	id = btf_find_by_name_kind(btf, copy, kind);
	return id == -ENOENT ? btf_find_in_modules(copy, kind) : id;
}

const struct bpf_func_proto bpf_btf_find_by_name_kind_proto = {
	.func		= bpf_btf_find_by_name_kind,
	.gpl_only	= false,
	.ret_type	= RET_INTEGER,
	.arg1_type	= ARG_PTR_TO_MEM,
	.arg2_type	= ARG_CONST_SIZE,
	.arg3_type	= ARG_ANYTHING,
	.arg4_type	= ARG_ANYTHING,
};

BPF_CALL_4(bpf_kallsyms_lookup_name, const char *, name, int, name_sz,
	   int, flags, u64 *, res)
{
	char copy[NAME_SIZE];
	int err;

	*res = 0;
	if (flags)
		return -EINVAL;
	err = copy_name(copy, name, name_sz);
	if (err)
		return err;
	if (!bpf_dump_raw_ok(current_cred()))
		return -EPERM;

	*res = kallsyms_lookup_name(copy);
	return *res ? 0 : -ENOENT;
}

const struct bpf_func_proto bpf_kallsyms_lookup_name_proto = {
	.func		= bpf_kallsyms_lookup_name,
	.gpl_only	= false,
	.ret_type	= RET_INTEGER,
	.arg1_type	= ARG_PTR_TO_MEM,
	.arg2_type	= ARG_CONST_SIZE_OR_ZERO,
	.arg3_type	= ARG_ANYTHING,
	.arg4_type	= ARG_PTR_TO_LONG,
};
