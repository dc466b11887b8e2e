/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a light skeleton: what has a name in the emitted source, and the
 * types of global data. Back ends in skel/ print it in one language.
 *
 * An object file is untrusted input. No name of it reaches emitted code but
 * through skel_ident(), here; strings are escaped by the back end.
 */
#ifndef LSKEL_SKEL_H
#define LSKEL_SKEL_H

#include <stdio.h>

#include "attach.h"
#include "patch.h"

struct place;

/* Names that must differ from each other: members of a struct, or tags */
struct skel_scope {
	VEC(struct skel_name {
		const char *ident;
		const char *what;	/* "map" */
		const char *raw;	/* in the object; NULL: our own */
	}) names;
	uint32_t *table;	/* names by hash: index plus 1, or 0 */
	size_t table_size;
};

enum skel_base {
	SKEL_UNSIGNED, SKEL_SIGNED, SKEL_CHAR, SKEL_BOOL, SKEL_FLOAT,
	SKEL_STRUCT,		/* skel.types[type] */
	SKEL_PADDING,		/* bytes that belong to nothing named */
	SKEL_BYTES,		/* of a type that has no equivalent */
};

/* A member of a type, in order of offset: nothing is between two of them but
 * what a field of padding says, and every one is aligned to its own size unless
 * the type is packed.
 */
struct skel_field {
	const char *ident;	/* NULL: an anonymous struct or union, or bits of
				 * padding
				 */
	enum skel_base base;
	uint32_t size;		/* of one element, bytes */
	int type;		/* SKEL_STRUCT: index of the type */
	uint32_t offset;	/* bytes; of bits: the byte where they begin */
	uint32_t bits;		/* > 0: of a bit-field */
	VEC(uint32_t) dims;	/* of an array, outermost first */
};

struct skel_type {
	const char *ident;	/* tag without the skeleton's name; NULL: it is
				 * used in the one place where it is a member
				 */
	bool is_union, packed;
	uint32_t size, align;	/* bytes */
	VEC(struct skel_field) fields;
	struct skel_scope scope;
};

struct skel_map {
	const struct spec_map *map;
	const char *ident;	/* in maps; NULL: only the load needs it */
	const char *member;	/* that points to its value */
	uint32_t step;		/* that creates it; index in the plan */
	bool choice;		/* the load may do without that */
	int section;		/* index in skel.types of what the user sees of
				 * its value through a pointer; SPEC_NONE
				 */
	uint32_t loader;	/* whose blob has the initial value, if any does */
	uint32_t data;		/* its offset there, or NOT_HERE */

	/* A table of operations */
	const char *link;	/* in links, and of its functions; NULL: it is none */
	int ops;		/* index in skel.types of the structure */
};

struct skel_prog {
	const struct spec_prog *prog;
	const char *ident;
	const char *sec;	/* for messages */
	uint32_t step;		/* that loads it */
	uint32_t insns;		/* offset of its instructions in the blob */
	bool choice;		/* may be left out of the load */
	const struct attach_kind *attach;
	struct attach_where where;
	bool called;		/* is in a slot of a prog array */
};

struct skel_extern {
	const struct spec_extern *ext;
	uint32_t slot;		/* of the look-up, or NOT_HERE */
	uint32_t type;		/* of a variable: BTF_KIND_*; else 0 */
	const char *type_name;	/* "struct rq", or "" */
	uint32_t user, users;	/* which programs refer to it: in skel.users */
};

/* Is there another way for it to run than to be attached: a slot of a prog array, a table
 * of operations, NAME__PROG__run()?
 */
bool skel_prog_is_called(const struct skel_prog *prog);

/* Helpers to use what was loaded */
enum skel_with {
	WITH_RINGBUF	= 1 << 0,
	WITH_PERFBUF	= 1 << 1,
	WITH_ITER	= 1 << 2,
	WITH_MAPOPS	= 1 << 3,
	WITH_STATS	= 1 << 4,
};

struct skel {
	const struct spec *spec;
	const struct plan *plan;
	const struct loaders *loaders;
	const struct patches *patches;	/* NULL: all kernels are the same to it */
	const char *name;	/* a C identifier */
	uint32_t with;		/* enum skel_with */
	VEC(struct skel_map) maps;	/* as in the spec */
	VEC(struct skel_prog) progs;	/* as in the spec */
	VEC(struct skel_extern) externs;	/* as in the spec */
	VEC(uint32_t) users;	/* programs */
	uint32_t tables;	/* of operations */
	VEC(struct skel_type) types;	/* used ones before their users */
	struct skel_scope tags, members, maps_scope, progs_scope;
};

/* The C identifier for @raw in @scope: its bytes that cannot be in one become
 * '_', as does an empty name; a digit at the start gets '_' before it, a word
 * that C, C++ or the skeleton claims gets one behind it. Two names of the object
 * that become one are an error: NULL, with both in the sink, and @at for where
 * this one is; so is no memory.
 */
const char *skel_ident(struct skel *skel, struct skel_scope *scope,
		       const char *what, const char *raw, const struct place *at);

/* Make the model. @name: of the skeleton; NULL: that of the object. Returns 0 or
 * a negative errno with the reason in the sink.
 */
int skel_make(struct skel *skel, const struct spec *spec, const struct plan *plan,
	      const struct loaders *loaders, const char *name);

/* Let the skeleton have the helpers in @list, words with commas between them. Returns
 * as skel_make() does; -EINVAL: there is no such helper, or the object has nothing
 * that it is for.
 */
int skel_add_helpers(struct skel *skel, const char *list);

/* The words that such a list may have, like that: "ringbuf, perfbuf". NULL: no memory */
const char *skel_helper_words(struct arena *arena);

/* Back ends: 0 or a negative errno */
int skel_print_c(const struct skel *skel, FILE *out);

#endif /* LSKEL_SKEL_H */
