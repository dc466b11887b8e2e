// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "checks.h"
#include "collect.h"
#include "elf.h"
#include "refuse.h"
#include "reloc.h"
#include "sections.h"

#define NAME_MAX_KERNEL	15	/* BPF_OBJ_NAME_LEN without the NUL */
#define LICENSE_MAX	63	/* as much as libbpf passes on */

/* Where a map is defined, as relocations see it */
struct origin {
	uint32_t section;
	uint64_t offset, size;	/* bytes; size 0: nothing refers to it. Sorted
				 * by offset in a section
				 */
	uint64_t values;	/* offset of its first static slot */
	bool has_values;
};

struct collect {
	struct spec *spec;
	const struct spec_options *options;
	struct elf elf;
	struct code code;
	struct ext ext;
	struct names datasecs, structs;	/* ids in BTF */
	VEC(struct origin) origins;	/* by index of map */
	/* The maps of each section follow one another; by index of section */
	struct {
		uint32_t first, n;
	} *maps_of;
	bool *type_used;		/* by index of options->types */
};

static const char *dup_name(struct collect *c, const char *name)
{
	return arena_strdup(c->spec->arena, name);
}

static const char *section_name(const struct collect *c, uint32_t index)
{
	return c->elf.sections.items[index].name;
}

/* ".data" and ".data.*" */
static bool is_kind(const char *section, const char *kind)
{
	size_t len = strlen(kind);

	return !strncmp(section, kind, len) &&
	       (!section[len] || section[len] == '.');
}

/*
 * License, version, and what is not supported
 */

static int collect_license(struct collect *c)
{
	const struct elf_section *s = elf_section(&c->elf, "license");
	char license[LICENSE_MAX + 1] = "";

	if (s && s->data)
		memcpy(license, s->data, s->size < LICENSE_MAX ? s->size : LICENSE_MAX);
	c->spec->license = dup_name(c, license);
	return c->spec->license ? 0 : sink_nomem(c->spec->sink);
}

static int collect_version(struct collect *c)
{
	const struct elf_section *s = elf_section(&c->elf, "version");

	if (!s)
		return 0;
	if (!s->data || s->size != sizeof(uint32_t))
		return refuse(c->spec, REFUSE_bad_version,
			      IN(s->name, NULL), "not one number of 4 bytes");
	c->spec->kern_version = elf_u32(&c->elf, s->data);
	return 0;
}

static int collect_struct_ops(struct collect *c)
{
	const struct elf_section *s;

	vec_for_each(s, &c->elf.sections)
		if (is_kind(s->name, ".struct_ops") && s->size)
			return refuse(c->spec, REFUSE_struct_ops,
				      IN(s->name, NULL),
				      "struct_ops is not supported yet");
	return 0;
}

/* The section that BTF puts an undefined symbol into, or "" */
static const char *extern_section(const struct btf *types, const char *name)
{
	for (uint32_t id = 1; types && id < btf__type_cnt(types); id++) {
		const struct btf_type *t = btf__type_by_id(types, id), *var;

		if (!btf_is_datasec(t))
			continue;
		for (uint32_t i = 0; i < btf_vlen(t); i++) {
			var = btf__type_by_id(types, btf_var_secinfos(t)[i].type);
			if (!strcmp(btf__name_by_offset(types, var->name_off), name))
				return btf__name_by_offset(types, t->name_off);
		}
	}
	return "";
}

static int collect_externs(struct collect *c)
{
	const struct elf_symbol *symbol;

	vec_for_each(symbol, &c->elf.symbols) {
		const char *section;

		if (symbol->section != SHN_UNDEF || symbol->bind == STB_LOCAL)
			continue;
		section = extern_section(c->spec->types, symbol->name);
		if (!strcmp(section, ".ksyms"))
			return refuse(c->spec, REFUSE_ksym,
				      IN(section, symbol->name),
				      "symbols of the kernel are not supported yet");
		if (!strcmp(section, ".kconfig"))
			return refuse(c->spec, REFUSE_kconfig,
				      IN(section, symbol->name),
				      "configuration of the kernel is not supported yet");
		return refuse(c->spec, REFUSE_undefined,
			      IN(NULL, symbol->name),
			      "not defined in this object: has it been linked?");
	}
	return 0;
}

/*
 * Types
 */

struct var_order {
	struct btf_var_secinfo var;
	uint32_t index;
};

static int by_place(const void *a, const void *b)
{
	const struct var_order *x = a, *y = b;

	if (x->var.offset != y->var.offset)
		return x->var.offset > y->var.offset ? 1 : -1;
	return x->index > y->index ? 1 : -1;
}

static int sort_vars(struct collect *c, struct btf_type *t)
{
	struct btf_var_secinfo *vars = btf_var_secinfos(t);
	struct var_order *order;
	uint32_t n = btf_vlen(t);

	order = arena_array(c->spec->arena, n, sizeof(*order));
	if (!order)
		return sink_nomem(c->spec->sink);
	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct var_order){ .var = vars[i], .index = i };
	qsort(order, n, sizeof(*order), by_place);
	for (uint32_t i = 0; i < n; i++)
		vars[i] = order[i].var;
	return 0;
}

/* A compiler leaves the size of a section and the offsets of variables that
 * other files see to a linker; they are in the section and the symbols. bpftool's
 * linker gets offsets wrong where one file had the variable as an extern.
 */
