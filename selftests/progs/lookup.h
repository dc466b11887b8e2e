/* SPDX-License-Identifier: GPL-2.0-only */
/* Contexts of progs/btf_find.bpf.c and progs/kallsyms_lookup.bpf.c */
#ifndef LOOKUP_H
#define LOOKUP_H

#define LOOKUP_NAME_MAX	256

struct lookup_args {
	char	name[LOOKUP_NAME_MAX] __attribute__((aligned(8)));
	__u32	name_sz;
	__u32	kind;
	__u32	flags;
	__u32	pad;
	__s64	ret;
	__u64	address;	/* the address found, written by the helper */
};

/* For find_all_kinds() of progs/btf_find.bpf.c: one name, every kind */
#define LOOKUP_KINDS	20

struct lookup_kinds_args {
	char	name[LOOKUP_NAME_MAX] __attribute__((aligned(8)));
	__s64	ret[LOOKUP_KINDS];
	__u32	name_sz;
	__u32	pad;
};

#endif /* LOOKUP_H */
