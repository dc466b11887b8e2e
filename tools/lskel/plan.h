/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The plan: the load of an object as a list of steps.
 *
 * A step is one call of bpf(2), or one look-up in the target's BTF. Its
 * attributes are complete except for operands: addresses of data, and the
 * results of earlier steps. Three back ends read it: emit.c makes a loader
 * program of it, replay.c makes the calls itself, print.c shows it. None of
 * them knows what a map or a program is.
 *
 * Results live in slots, an array of int that the caller of the load owns:
 *	SLOT_UNSET	the step has not run yet. The caller initialises all
 *			slots so, except those by which it makes a choice:
 *	fd or id >= 0	result of the step. Set by the caller beforehand: use
 *			this map instead of creating one
 *	-errno		the step failed, and the load ended there
 *	SLOT_SKIP	set by the caller: do without this program, or this
 *			map: then no program may reach what refers to it
 * The maps have the first slots, in the order of spec.maps, so the array is also
 * the fd_array by which programs refer to maps: the index of a map is its slot.
 *
 * The slot of a step that is left out gets what is in the guard's slot, or
 * nothing: no errno.
 *
 * So a failure names its step without an instruction spent on it: it is the
 * one step whose slot holds an errno, but for those that may fail.
 *
 * A MAP_CREATE that fails may be tried again with btf_key_type_id and
 * btf_value_type_id 0 by the caller, as libbpf does: not every kernel takes the
 * types of every map. The plan has no step for that.
 */
#ifndef LSKEL_PLAN_H
#define LSKEL_PLAN_H

#include "spec.h"

#define SLOT_UNSET	INT32_MIN
#define SLOT_SKIP	(INT32_MIN + 1)

/* The loader reaches this many in its context: offsets have 16 bits, and the
 * verifier allows no other arithmetic. Steps whose result nobody needs share
 * slots if there are more; see plan_step.
 */
#define PLAN_SLOTS	8192
#define PLAN_NO_SLOT	UINT32_MAX

enum plan_kind {
	PLAN_BTF_LOAD,
	PLAN_MAP_CREATE,
	PLAN_MAP_INIT,		/* MAP_UPDATE_ELEM of a data section */
	PLAN_MAP_FREEZE,
	PLAN_MAP_SLOT,		/* MAP_UPDATE_ELEM of a program or an inner map */
	PLAN_FIND_BTF,		/* bpf_btf_find_by_name_kind() */
	PLAN_FIND_KSYM,		/* bpf_kallsyms_lookup_name() */
	PLAN_PROG_LOAD,
	PLAN_LINK_CREATE,	/* these two only if spec.attach_in_loader */
	PLAN_RAW_TP_OPEN,
};

/* What a step does, by enum plan_kind */
struct plan_words {
	const char *kind;	/* "MAP_CREATE" */
	const char *does;	/* "create map": the object's name completes it,
				 * "cannot" may precede it
				 */
};

extern const struct plan_words plan_words[];

/* What of an instruction only the load knows. It is stored before the step that
 * has the instructions for an operand.
 */
enum plan_fixup_kind {
	FIXUP_VAR,		/* ld_imm64: id of a variable, fd of its BTF */
	FIXUP_FUNC,		/* call: id of a function; off becomes the index
				 * in fd_array of the fd of its BTF, unless that
				 * is the kernel's own
				 */
	FIXUP_ADDRESS,		/* ld_imm64: a symbol's address */
};

struct plan_fixup {
	enum plan_fixup_kind kind;
	uint32_t insn;		/* index in the data */
	uint32_t slot;		/* of the step that finds it */
	bool weak;		/* nothing is stored, or 0, if that one failed */
};

/* Bytes in the target's byte order that steps point to: BTF, instructions,
 * strings, initial values.
 */
struct plan_data {
	const char *what;	/* for the printer: "instructions of foo" */
	const uint8_t *bytes;	/* NULL: zero */
	uint32_t size;
	uint32_t align;		/* 1, 4 or 8 */
	int map;		/* the initial value of this map, which the
				 * caller may change before the load; else
				 * SPEC_NONE
				 */
	VEC(struct plan_fixup) fixups;	/* sorted by slot */
};

enum plan_operand_kind {
	OPERAND_DATA,		/* u64: address of data number ref */
	OPERAND_SLOT,		/* u32: what is in slot number ref */
	OPERAND_SLOT_ADDR,	/* u64: address of slot number ref */
};

