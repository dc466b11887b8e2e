/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An object while it is read: what its parts have to know of each other before
 * there is a model
 */
#ifndef LSKEL_OBJECT_H
#define LSKEL_OBJECT_H

#include <string.h>

#include "btf.h"
#include "collect.h"
#include "elf.h"
#include "refuse.h"
#include "reloc.h"

/* Where a map is defined, as relocations see it */
struct origin {
	uint32_t section;
	uint64_t offset, size;	/* bytes; size 0: nothing refers to it. Sorted
				 * by offset in a section
				 */
	uint64_t values;	/* offset of its first static slot */
	bool has_values;
};

struct object {
	struct spec *spec;
	const struct spec_options *options;
	struct elf elf;
	struct code code;
	struct ext ext;
	struct names datasecs, structs;	/* ids in BTF */
	struct names externs;		/* indices in the spec */
	uint32_t kconfig_size;		/* bytes of map .kconfig; 0: there is none */
	int kconfig_map;		/* its index */
	int number, place_holder;	/* types for section .ksyms */
	VEC(struct origin) origins;	/* by index of map */
	/* The maps of each section follow one another; by index of section */
	struct {
		uint32_t first, n;
	} *maps_of;
	bool *type_used;		/* by index of options->types */
};

static inline const char *dup_name(struct object *o, const char *name)
{
	return arena_strdup(o->spec->arena, name);
}

static inline const char *section_name(const struct object *o, uint32_t index)
{
	return o->elf.sections.items[index].name;
}

/* ".data" and ".data.*" */
static inline bool is_kind(const char *section, const char *kind)
{
	size_t len = strlen(kind);

	return !strncmp(section, kind, len) &&
	       (!section[len] || section[len] == '.');
}

/* The steps of reading, in this order. Each returns 0 or a negative errno with the
 * reason in the sink.
 */

/* externs.c: first, types that their section needs, as adding moves the names of
 * others
 */
int add_extern_types(struct object *o);
int collect_externs(struct object *o);

/* maps.c */
int collect_btf_maps(struct object *o);
int collect_legacy_maps(struct object *o);
int collect_data_maps(struct object *o);
int collect_kconfig_map(struct object *o);
int collect_data_refs(struct object *o);

/* ops.c: tables of operations, and later which programs are in them */
int collect_ops(struct object *o);
int collect_ops_progs(struct object *o);

/* progs.c: functions, what their instructions refer to, and which of them are
 * programs
 */
int collect_funcs(struct object *o);
int collect_refs(struct object *o);
int collect_progs(struct object *o);
int collect_ext(struct object *o);

/* maps.c again, as slots hold programs */
int collect_slots(struct object *o);

/* A new map, NULL: no memory. The name of a map as the kernel gets it, NULL: the same */
struct spec_map *add_map(struct object *o, const struct origin *from);
const char *cut_map_name(struct object *o, const char *name);

/* The map whose definition, or data, has this byte of a section; or SPEC_NONE */
int map_with(const struct object *o, uint32_t section, uint64_t offset);

#endif /* LSKEL_OBJECT_H */