static int complete_datasec(struct collect *c, struct btf_type *t)
{
	const struct btf *types = c->spec->types;
	const char *name = btf__name_by_offset(types, t->name_off);
	const struct elf_section *section = elf_section(&c->elf, name);
	bool complete = t->size;

	if (!complete) {
		if (!section || !section->size || section->size > UINT32_MAX)
			return refuse(c->spec, REFUSE_bad_datasec,
				      IN(name, NULL),
				      "BTF has variables in it, but the file has no such section");
		t->size = section->size;
	}
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		struct btf_var_secinfo *info = &btf_var_secinfos(t)[i];
		const struct btf_type *var = btf__type_by_id(types, info->type);
		const char *var_name = btf__name_by_offset(types, var->name_off);
		const struct elf_symbol *symbol = NULL;
		bool seen;	/* by other files */

		if (!btf_is_var(var))
			return refuse(c->spec, REFUSE_bad_datasec,
				      IN(name, var_name),
				      "BTF calls it no variable");
		seen = btf_var(var)->linkage != BTF_VAR_STATIC;
		if (seen && section)
			symbol = elf_variable(&c->elf, var_name);
		if (symbol && symbol->section == elf_index(&c->elf, section))
			info->offset = symbol->value;
		else if (seen && !complete)
			return refuse(c->spec, REFUSE_bad_datasec, IN(name, var_name),
				      "BTF has a variable that the file has not");
		if (info->offset > t->size || info->size > t->size - info->offset)
			return refuse(c->spec, REFUSE_bad_datasec,
				      AT(name, var_name, info->offset),
				      "BTF has a variable that exceeds the section");
	}
	return sort_vars(c, t);
}

/* The verifier looks at a global subprogram on its own. One with hidden
 * visibility is to be seen together with its callers, like a static one.
 */
static int hide_funcs(struct collect *c)
{
	const struct btf *types = c->spec->types;
	const struct code_func *func;
	struct names hidden = { 0 };

	vec_for_each(func, &c->code.funcs)
		if (func->hidden && func->prog == SPEC_NONE &&
		    names_add(c->spec->arena, &hidden, func->name, 0))
			return sink_nomem(c->spec->sink);
	names_sort(&hidden);
	for (uint32_t id = 1; types && id < btf__type_cnt(types); id++) {
		struct btf_type *t = types_edit(c->spec, id);

		/* The vlen of a function is its linkage. */
		if (btf_is_func(t) && btf_vlen(t) == BTF_FUNC_GLOBAL &&
		    names_find(&hidden, btf__name_by_offset(types, t->name_off)) !=
		    NAMES_NONE)
			t->info = BTF_KIND_FUNC << 24 | BTF_FUNC_STATIC;
	}
	return 0;
}

static int collect_types(struct collect *c)
{
	const struct elf_section *s = elf_section(&c->elf, ".BTF");
	int err;

	if (!s || !s->data)
		return 0;
	err = types_read(c->spec, s->data, s->size);
	if (err)
		return err;
	if (types_names(c->spec, BTF_KIND_DATASEC, &c->datasecs) ||
	    types_names(c->spec, BTF_KIND_STRUCT, &c->structs))
		return sink_nomem(c->spec->sink);
	return 0;
}

static int complete_types(struct collect *c)
{
	int err = 0;

	for (uint32_t id = 1; c->spec->types && !err &&
	     id < btf__type_cnt(c->spec->types); id++) {
		struct btf_type *t = types_edit(c->spec, id);

		if (btf_is_datasec(t))
			err = complete_datasec(c, t);
	}
	return err;
}

/*
 * Maps
 */

static struct spec_map *add_map(struct collect *c, const struct origin *from)
{
	struct spec_map *map = vec_push(c->spec->arena, &c->spec->maps);
	struct origin *origin = vec_push(c->spec->arena, &c->origins);

	if (!map || !origin)
		return NULL;
	*origin = *from;
	if (!c->maps_of[from->section].n++)
		c->maps_of[from->section].first = c->origins.n - 1;
	map->inner = SPEC_NONE;
	map->offset = from->offset;
	map->section = dup_name(c, section_name(c, from->section));
	return map->section ? map : NULL;
}

static const char *cut(struct collect *c, const char *name)
{
	return arena_printf(c->spec->arena, "%.*s", NAME_MAX_KERNEL, name);
}

/* A field of a definition while it is read */
struct field {
	struct spec_map *map;	/* which it is a field of */
	struct spec_map *inner;	/* the prototype, or NULL in a prototype */
	bool *has_inner;
	const struct btf_type *def;
	uint32_t i;		/* its index */
	const char *name;
	uint32_t type;		/* id */
};

static int refuse_field(struct collect *c, const struct field *f,
			enum refusal why, const char *what)
{
	return refuse(c->spec, why,
		      AT(f->map->section, f->map->name, f->map->offset), "field '%s' %s", f->name, what);
}

/* A number is the length of the array that the field points to. */
static int read_number(struct collect *c, const struct field *f, uint32_t *to)
{
	const struct btf *types = c->spec->types;
	uint32_t id = f->type;
	const struct btf_type *t = types_skip(types, &id);

	if (t && btf_is_ptr(t)) {
		t = btf__type_by_id(types, t->type);
		if (btf_is_array(t)) {
			*to = btf_array(t)->nelems;
			return 0;
		}
	}
	return refuse_field(c, f, REFUSE_map_field_type,
			    "is not a number as __uint() makes it");
}

static int set_size(struct collect *c, const struct field *f, uint32_t size,
		    uint32_t *to)
{
	if (*to && *to != size)
		return refuse_field(c, f, REFUSE_map_size,
				    "contradicts a size that was given before");
	*to = size;
	return 0;
}

/* The size of what the field points to */
static int read_type(struct collect *c, const struct field *f, uint32_t *id,
		     uint32_t *size)
{
	const struct btf_type *t = btf__type_by_id(c->spec->types, f->type);
	int64_t bytes;

	if (!f->type || !btf_is_ptr(t))
		return refuse_field(c, f, REFUSE_map_field_type,
				    "is not a type as __type() makes it");
	bytes = btf__resolve_size(c->spec->types, t->type);
	if (bytes < 0 || bytes > UINT32_MAX)
		return refuse_field(c, f, REFUSE_map_field_type,
				    "has a type without a size");
	*id = t->type;
	return set_size(c, f, bytes, size);
}

static int read_key(struct collect *c, const struct field *f)
{
	return read_type(c, f, &f->map->btf_key_type_id, &f->map->key_size);
}

static int read_value(struct collect *c, const struct field *f)
{
	return read_type(c, f, &f->map->btf_value_type_id, &f->map->value_size);
}

static int read_key_size(struct collect *c, const struct field *f)
{
	uint32_t size = 0;

	return read_number(c, f, &size) ?: set_size(c, f, size, &f->map->key_size);
}

