/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the name of a section says of the programs in it: the conventions of
 * libbpf 1.1, and some that came later.
 */
#ifndef LSKEL_SECTIONS_H
#define LSKEL_SECTIONS_H

#include "spec.h"

struct section_def {
	const char *name;
	bool has_arg;		/* may be followed by '/' and an argument */
	uint32_t type;		/* enum bpf_prog_type */
	uint32_t attach_type;	/* enum bpf_attach_type */
	uint32_t flags;		/* BPF_F_* of PROG_LOAD */
	enum spec_attach attach;

	/* The argument names a type in the kernel's BTF: prefix and BTF_KIND_*
	 * of that name; NULL: it does not
	 */
	const char *btf_prefix;
	uint32_t btf_kind;
};

/* The entry for section @name, without a leading '?', or NULL. */
const struct section_def *section_find(const char *name);

/* For a list of what is known: the entries one after another, NULL at the end */
const struct section_def *section_next(const struct section_def *def);

#endif /* LSKEL_SECTIONS_H */
