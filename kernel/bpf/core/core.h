/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* CO-RE: what an instruction says of a type, made true for another kernel
 *
 * A compiler that was asked to leaves a record (struct bpf_core_relo) for each
 * instruction whose immediate or offset depends on how a type is laid out. The
 * engine finds the same field, type or enumerator in the types of the kernel
 * that the program will run on, the target, and changes the instruction:
 *
 *	core_next_candidate()	types of the target that may be meant
 *	core_resolve()		record and candidates -> what to write
 *	core_patch()		write it, if the instruction is as expected
 *
 * Kernel and generator compile the same sources. All that these see of the rest
 * of the world is core_env.h, of which each side has its own. They allocate
 * nothing: struct core is the memory that they work in. The BTF may be
 * untrusted; ids and names that do not exist, types without end and those that
 * would take long to compare are errors.
 *
 * Specs
 * -----
 * An access string, of the record and the local BTF, is a list of indices. With
 *
 *	struct pair {
 *		short lo, hi;
 *	};
 *	struct sample {
 *		long head;
 *		union {
 *			int whole;
 *			const struct pair half[2];
 *		};
 *	} *s;
 *
 * &s->half[1].hi is "0:1:1:1:1". Read from left to right:
 *
 *	index	low level				high level
 *	0	s[0]: s may point into an array		element 0
 *	1	second member of struct sample
 *	1	second member of the union		field "half"
 *	1	element 1 of the array			element 1
 *	1	second member of struct pair		field "hi"
 *
 * The low-level spec is that list: one index per step, all that an offset needs
 * and all that is true of this layout only. The high-level spec is what the
 * programmer wrote, and what is looked for in the target: it has fields by name
 * and elements by index. An anonymous struct or union is a step, but nobody
 * wrote it, so that there are fewer high-level accessors than low-level ones, and
 * those of the target can be more or fewer than the local ones. If the kernel has
 *
 *	struct sample {
 *		struct pair half[4];
 *		long tail;
 *	};
 *
 * then the same high-level spec has the low-level spec "0:0:1:1" there.
 *
 * The first index is an element of an array that has no type: it has no bounds,
 * is multiplied with the size of the whole type, and is the one accessor without
 * a name that is not preceded by an array. Modifiers (const, volatile, restrict,
 * type tags) and typedefs are steps in neither spec; they are skipped wherever a
 * type is looked at. So is the flavour of a name, "___" and what follows its
 * last occurrence, in names of types and enumerators, but not of fields.
 *
 * For relocations of a type the string is "0", and both specs stay empty. For
 * those of an enumerator it is one index, and the name is that of the enumerator.
 *
 * Return values
 * -------------
 * Unless a function says otherwise, 0 is success, and negative is an error that
 * ends the load, after a line in the log. That the target has no such field is
 * no error, but a result: see core_resolve().
 */
#ifndef CORE_H
#define CORE_H

#include "core_env.h"
#include "flavour.h"

#define CORE_SPEC_MAX	64	/* steps of an access string, as in libbpf */

/* What an instruction becomes when what it refers to does not exist: a call of
 * a helper that never will. The verifier refuses it where it can be reached.
 */
#define CORE_POISON	0xbad2310

enum core_log_level {
	CORE_LOG_ERROR,		/* why a function failed */
	CORE_LOG_WARN,		/* why an instruction was poisoned */
	CORE_LOG_INFO,		/* what was found, for people who ask */
};

/* Where text goes: a caller puts it into a struct of its own. A line comes in
 * one piece or several, ends with a newline, and is of one level. Names in it are
 * cut, so that no piece is longer than 256 bytes. Conversions are those that
 * printf() and printk() agree on. In place of a struct core_log NULL is fine.
 */
struct core_log {
	__printf(3, 0)
	void (*print)(struct core_log *log, enum core_log_level level,
		      const char *format, va_list args);
};

/* A type of the target that may be the one meant. The caller keeps @btf alive. */
struct core_cand {
	const struct btf *btf;
	u32 id;
};

/* The candidates of one local type, in the order in which they are tried.
 * core_resolve() removes those that did not match when others did. Therefore a
 * load (libbpf: an object; the kernel: a program) has one list per local type,
 * and uses it for all relocations of that type, in their order: what one field
 * tells of a candidate counts for the next.
 */
struct core_cands {
	struct core_cand *items;
	u32 cnt;
};

/* A step of a high-level spec */
struct core_accessor {
	u32 type_id;		/* struct, union or enum with @name; or the element */
	u32 idx;
	const char *name;	/* of the field or enumerator, not empty; NULL: an element */
};

struct core_spec {
	const struct btf *btf;
	u32 root_id;		/* the type, not yet without modifiers */
	u32 n_accessors;
	u32 n_raw;
	u64 bit_offset;		/* fits 32 bits */
	struct core_accessor accessors[CORE_SPEC_MAX];	/* high level */
	u32 raw[CORE_SPEC_MAX];				/* low level */
};

/* What is to be written, and what has to be there */
struct core_result {
	u64 orig_val;		/* as the compiler computed it, for the local type */
	u64 new_val;		/* for the target */
	u32 orig_size;		/* bytes that a load or store of the field accesses; */
	u32 new_size;		/* 0: not a field, or one without such a size */
	bool validate;		/* the instruction must have @orig_val */
	bool poison;		/* there is no value: the target has nothing like it */
	bool bad_size;		/* as @poison, but only for a load or store: it would
				 * need another size, and get a wrong value
				 */
};

