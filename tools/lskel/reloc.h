/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Linking: from functions as they are in the sections of an object to programs
 * as the kernel takes them, each with copies of the subprograms that it calls.
 */
#ifndef LSKEL_RELOC_H
#define LSKEL_RELOC_H

#include "spec.h"

enum code_ref_kind {
	REF_MAP,		/* the map itself */
	REF_VALUE,		/* its value plus offset */
	REF_FUNC,		/* a call, or the address for a callback */
	REF_EXTERN,		/* a symbol of the kernel */
};

/* What an instruction refers to, by a relocation */
struct code_ref {
	uint32_t insn;		/* index in the section */
	enum code_ref_kind kind;
	int map;
	int ext;		/* index in the spec */
	uint32_t offset;	/* bytes, in the value of the map */
	uint32_t section;	/* of the function, index in code.sections */
	uint64_t value;		/* of the symbol in it, bytes; what is in the
				 * instruction is still to be added
				 */
};

struct code_section {
	const char *name;
	struct bpf_insn *insns;	/* host byte order */
	uint32_t insn_cnt;
	VEC(struct code_ref) refs;	/* sorted by insn */
};

/* What linking finds in the instructions of a function */
struct code_edge {
	uint32_t insn;		/* index in the function */
	uint32_t callee;	/* index in code.funcs */
};

struct code_func {
	const char *name;
	uint32_t section;	/* index in code.sections */
	uint32_t first;		/* instruction, index in the section */
	uint32_t insn_cnt;	/* at least 1 */
	int prog;		/* index in the spec, SPEC_NONE: a subprogram */
	bool called;		/* a relocation names it */
	bool hidden;		/* global, but not for other objects */
	bool local;

	/* Offsets in bytes from the start of the section */
	struct spec_records func_info, line_info;
	uint32_t first_core, n_core;	/* indices in spec.core */

	/* Filled when the first program that uses it is linked */
	bool scanned;
	VEC(struct code_edge) edges;
	VEC(struct spec_map_ref) map_refs;
	VEC(struct spec_ksym_ref) ksym_refs;
};

struct code {
	VEC(struct code_section) sections;	/* indices as in the file */
	VEC(struct code_func) funcs;	/* sorted by section and first; those
					 * that overlap are the same
					 */
};

/* The function that begins at, or has, an instruction of a section; or NULL */
struct code_func *code_func_at(const struct code *code, uint32_t section,
			       uint64_t insn);
struct code_func *code_func_with(const struct code *code, uint32_t section,
				 uint64_t insn);

/* Link the programs of @spec, whose functions are in @code. The subprograms
 * come in the order in which calls reach them, depth first, as libbpf does it.
 * Returns 0 or a negative errno with the reason in the sink.
 */
int reloc_link(struct spec *spec, struct code *code);

#endif /* LSKEL_RELOC_H */