/* A field of the attributes that only the load knows */
struct plan_operand {
	enum plan_operand_kind kind;
	uint32_t offset;	/* of the field, in bytes */
	uint32_t ref;
};

static inline bool plan_finds(enum plan_kind kind)
{
	return kind == PLAN_FIND_BTF || kind == PLAN_FIND_KSYM;
}

/* When a step, and those that depend on it, is left out */
enum plan_guard {
	GUARD_NONE,
	GUARD_UNSET,		/* run if the guard's slot is SLOT_UNSET */
	GUARD_DONE,		/* run if it holds an fd */
	GUARD_FAILED,		/* run if it holds an errno: the alternative to
				 * the step before
				 */
};

struct plan_step {
	enum plan_kind kind;
	const char *object;	/* name of the map, program or type; the slot
				 * "map[key]"; "" for the object's own BTF and
				 * "(reduced)" for the alternative
				 */
	int map, prog;		/* index in the spec, or SPEC_NONE */
	uint32_t cmd;		/* enum bpf_cmd; not of PLAN_FIND_* */
	uint32_t slot;		/* of the result; two steps have the same if one
				 * is the alternative to the other, or if they
				 * run in different loaders and the result is
				 * only whether they failed
				 */

	enum plan_guard guard;
	uint32_t guard_slot;
	uint32_t guarded;	/* how many steps, this one included, the guard
				 * decides about; guards do not nest
				 */
	bool may_fail;		/* the load goes on with an errno in the slot */
	bool left_out;		/* unless the caller chooses otherwise: for an
				 * optional program
				 */

	/* Attributes in the target's byte order, operands zero. Those that say
	 * nothing of BTF are used when no BTF could be loaded; NULL: the same.
	 * Operands are stored into either.
	 */
	const uint8_t *attr;
	const uint8_t *attr_no_btf;
	uint32_t attr_size;	/* bytes, a multiple of 4 */

	/* CO-RE relocations: where the attributes end for a caller who has
	 * applied them to the instructions, so that kernels can do without; in
	 * the low bits of attr_size nothing else is set. 0: no caller will.
	 */
	uint32_t attr_size_applied;
	VEC(struct plan_operand) operands;

	/* PLAN_FIND_*: the name (with NUL) to look for */
	uint32_t name;		/* data */
	/* PLAN_FIND_BTF: BTF_KIND_*. The slot receives the type's id and the one
	 * behind it the fd of its BTF object, 0 for the kernel's own; the caller
	 * closes that one after the load.
	 *
	 * PLAN_FIND_KSYM: the slot receives 0, or -ENOENT, and the two behind it,
	 * which are 8 bytes aligned to that, the address or 0. As the helper
	 * takes a symbol at address 0 for none, such as the start of per-CPU
	 * variables, it may fail; the caller finds out. Its attributes are 8
	 * bytes for the helper to write to.
	 */
	uint32_t btf_kind;
};

struct plan {
	const struct spec *spec;
	VEC(struct plan_data) data;
	VEC(struct plan_step) steps;
	uint32_t slots;
	uint32_t btf_slot;	/* valid if the object has BTF */
	bool btf_optional;	/* attributes without BTF exist */

	/* Slots of the links, one for each program, from this one on; PLAN_NO_SLOT:
	 * the caller attaches all. So it does what these steps fail to do: not every
	 * kernel lets a loader attach, -EINVAL, or give a name, -EFAULT.
	 */
	uint32_t links;

	/* By index in the spec; a map that cannot be had alone (a prototype)
	 * has a slot like any other. Externs that no program refers to, and
	 * those of .kconfig, have PLAN_NO_SLOT. The caller sets SLOT_SKIP for one
	 * whose programs all have it.
	 */
	uint32_t *prog_slot, *extern_slot;
};

/* Make the plan of @spec in its arena. Returns 0, or a negative errno with the
 * reason in its sink: -EOPNOTSUPP for what no step exists for.
 */
int plan_make(struct plan *plan, const struct spec *spec);

/* Write an instruction as the 8 bytes that a target of this byte order takes. */
void insn_encode(uint8_t *bytes, const struct bpf_insn *insn, bool big_endian);

#endif /* LSKEL_PLAN_H */