/* One relocation at a time: the caller sets the first members once, and
 * allocates it (some 6 KB; too much for a kernel stack).
 */
struct core {
	const struct btf *local;	/* the BTF that comes with the program */
	bool big_endian;		/* what it will run on */
	struct core_log *log;		/* or NULL */

	/* private */
	struct core_spec local_spec, cand_spec;
	u32 outer[CORE_SPEC_MAX];	/* types on the way into anonymous members */
	u32 budget;			/* comparisons that may still be made */
};

/**
 * core_is_candidate() - whether a type may be the target of another
 * @local, @local_id: the type of a relocation
 * @target, @target_id: the other one
 *
 * Names are compared without flavours, and kinds, where the two kinds of enum
 * are one. An anonymous type never is a candidate, and never has one.
 *
 * Return: that, and false if one of them does not exist.
 */
bool core_is_candidate(const struct btf *local, u32 local_id,
		       const struct btf *target, u32 target_id);

/**
 * core_next_candidate() - look for candidates from one end to the other
 * @local, @local_id: the type of a relocation
 * @target: where to look
 * @after: the id that was found last, or 0
 *
 * Return: the lowest id above @after that core_is_candidate() agrees to, or 0 if
 * there is none.
 */
u32 core_next_candidate(const struct btf *local, u32 local_id,
			const struct btf *target, u32 after);

/**
 * core_kind_name() - a relocation's kind in a word
 * @kind: enum bpf_core_relo_kind
 *
 * Return: the word, or "unknown".
 */
const char *core_kind_name(u32 kind);

/**
 * core_needs_candidates() - whether a relocation looks into the target at all
 * @relo: the record
 *
 * Return: false for the id of the local type, otherwise true.
 */
bool core_needs_candidates(const struct bpf_core_relo *relo);

/**
 * core_parse() - make specs of a record
 * @core: @local and @log are used
 * @relo: the record; its insn_off is not looked at
 * @spec: where they go
 *
 * Return: 0, -EINVAL for a record that does not fit the local BTF, -EOPNOTSUPP
 * for a kind that is not known, or -E2BIG for more than CORE_SPEC_MAX steps and
 * for an offset or a size that does not fit 32 bits.
 */
int core_parse(struct core *core, const struct bpf_core_relo *relo,
	       struct core_spec *spec);

/**
 * core_print_spec() - a relocation in words
 * @log: where they go, or NULL
 * @level: for @log
 * @kind: enum bpf_core_relo_kind
 * @spec: what core_parse() or core_match() made
 *
 * For example "byte_off of [7] struct sample.half[1].hi (0:1:1:1:1)", in pieces,
 * without a newline.
 */
void core_print_spec(struct core_log *log, enum core_log_level level, u32 kind,
		     const struct core_spec *spec);

/**
 * core_match() - find in a candidate what a local spec says
 * @core: @log is used
 * @kind: enum bpf_core_relo_kind
 * @local: what core_parse() made
 * @cand: the candidate
 * @spec: where its spec goes, complete only if it matches
 *
 * Return: 1 if the candidate has it, 0 if it has not or if what it has is not
 * compatible, -EINVAL if one of the BTFs is broken, or -E2BIG as above and for
 * types that take too long or go too deep to compare.
 */
int core_match(struct core *core, u32 kind, const struct core_spec *local,
	       const struct core_cand *cand, struct core_spec *spec);

/**
 * core_resolve() - find out what to write for a record
 * @core: see there
 * @relo: the record; its insn_off is not looked at
 * @cands: the candidates of relo->type_id. Those that do not match are removed,
 *	unless that is all of them. Not used, and may be NULL, unless
 *	core_needs_candidates().
 * @res: the result
 *
 * If nothing matches, the result is 0 for whether something exists and for types,
 * and otherwise poison.
 *
 * Return: 0, what core_parse() and core_match() return, -EINVAL also for
 * candidates that disagree (the log lists them) and for values that do not exist,
 * such as the size of a function, -E2BIG also for a bit-field that no load can
 * read, or -EOPNOTSUPP for an anonymous type. After an error @res and @cands are
 * of no use.
 */
int core_resolve(struct core *core, const struct bpf_core_relo *relo,
		 struct core_cands *cands, struct core_result *res);

/**
 * core_patch() - change an instruction
 * @insns: the instructions of the program, in the order of bytes of this machine
 * @insn_cnt: how many
 * @idx: the one that the record is for
 * @res: what core_resolve() found
 * @log: or NULL
 *
 * Those that take a value are ALU operations with an immediate, loads and stores
 * by their offset, and 64-bit immediates that are no reference to something else.
 * They are also the only ones that are poisoned. Nothing but this instruction
 * changes; of a 64-bit immediate that is two of @insns.
 *
 * Return: 0, -EINVAL for an instruction that is not one of these, is not inside,
 * or does not have the expected value or size, or -ERANGE for a value that
 * does not fit. Nothing is changed then.
 */
int core_patch(struct bpf_insn *insns, u32 insn_cnt, u32 idx,
	       const struct core_result *res, struct core_log *log);

#endif /* CORE_H */