static int read_value_size(struct collect *c, const struct field *f)
{
	uint32_t size = 0;

	return read_number(c, f, &size) ?: set_size(c, f, size, &f->map->value_size);
}

static int read_map_type(struct collect *c, const struct field *f)
{
	return read_number(c, f, &f->map->type);
}

static int read_entries(struct collect *c, const struct field *f)
{
	return read_number(c, f, &f->map->max_entries);
}

static int read_flags(struct collect *c, const struct field *f)
{
	return read_number(c, f, &f->map->flags);
}

static int read_numa_node(struct collect *c, const struct field *f)
{
	return read_number(c, f, &f->map->numa_node);
}

static int read_extra(struct collect *c, const struct field *f)
{
	uint32_t extra = 0;
	int err = read_number(c, f, &extra);

	f->map->map_extra = extra;
	return err;
}

static int read_pinning(struct collect *c, const struct field *f)
{
	uint32_t pinning = 0;
	int err = read_number(c, f, &pinning);

	if (err)
		return err;
	if (!f->inner || pinning > 1 /* LIBBPF_PIN_BY_NAME */)
		return refuse_field(c, f, REFUSE_map_pinning,
				    "asks for a pinning that does not exist, or of a prototype");
	f->map->pin_by_name = pinning;
	return 0;
}

