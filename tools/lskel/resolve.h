/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* CO-RE relocations resolved for one target, by the engine that the kernel has
 * too, and in the order in which libbpf does it.
 */
#ifndef LSKEL_RESOLVE_H
#define LSKEL_RESOLVE_H

#include "target.h"

/* An instruction that is poisoned, because the target has nothing that fits what it
 * refers to
 */
struct missing {
	int prog;		/* index in the spec */
	uint32_t insn;		/* index in the program */
	const char *what;	/* "byte_off of [2] struct x.y (0:1)", or the error */
	const char *why;	/* "nothing like it" */
};

struct resolved {
	const struct target *target;
	const struct lskel_layout *layouts;	/* see layout_find(), which fills it in */
	struct bpf_insn **insns;	/* by index of program; NULL: it has no
					 * relocations
					 */
	VEC(struct missing) missing;
};

/* Resolve all relocations of @spec for @target. What cannot be resolved poisons
 * the instruction, so that code that is not reached is legal; so do errors in
 * programs that are not loaded unless asked for. Returns 0 or a negative errno
 * with the reason in the sink of @spec, in whose arena the result is.
 */
int resolve(struct resolved *resolved, const struct spec *spec, struct target *target);

/* What relocation number @nr means: its kind, type and field, in words. NULL:
 * no memory.
 */
const char *resolve_describe(const struct spec *spec, uint32_t nr);

#endif /* LSKEL_RESOLVE_H */