static bool is_map_of_maps(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static int read_fields(struct collect *c, struct spec_map *map,
		       struct spec_map *inner, bool *has_inner,
		       const struct btf_type *def);

/* An array without a length, of pointers to maps or to programs */
static int read_values(struct collect *c, const struct field *f)
{
	const struct btf *types = c->spec->types;
	const struct btf_type *t = btf__type_by_id(types, f->type);
	bool maps = is_map_of_maps(f->map->type);
	uint32_t id;

	if (!f->inner || f->i + 1 != btf_vlen(f->def) ||
	    (!maps && f->map->type != BPF_MAP_TYPE_PROG_ARRAY))
		return refuse_field(c, f, REFUSE_map_values,
				    "must be the last, of a program array or an outermost map of maps");
	if (!f->type || !btf_is_array(t) || btf_array(t)->nelems)
		return refuse_field(c, f, REFUSE_map_values,
				    "is not an array as __array() makes it");
	id = btf_array(t)->type;
	t = types_skip(types, &id);
	if (t && btf_is_ptr(t)) {
		id = t->type;
		t = types_skip(types, &id);
	} else {
		t = NULL;
	}
	if (!t || (maps ? !btf_is_struct(t) : !btf_is_func_proto(t)))
		return refuse_field(c, f, REFUSE_map_values,
				    maps ? "does not point to the definition of a map" :
					   "does not point to functions");
	if (!maps)
		return set_size(c, f, 4, &f->map->value_size);
	*f->has_inner = true;
	return set_size(c, f, 4, &f->map->value_size) ?:
	       read_fields(c, f->inner, NULL, NULL, t);
}

static const struct {
	const char *name;
	int (*read)(struct collect *c, const struct field *f);
} map_fields[] = {
	{ "type", read_map_type },
	{ "max_entries", read_entries },
	{ "map_flags", read_flags },
	{ "numa_node", read_numa_node },
	{ "map_extra", read_extra },
	{ "key_size", read_key_size },
	{ "value_size", read_value_size },
	{ "key", read_key },
	{ "value", read_value },
	{ "values", read_values },
	{ "pinning", read_pinning },
};

#define N_FIELDS (sizeof(map_fields) / sizeof(map_fields[0]))

static int read_fields(struct collect *c, struct spec_map *map,
		       struct spec_map *inner, bool *has_inner,
		       const struct btf_type *def)
{
	int err = 0;

	for (uint32_t i = 0; i < btf_vlen(def) && !err; i++) {
		const struct btf_member *m = &btf_members(def)[i];
		struct field f = {
			.map = map,
			.inner = inner,
			.has_inner = has_inner,
			.def = def,
			.i = i,
			.name = btf__name_by_offset(c->spec->types, m->name_off),
			.type = m->type,
		};
		size_t j = 0;

		while (j < N_FIELDS && strcmp(map_fields[j].name, f.name))
			j++;
		if (j == N_FIELDS)
			return refuse_field(c, &f, REFUSE_map_field, "is not known");
		err = map_fields[j].read(c, &f);
	}
	if (!err && map->type == BPF_MAP_TYPE_UNSPEC)
		return refuse(c->spec, REFUSE_map_type,
			      AT(map->section, map->name, map->offset), "its type is not given");
	return err;
}

/* Whether the kernel takes a map of this type with the types of its keys and
 * values: each type of map has its own idea. libbpf leaves them out for some,
 * and tries again without them if creation fails.
 */
static bool kernel_takes_types(const struct collect *c, const struct spec_map *map)
{
	const struct btf_type *key;
	uint32_t id = map->btf_key_type_id;

	if (!map->btf_value_type_id)
		return false;
	switch (map->type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_STACK_TRACE:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_CPUMAP:
	case BPF_MAP_TYPE_XSKMAP:
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
		return false;
	case BPF_MAP_TYPE_BLOOM_FILTER:
		return !id;
	}
	key = types_skip(c->spec->types, &id);
	if (!key)
		return false;
	switch (map->type) {
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return btf_is_int(key) && btf_int_bits(key) == 32 &&
		       !btf_int_offset(key);
	case BPF_MAP_TYPE_LPM_TRIE:
		return btf_is_struct(key);
	}
	return true;
}

/* What can be said of a map only when all its fields are known */
static void finish_map(struct collect *c, struct spec_map *map)
{
	if (map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !map->max_entries)
		map->entries = ENTRIES_CPUS;
	else if ((map->type == BPF_MAP_TYPE_RINGBUF ||
		  map->type == BPF_MAP_TYPE_USER_RINGBUF) && map->max_entries)
		map->entries = ENTRIES_PAGES;
	if (!kernel_takes_types(c, map)) {
		map->btf_key_type_id = 0;
		map->btf_value_type_id = 0;
	}
}

/* A variable of section .maps. Its prototype, if it has one, gets the index
 * before it.
 */
static int collect_btf_map(struct collect *c, const struct btf_var_secinfo *info,
			   const struct elf_section *section)
{
	const struct btf *types = c->spec->types;
	const struct btf_type *var = btf__type_by_id(types, info->type);
	struct origin origin = {
		.section = elf_index(&c->elf, section),
		.offset = info->offset,
		.size = info->size,
	};
	struct spec_map map = {
		.name = dup_name(c, btf__name_by_offset(types, var->name_off)),
		.section = ".maps",
		.offset = info->offset,
		.inner = SPEC_NONE,
	};
	struct place place = *AT(section->name, map.name, info->offset);
	struct spec_map inner = map, *to;
	bool has_inner = false;
	const struct btf_type *def;
	uint32_t id = var->type;
	int err;

	if (!map.name)
		return sink_nomem(c->spec->sink);
	def = types_skip(types, &id);
	if (btf_var(var)->linkage != BTF_VAR_GLOBAL_ALLOCATED)
		return refuse(c->spec, REFUSE_map_static, &place,
			      "a static map is not supported");
	if (!map.name[0] || !def || !btf_is_struct(def) || def->size > info->size ||
	    origin.offset + origin.size > section->size)
		return refuse(c->spec, REFUSE_map_field_type, &place,
			      "not the definition of a map");
	inner.name = arena_printf(c->spec->arena, "%s.inner", map.name);
	if (!inner.name)
		return sink_nomem(c->spec->sink);
	err = read_fields(c, &map, &inner, &has_inner, def);
	if (err)
		return err;
	if (has_inner) {
		to = add_map(c, &(struct origin){ .section = origin.section,
						  .offset = origin.offset });
		if (!to)
			return sink_nomem(c->spec->sink);
		inner.section = to->section;
		*to = inner;
		to->inner_only = true;
		to->kernel_name = cut(c, inner.name);
		if (!to->kernel_name)
			return sink_nomem(c->spec->sink);
		finish_map(c, to);
		map.inner = c->spec->maps.n - 1;
	}
	if (btf_vlen(def)) {
		uint32_t last = btf_vlen(def) - 1;

		origin.has_values = !strcmp("values",
			btf__name_by_offset(types, btf_members(def)[last].name_off));
		origin.values = info->offset + btf_member_bit_offset(def, last) / 8;
	}
	to = add_map(c, &origin);
	if (!to)
		return sink_nomem(c->spec->sink);
	map.section = to->section;
	*to = map;
	to->kernel_name = cut(c, map.name);
	if (!to->kernel_name)
		return sink_nomem(c->spec->sink);
	finish_map(c, to);
	return 0;
}

static int collect_btf_maps(struct collect *c)
{
	const struct elf_section *section = elf_section(&c->elf, ".maps");
	const struct btf_type *t;
	uint32_t id = names_find(&c->datasecs, ".maps");
	int err = 0;

	if (!section)
		return 0;
	if (id == NAMES_NONE)
		return refuse(c->spec, REFUSE_map_without_btf,
			      IN(section->name, NULL),
			      "BTF, which says what maps are in it, is missing");
	t = btf__type_by_id(c->spec->types, id);
	for (uint32_t i = 0; i < btf_vlen(t) && !err; i++)
		err = collect_btf_map(c, &btf_var_secinfos(t)[i], section);
	return err;
}

/* The types that a macro of old associates with a map: a structure of a key and
 * a value
 */
static void find_legacy_types(struct collect *c, struct spec_map *map)
{
	const struct btf *types = c->spec->types;
	char name[256];
	const struct btf_type *t;
	uint32_t id;

	if ((size_t)snprintf(name, sizeof(name), "____btf_map_%s", map->name) >=
	    sizeof(name))
		return;
	id = names_find(&c->structs, name);
	t = id != NAMES_NONE ? btf__type_by_id(types, id) : NULL;
	if (!t || btf_vlen(t) < 2 ||
	    btf__resolve_size(types, btf_members(t)[0].type) != map->key_size ||
	    btf__resolve_size(types, btf_members(t)[1].type) != map->value_size)
		return;
	map->btf_key_type_id = btf_members(t)[0].type;
	map->btf_value_type_id = btf_members(t)[1].type;
}

static int by_symbol_value(const void *a, const void *b)
{
	const struct elf_symbol *x = *(const struct elf_symbol **)a;
	const struct elf_symbol *y = *(const struct elf_symbol **)b;

	if (x->value != y->value)
		return x->value > y->value ? 1 : -1;
	return x > y ? 1 : -1;
}

static int collect_legacy_map(struct collect *c, const struct elf_symbol *symbol,
			      const struct elf_section *section, uint64_t size)
{
	const uint8_t *def = section->data + symbol->value;
	struct spec_map *map;
	/* struct bpf_map_def */
	uint32_t number[5] = { 0 };

	if (size > section->size - symbol->value)
		return refuse(c->spec, REFUSE_map_legacy,
			      AT(section->name, symbol->name, symbol->value), "its definition is cut off");
	for (size_t i = 0; i < 5 && (i + 1) * 4 <= size; i++)
		number[i] = elf_u32(&c->elf, def + i * 4);
	for (uint64_t i = sizeof(number); i < size; i++)
		if (def[i])
			return refuse(c->spec, REFUSE_map_legacy,
				      AT(section->name, symbol->name, symbol->value + i),
				      "its definition has options that are not known");
	map = add_map(c, &(struct origin){
			.section = elf_index(&c->elf, section),
			.offset = symbol->value,
			.size = size,
		      });
	if (!map)
		return sink_nomem(c->spec->sink);
	map->name = dup_name(c, symbol->name);
	map->kernel_name = cut(c, symbol->name);
	if (!map->name || !map->kernel_name)
		return sink_nomem(c->spec->sink);
	map->type = number[0];
	map->key_size = number[1];
	map->value_size = number[2];
	map->max_entries = number[3];
	map->flags = number[4];
	find_legacy_types(c, map);
	finish_map(c, map);
	return 0;
}

/* Section "maps" has definitions of one size, which only their number tells. */
static int collect_legacy_maps(struct collect *c)
{
	const struct elf_section *section = elf_section(&c->elf, "maps");
	const struct elf_symbol *symbol, **found;
	size_t n = 0;
	int err = 0;

	if (!section || !section->size)
		return 0;
	found = arena_array(c->spec->arena, c->elf.symbols.n, sizeof(*found));
	if (!found)
		return sink_nomem(c->spec->sink);
	vec_for_each(symbol, &c->elf.symbols)
		if (symbol->section == elf_index(&c->elf, section) &&
		    symbol->type != STT_SECTION && symbol->name[0])
			found[n++] = symbol;
	if (!section->data || !n || section->size % n || section->size / n < 16)
		return refuse(c->spec, REFUSE_map_legacy,
			      IN(section->name, NULL),
			      "%zu maps cannot have definitions of one size in it", n);
	qsort(found, n, sizeof(*found), by_symbol_value);
	for (size_t i = 0; i < n && !err; i++)
		err = collect_legacy_map(c, found[i], section, section->size / n);
	return err;
}

/* The name by which libbpf makes such a map known: as much of the object's name
 * as fits before the section's, which has at least 7 characters of it; none
 * before one with a second dot
 */
static const char *data_map_name(struct collect *c, const char *section)
{
	const char *object = c->spec->name;
	int suffix = strlen(section), prefix;
	char *name;

	suffix = suffix < 7 ? 7 : suffix > NAME_MAX_KERNEL ? NAME_MAX_KERNEL : suffix;
	prefix = strchr(section + 1, '.') ? 0 : NAME_MAX_KERNEL - suffix;
	name = arena_printf(c->spec->arena, "%.*s%.*s", prefix, object, suffix, section);
	for (char *s = name; s && *s; s++)
		if (!isascii(*s) || (!isalnum((unsigned char)*s) && *s != '_' && *s != '.'))
			*s = '_';
	return name;
}

static bool all_zero(const uint8_t *bytes, uint64_t size)
{
	return !size || (!bytes[0] && !memcmp(bytes, bytes + 1, size - 1));
}

/* Whether users see variables in the section, so that the map should be one for
 * mmap(); the compiler's own constants and static variables are for programs.
 */
static bool has_variables(const struct btf *types, uint32_t datasec)
{
	const struct btf_type *t = datasec ? btf__type_by_id(types, datasec) : NULL;

	for (uint32_t i = 0; t && i < btf_vlen(t); i++) {
		const struct btf_type *var =
			btf__type_by_id(types, btf_var_secinfos(t)[i].type);

		if (btf_var(var)->linkage != BTF_VAR_STATIC)
			return true;
	}
	return false;
}

static int collect_data_map(struct collect *c, const struct elf_section *section,
			    enum spec_map_kind kind)
{
	struct spec_map *map;

	if (section->size > UINT32_MAX)
		return refuse(c->spec, REFUSE_too_big, IN(section->name, NULL),
			      "no map can have a value of that size");
	map = add_map(c, &(struct origin){
			.section = elf_index(&c->elf, section),
			.size = section->size,
		      });
	if (!map)
		return sink_nomem(c->spec->sink);
	map->name = map->section;
	map->kernel_name = data_map_name(c, section->name);
	if (!map->kernel_name)
		return sink_nomem(c->spec->sink);
	map->kind = kind;
	map->type = BPF_MAP_TYPE_ARRAY;
	map->key_size = sizeof(uint32_t);
	map->value_size = section->size;
	map->max_entries = 1;
	map->flags = kind == MAP_RODATA ? BPF_F_RDONLY_PROG : 0;
	map->datasec = names_find(&c->datasecs, section->name);
	if (map->datasec == NAMES_NONE)
		map->datasec = 0;
	if (has_variables(c->spec->types, map->datasec))
		map->flags |= BPF_F_MMAPABLE;
	map->btf_value_type_id = map->datasec;
	if (!section->data || all_zero(section->data, section->size))
		return 0;
	map->data = arena_dup(c->spec->arena, section->data, section->size);
	return map->data ? 0 : sink_nomem(c->spec->sink);
}

static int collect_data_maps(struct collect *c)
{
	const struct elf_section *s;
	int err = 0;

	vec_for_each(s, &c->elf.sections) {
		if (!s->size || elf_is_code(s) ||
		    (s->type != SHT_PROGBITS && s->type != SHT_NOBITS))
			continue;
		if (is_kind(s->name, ".data"))
			err = collect_data_map(c, s, MAP_DATA);
		else if (is_kind(s->name, ".rodata"))
			err = collect_data_map(c, s, MAP_RODATA);
		else if (is_kind(s->name, ".bss") && s->type == SHT_NOBITS)
			err = collect_data_map(c, s, MAP_BSS);
		if (err)
			return err;
	}
	return 0;
}

/* The map whose definition, or data, has this byte of a section; or SPEC_NONE */
static int map_with(const struct collect *c, uint32_t section, uint64_t offset)
{
	uint32_t low, high;

	if (section >= c->elf.sections.n)	/* SHN_ABS and the like */
		return SPEC_NONE;
	low = c->maps_of[section].first;
	high = low + c->maps_of[section].n;
	/* Behind the last that begins at @offset or before */
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (c->origins.items[mid].offset <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == c->maps_of[section].first ||
	    offset - c->origins.items[low - 1].offset >= c->origins.items[low - 1].size)
		return SPEC_NONE;
	return low - 1;
}

/*
 * Functions and what their instructions refer to
 */

static int by_start(const void *a, const void *b)
{
	const struct code_func *x = a, *y = b;

	if (x->section != y->section)
		return x->section > y->section ? 1 : -1;
	if (x->first != y->first)
		return x->first > y->first ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Instructions in host order: the nibbles of the second byte follow the byte
 * order of the file.
 */
static int read_insns(struct collect *c, const struct elf_section *s,
		      struct code_section *to)
{
	if (s->size / sizeof(struct bpf_insn) > INT32_MAX)
		return refuse(c->spec, REFUSE_too_big, IN(s->name, NULL),
			      "more instructions than a program can have");
	to->insn_cnt = s->size / sizeof(struct bpf_insn);
	to->insns = arena_array(c->spec->arena, to->insn_cnt, sizeof(*to->insns));
	if (!to->insns)
		return sink_nomem(c->spec->sink);
	for (uint32_t i = 0; i < to->insn_cnt; i++) {
		const uint8_t *from = s->data + (size_t)i * 8;
		uint32_t first = elf_u32(&c->elf, from);
		bool big = c->spec->big_endian;

		to->insns[i] = (struct bpf_insn){
			.code = from[0],
			.dst_reg = big ? from[1] >> 4 : from[1] & 0xf,
			.src_reg = big ? from[1] & 0xf : from[1] >> 4,
			.off = (int16_t)(big ? first & 0xffff : first >> 16),
			.imm = (int32_t)elf_u32(&c->elf, from + 4),
		};
	}
	return 0;
}

static int add_func(struct collect *c, const struct elf_symbol *symbol)
{
	struct code_func *func;

	if (!symbol->size || symbol->size % 8 || symbol->value % 8)
		return refuse(c->spec, REFUSE_bad_function,
			      AT(section_name(c, symbol->section), symbol->name, symbol->value),
			      "%llu bytes, which is no number of instructions",
			      (unsigned long long)symbol->size);
	func = vec_push(c->spec->arena, &c->code.funcs);
	if (!func)
		return sink_nomem(c->spec->sink);
	*func = (struct code_func){
		.name = dup_name(c, symbol->name),
		.section = symbol->section,
		.first = symbol->value / 8,
		.insn_cnt = symbol->size / 8,
		.prog = SPEC_NONE,
		.local = symbol->bind == STB_LOCAL,
		.hidden = symbol->bind != STB_LOCAL &&
			  (symbol->visibility == STV_HIDDEN ||
			   symbol->visibility == STV_INTERNAL),
	};
	return func->name ? 0 : sink_nomem(c->spec->sink);
}

static int collect_funcs(struct collect *c)
{
	const struct elf_section *s;
	const struct elf_symbol *symbol;
	struct code_func *func;
	int err = 0;

	vec_for_each(s, &c->elf.sections) {
		struct code_section *to = vec_push(c->spec->arena, &c->code.sections);

		if (!to)
			return sink_nomem(c->spec->sink);
		to->name = s->name;
		if (elf_is_code(s) && s->data)
			err = read_insns(c, s, to);
		if (err)
			return err;
	}
	vec_for_each(symbol, &c->elf.symbols) {
		if (symbol->type != STT_FUNC || symbol->section >= c->code.sections.n ||
		    !c->code.sections.items[symbol->section].insns)
			continue;
		err = add_func(c, symbol);
		if (err)
			return err;
	}
	if (c->code.funcs.n)
		qsort(c->code.funcs.items, c->code.funcs.n, sizeof(*func), by_start);
	for (size_t i = 1; i < c->code.funcs.n; i++) {
		const struct code_func *a = &c->code.funcs.items[i - 1];
		const struct code_func *b = &c->code.funcs.items[i];

		if (a->section != b->section || a->first + a->insn_cnt <= b->first ||
		    (a->first == b->first && a->insn_cnt == b->insn_cnt))
			continue;
		return refuse(c->spec, REFUSE_bad_function,
			      AT(section_name(c, b->section), b->name, b->first * 8ull),
			      "overlaps function '%s'", a->name);
	}
	return 0;
}

/* What @symbol means to the instruction at @place, which is index @insn of
 * @section
 */
static int read_ref(struct collect *c, struct code_section *section,
		    const struct elf_symbol *symbol, uint32_t insn,
		    const struct place *place)
{
	struct code_ref ref = {
		.insn = insn,
		.section = symbol->section,
		.value = symbol->value,
	};
	const struct elf_section *target;
	struct code_ref *to;
	int64_t offset;

	if (symbol->section == SHN_COMMON)
		return refuse(c->spec, REFUSE_common, place,
			      "'%s' has no place in a section: compile with -fno-common",
			      symbol->name);
	if (symbol->section >= c->elf.sections.n || !symbol->section)
		return refuse(c->spec, REFUSE_bad_relocation, place,
			      "'%s' is in no section", symbol->name);
	target = &c->elf.sections.items[symbol->section];
	offset = (int64_t)symbol->value + section->insns[insn].imm;
	if (c->code.sections.items[symbol->section].insns) {
		struct code_func *func;

		ref.kind = REF_FUNC;
		func = code_func_at(&c->code, symbol->section, symbol->value / 8);
		if (func && symbol->type == STT_FUNC)
			func->called = true;
	} else if (section->insns[insn].code == (BPF_JMP | BPF_CALL)) {
		return refuse(c->spec, REFUSE_call_target, place,
			      "a call of '%s', which is no function", symbol->name);
	} else {
		if (!c->maps_of[symbol->section].n)
			return refuse(c->spec, REFUSE_data_target, place,
				      "'%s' in section %s is neither map nor data",
				      symbol->name, target->name);
		ref.map = offset < 0 ? SPEC_NONE :
				       map_with(c, symbol->section, offset);
		if (ref.map == SPEC_NONE)
			return refuse(c->spec, REFUSE_data_target, place,
				      "'%s'%+lld is outside of section %s",
				      symbol->name,
				      (long long)(offset - (int64_t)symbol->value),
				      target->name);
		if (c->spec->maps.items[ref.map].kind != MAP_DEFINED) {
			ref.kind = REF_VALUE;
			ref.offset = offset;
		} else if ((uint64_t)offset != c->origins.items[ref.map].offset) {
			return refuse(c->spec, REFUSE_map_target, place,
				      "the inside of map '%s' has no address",
				      c->spec->maps.items[ref.map].name);
		}
	}
	to = vec_push(c->spec->arena, &section->refs);
	if (!to)
		return sink_nomem(c->spec->sink);
	*to = ref;
	return 0;
}

static int collect_refs(struct collect *c)
{
	const struct elf_section *s;
	int err;

	vec_for_each(s, &c->elf.sections) {
		struct code_section *section = &c->code.sections.items[s->target];

		for (size_t i = 0; i < s->n_relocs && section->insns; i++) {
			const Elf64_Rel *rel = &s->relocs[i];
			const struct code_func *func =
				code_func_with(&c->code, s->target, rel->r_offset / 8);
			struct place place = *AT(section->name, NULL, rel->r_offset);

			/* A weak function that a linker replaced has left its
			 * instructions behind.
			 */
			if (!func)
				continue;
			place.symbol = func->name;
			if (rel->r_offset % 8)
				return refuse(c->spec, REFUSE_bad_relocation, &place,
					      "a relocation inside of an instruction");
			err = read_ref(c, section,
				       &c->elf.symbols.items[ELF64_R_SYM(rel->r_info)],
				       rel->r_offset / 8, &place);
			if (err)
				return err;
		}
	}
	return 0;
}

/* Data that is to hold an address: no kernel relocates it. */
static int collect_data_refs(struct collect *c)
{
	const struct elf_section *s;

	vec_for_each(s, &c->elf.sections) {
		int map = map_with(c, s->target, 0);

		if (!s->n_relocs || map == SPEC_NONE ||
		    c->spec->maps.items[map].kind == MAP_DEFINED)
			continue;
		return refuse(c->spec, REFUSE_data_address,
			      AT(section_name(c, s->target), NULL, s->relocs[0].r_offset),
			      "data holds the address of '%s', which is not known before the load",
			      c->elf.symbols.items[ELF64_R_SYM(s->relocs[0].r_info)].name);
	}
	return 0;
}

/*
 * Programs
 */

/* The section's name as the options want it, without '?' but for what they say
 */
static const char *sec_name(struct collect *c, const char *section)
{
	const char *plain = section + (section[0] == '?');

	for (size_t i = 0; i < c->options->types.n; i++) {
		const struct spec_type *type = &c->options->types.items[i];

		if (strcmp(type->section, section) && strcmp(type->section, plain))
			continue;
		c->type_used[i] = true;
		return type->sec;
	}
	return section;
}

/* What the argument in a section's name is to the kernel */
static int set_target(struct collect *c, struct spec_prog *prog,
		      const struct section_def *def, const char *arg)
{
	struct arena *arena = c->spec->arena;
	const char *colon;

	if (arg) {
		prog->attach_arg = arena_strdup(arena, arg);
		if (!prog->attach_arg)
			return sink_nomem(c->spec->sink);
	}
	if (!def->btf_prefix)
		return 0;
	/* Without an argument, tracing of functions is for those of a program. */
	if (prog->type == BPF_PROG_TYPE_EXT || (!arg && !def->btf_prefix[0])) {
		prog->target_prog = true;
		prog->target_func = prog->attach_arg;
		return 0;
	}
	if (!arg)
		return 0;
	colon = strchr(arg, ':');
	if (colon) {
		prog->btf_target_module = arena_printf(arena, "%.*s", (int)(colon - arg), arg);
		if (!prog->btf_target_module)
			return sink_nomem(c->spec->sink);
		arg = colon + 1;
	}
	prog->btf_target_kind = def->btf_kind;
	prog->btf_target = arena_printf(arena, "%s%s", def->btf_prefix, arg);
	return prog->btf_target ? 0 : sink_nomem(c->spec->sink);
}

/* A function is a program if it is global and its section's name says of what
 * type; else it is a subprogram. One of no known type must be called by others.
 */
static int collect_prog(struct collect *c, struct code_func *func)
{
	const char *section = section_name(c, func->section);
	const struct section_def *def;
	struct spec_prog *prog;
	const char *sec, *arg;
	bool autoload;

	if (func->local || !strcmp(section, ".text"))
		return 0;
	sec = sec_name(c, section);
	autoload = sec[0] != '?';
	sec += !autoload;
	def = section_find(sec);
	if (!def && func->called)
		return 0;
	if (!def)
		return refuse(c->spec, REFUSE_section_unknown,
			      AT(section, func->name, func->first * 8ull),
			      "no type of program is known for '%s': use --type %s=SEC",
			      sec, section + (section[0] == '?'));
	prog = vec_push(c->spec->arena, &c->spec->progs);
	if (!prog)
		return sink_nomem(c->spec->sink);
	func->prog = c->spec->progs.n - 1;
	*prog = (struct spec_prog){
		.name = func->name,
		.section = dup_name(c, section),
		.offset = (uint64_t)func->first * 8,
		.sec_name = def->name,
		.type = def->type,
		.expected_attach_type = def->attach_type,
		.flags = def->flags,
		.autoload = autoload,
		.attach = def->attach,
	};
	if (!prog->section)
		return sink_nomem(c->spec->sink);
	arg = sec + strlen(def->name);
	return set_target(c, prog, def, *arg ? arg + 1 : NULL);
}

static int collect_progs(struct collect *c)
{
	struct code_func *func;
	int err;

	c->type_used = arena_array(c->spec->arena, c->options->types.n, sizeof(bool));
	if (!c->type_used)
		return sink_nomem(c->spec->sink);
	vec_for_each(func, &c->code.funcs) {
		err = collect_prog(c, func);
		if (err)
			return err;
	}
	for (size_t i = 0; i < c->options->types.n; i++)
		if (!c->type_used[i])
			return refuse(c->spec, REFUSE_type_unused,
				      IN(c->options->types.items[i].section, NULL),
				      "--type names it, but it has no programs");
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct spec_map_slot *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static int collect_slot(struct collect *c, const struct elf_section *section,
			const Elf64_Rel *rel)
{
	const struct elf_symbol *symbol =
		&c->elf.symbols.items[ELF64_R_SYM(rel->r_info)];
	struct place place = *AT(section->name, symbol->name, rel->r_offset);
	int index = map_with(c, elf_index(&c->elf, section), rel->r_offset);
	struct spec_map_slot *slot;
	const struct origin *origin;
	struct spec_map *map;
	uint64_t target;
	int ref;

	if (index == SPEC_NONE || section->size - rel->r_offset < 8 || !section->data)
		return refuse(c->spec, REFUSE_map_slot, &place, "a value of no map");
	map = &c->spec->maps.items[index];
	origin = &c->origins.items[index];
	if (!origin->has_values || rel->r_offset < origin->values ||
	    (rel->r_offset - origin->values) % 8)
		return refuse(c->spec, REFUSE_map_slot, &place,
			      "not one of the values of map '%s'", map->name);
	target = symbol->value + elf_u64(&c->elf, section->data + rel->r_offset);
	if (map->type == BPF_MAP_TYPE_PROG_ARRAY) {
		const struct code_func *func =
			target % 8 ? NULL :
			code_func_at(&c->code, symbol->section, target / 8);

		ref = func ? func->prog : SPEC_NONE;
	} else {
		if (map->type == BPF_MAP_TYPE_HASH_OF_MAPS && map->key_size != 4)
			return refuse(c->spec, REFUSE_map_slot, &place,
				      "map '%s' has keys that are no numbers of 4 bytes",
				      map->name);
		ref = map_with(c, symbol->section, target);
		if (ref != SPEC_NONE &&
		    (c->origins.items[ref].offset != target ||
		     c->spec->maps.items[ref].kind != MAP_DEFINED))
			ref = SPEC_NONE;
	}
	if (ref == SPEC_NONE)
		return refuse(c->spec, REFUSE_map_slot, &place,
			      "not a %s, as map '%s' needs",
			      map->type == BPF_MAP_TYPE_PROG_ARRAY ? "program" : "map",
			      map->name);
	slot = vec_push(c->spec->arena, &map->slots);
	if (!slot)
		return sink_nomem(c->spec->sink);
	slot->key = (rel->r_offset - origin->values) / 8;
	slot->ref = ref;
	return 0;
}

static int collect_slots(struct collect *c)
{
	const struct elf_section *s;
	struct spec_map *map;
	int err;

	vec_for_each(s, &c->elf.sections) {
		const struct elf_section *target = &c->elf.sections.items[s->target];

		for (size_t i = 0; i < s->n_relocs && !strcmp(target->name, ".maps"); i++) {
			err = collect_slot(c, target, &s->relocs[i]);
			if (err)
				return err;
		}
	}
	vec_for_each(map, &c->spec->maps)
		if (map->slots.n)
			qsort(map->slots.items, map->slots.n, sizeof(*map->slots.items),
			      by_key);
	return 0;
}

/* For each section its records in @table */
static const struct spec_records **by_section(struct collect *c,
					      const ext_table *table)
{
	const struct spec_records **records;
	const struct ext_records *r;

	records = arena_array(c->spec->arena, c->elf.sections.n, sizeof(*records));
	vec_for_each(r, table) {
		const struct elf_section *s = elf_section(&c->elf, r->section);

		if (records && s && !records[elf_index(&c->elf, s)])
			records[elf_index(&c->elf, s)] = &r->records;
	}
	return records;
}

static int collect_ext(struct collect *c)
{
	static const struct spec_records none;
	const struct elf_section *s = elf_section(&c->elf, ".BTF.ext");
	const struct spec_records **line, **core, **info;
	struct code_func *func;
	int err;

	if (!s || !s->data || !c->spec->types)
		return 0;
	err = ext_read(&c->ext, c->spec, s->data, s->size);
	if (err)
		return err;
	info = by_section(c, &c->ext.func);
	line = by_section(c, &c->ext.line);
	core = by_section(c, &c->ext.core);
	if (!info || !line || !core)
		return sink_nomem(c->spec->sink);
	vec_for_each(func, &c->code.funcs) {
		uint64_t start = (uint64_t)func->first * 8;
		uint64_t end = start + (uint64_t)func->insn_cnt * 8;

		func->func_info = ext_range(info[func->section] ?: &none, start, end);
		func->line_info = ext_range(line[func->section] ?: &none, start, end);
		func->core = ext_range(core[func->section] ?: &none, start, end);
	}
	return 0;
}

/* The order is that of what needs what: types to know the externs, symbols to
 * complete types, maps before what refers to them, and references before
 * programs, as a function that is called need not be one.
 */
static int collect(struct collect *c)
{
	static int (*const steps[])(struct collect *) = {
		collect_license,
		collect_version,
		collect_types,
		collect_struct_ops,
		collect_externs,
		complete_types,
		collect_btf_maps,
		collect_legacy_maps,
		collect_data_maps,
		collect_data_refs,
		collect_funcs,
		collect_refs,
		collect_progs,
		collect_slots,
		collect_ext,
		hide_funcs,
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !err; i++)
		err = steps[i](c);
	return err;
}

static const char *object_name(struct spec *spec, const char *file)
{
	const char *base = strrchr(file, '/');

	base = base ? base + 1 : file;
	return arena_printf(spec->arena, "%.*s", (int)strcspn(base, "."), base);
}

int spec_read(struct spec *spec, const char *file, const void *bytes,
	      size_t size, const struct spec_options *options)
{
	static const struct spec_options none;
	struct collect c = { .spec = spec, .options = options ?: &none };
	int err;

	spec->file = arena_strdup(spec->arena, file);
	spec->name = c.options->name ? dup_name(&c, c.options->name) :
				       object_name(spec, file);
	if (!spec->file || !spec->name)
		return sink_nomem(spec->sink);
	err = elf_open(&c.elf, spec, bytes, size);
	if (!err) {
		c.maps_of = arena_array(spec->arena, c.elf.sections.n,
					sizeof(*c.maps_of));
		err = c.maps_of ? collect(&c) : sink_nomem(spec->sink);
	}
	if (!err)
		err = reloc_link(spec, &c.code);
	elf_close(&c.elf);
	if (!err)
		err = checks_run(spec);
	if (!err)
		err = types_finish(spec);
	return err;
}

void spec_free(struct spec *spec)
{
	btf__free((struct btf *)spec->types);
	spec->types = NULL;
}
