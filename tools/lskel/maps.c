// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "object.h"

#define NAME_MAX_KERNEL	15	/* BPF_OBJ_NAME_LEN without the NUL */

struct spec_map *add_map(struct object *o, const struct origin *from)
{
	struct spec_map *map = vec_push(o->spec->arena, &o->spec->maps);
	struct origin *origin = vec_push(o->spec->arena, &o->origins);

	if (!map || !origin)
		return NULL;
	*origin = *from;
	if (!o->maps_of[from->section].n++)
		o->maps_of[from->section].first = o->origins.n - 1;
	map->inner = SPEC_NONE;
	map->offset = from->offset;
	map->section = dup_name(o, section_name(o, from->section));
	return map->section ? map : NULL;
}

const char *cut_map_name(struct object *o, const char *name)
{
	return arena_printf(o->spec->arena, "%.*s", NAME_MAX_KERNEL, name);
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

static int refuse_field(struct object *o, const struct field *f,
			enum refusal why, const char *what)
{
	return refuse(o->spec, why,
		      AT(f->map->section, f->map->name, f->map->offset),
		      "field '%s' %s", f->name, what);
}

/* A number is the length of the array that the field points to. */
static int read_number(struct object *o, const struct field *f, uint32_t *to)
{
	const struct btf *types = o->spec->types;
	uint32_t id = f->type;
	const struct btf_type *t = types_skip(types, &id);

	if (t && btf_is_ptr(t)) {
		t = btf__type_by_id(types, t->type);
		if (btf_is_array(t)) {
			*to = btf_array(t)->nelems;
			return 0;
		}
	}
	return refuse_field(o, f, REFUSE_map_field_type,
			    "is not a number as __uint() makes it");
}

static int set_size(struct object *o, const struct field *f, uint32_t size,
		    uint32_t *to)
{
	if (*to && *to != size)
		return refuse_field(o, f, REFUSE_map_size,
				    "contradicts a size that was given before");
	*to = size;
	return 0;
}

/* The size of what the field points to */
static int read_type(struct object *o, const struct field *f, uint32_t *id,
		     uint32_t *size)
{
	const struct btf_type *t = btf__type_by_id(o->spec->types, f->type);
	int64_t bytes;

	if (!f->type || !btf_is_ptr(t))
		return refuse_field(o, f, REFUSE_map_field_type,
				    "is not a type as __type() makes it");
	bytes = btf__resolve_size(o->spec->types, t->type);
	if (bytes < 0 || bytes > UINT32_MAX)
		return refuse_field(o, f, REFUSE_map_field_type,
				    "has a type without a size");
	*id = t->type;
	return set_size(o, f, bytes, size);
}

static int read_key(struct object *o, const struct field *f)
{
	return read_type(o, f, &f->map->btf_key_type_id, &f->map->key_size);
}

static int read_value(struct object *o, const struct field *f)
{
	return read_type(o, f, &f->map->btf_value_type_id, &f->map->value_size);
}

static int read_key_size(struct object *o, const struct field *f)
{
	uint32_t size = 0;

	return read_number(o, f, &size) ?: set_size(o, f, size, &f->map->key_size);
}

static int read_value_size(struct object *o, const struct field *f)
{
	uint32_t size = 0;

	return read_number(o, f, &size) ?: set_size(o, f, size, &f->map->value_size);
}

static int read_map_type(struct object *o, const struct field *f)
{
	return read_number(o, f, &f->map->type);
}

static int read_entries(struct object *o, const struct field *f)
{
	return read_number(o, f, &f->map->max_entries);
}

static int read_flags(struct object *o, const struct field *f)
{
	return read_number(o, f, &f->map->flags);
}

static int read_numa_node(struct object *o, const struct field *f)
{
	return read_number(o, f, &f->map->numa_node);
}

static int read_extra(struct object *o, const struct field *f)
{
	uint32_t extra = 0;
	int err = read_number(o, f, &extra);

	f->map->map_extra = extra;
	return err;
}

static int read_pinning(struct object *o, const struct field *f)
{
	uint32_t pinning = 0;
	int err = read_number(o, f, &pinning);

	if (err)
		return err;
	if (!f->inner || pinning > 1 /* LIBBPF_PIN_BY_NAME */)
		return refuse_field(o, f, REFUSE_map_pinning,
				    "asks for a pinning that does not exist, or of a prototype");
	f->map->pin_by_name = pinning;
	return 0;
}

static bool is_map_of_maps(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static int read_fields(struct object *o, struct spec_map *map,
		       struct spec_map *inner, bool *has_inner,
		       const struct btf_type *def);

/* An array without a length, of pointers to maps or to programs */
static int read_values(struct object *o, const struct field *f)
{
	const struct btf *types = o->spec->types;
	const struct btf_type *t = btf__type_by_id(types, f->type);
	bool maps = is_map_of_maps(f->map->type);
	uint32_t id;

	if (!f->inner || f->i + 1 != btf_vlen(f->def) ||
	    (!maps && f->map->type != BPF_MAP_TYPE_PROG_ARRAY))
		return refuse_field(o, f, REFUSE_map_values,
				    "must be the last, of a program array or an outermost map of maps");
	if (!f->type || !btf_is_array(t) || btf_array(t)->nelems)
		return refuse_field(o, f, REFUSE_map_values,
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
		return refuse_field(o, f, REFUSE_map_values,
				    maps ? "does not point to the definition of a map" :
					   "does not point to functions");
	if (!maps)
		return set_size(o, f, 4, &f->map->value_size);
	*f->has_inner = true;
	return set_size(o, f, 4, &f->map->value_size) ?:
	       read_fields(o, f->inner, NULL, NULL, t);
}

static const struct {
	const char *name;
	int (*read)(struct object *o, const struct field *f);
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

static int read_fields(struct object *o, struct spec_map *map,
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
			.name = btf__name_by_offset(o->spec->types, m->name_off),
			.type = m->type,
		};
		size_t j = 0;

		while (j < N_FIELDS && strcmp(map_fields[j].name, f.name))
			j++;
		if (j == N_FIELDS)
			return refuse_field(o, &f, REFUSE_map_field, "is not known");
		err = map_fields[j].read(o, &f);
	}
	if (!err && map->type == BPF_MAP_TYPE_UNSPEC)
		return refuse(o->spec, REFUSE_map_type,
			      AT(map->section, map->name, map->offset), "its type is not given");
	return err;
}

/* Whether the kernel takes a map of this type with the types of its keys and
 * values: each type of map has its own idea. libbpf leaves them out for some,
 * and tries again without them if creation fails.
 */
static bool kernel_takes_types(const struct object *o, const struct spec_map *map)
{
	const struct btf_type *key;
	uint32_t id = map->btf_key_type_id;

	if (!map->btf_value_type_id)
		return false;
	switch (map->type) {
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
	key = types_skip(o->spec->types, &id);
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
static void finish_map(struct object *o, struct spec_map *map)
{
	if (map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !map->max_entries)
		map->entries = ENTRIES_CPUS;
	else if ((map->type == BPF_MAP_TYPE_RINGBUF ||
		  map->type == BPF_MAP_TYPE_USER_RINGBUF) && map->max_entries)
		map->entries = ENTRIES_PAGES;
	if (!kernel_takes_types(o, map)) {
		map->btf_key_type_id = 0;
		map->btf_value_type_id = 0;
	}
}

/* A variable of section .maps. Its prototype, if it has one, gets the index
 * before it.
 */
static int collect_btf_map(struct object *o, const struct btf_var_secinfo *info,
			   const struct elf_section *section)
{
	const struct btf *types = o->spec->types;
	const struct btf_type *var = btf__type_by_id(types, info->type);
	struct origin origin = {
		.section = elf_index(&o->elf, section),
		.offset = info->offset,
		.size = info->size,
	};
	struct spec_map map = {
		.name = dup_name(o, btf__name_by_offset(types, var->name_off)),
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
		return sink_nomem(o->spec->sink);
	def = types_skip(types, &id);
	if (btf_var(var)->linkage != BTF_VAR_GLOBAL_ALLOCATED)
		return refuse(o->spec, REFUSE_map_static, &place,
			      "a static map is not supported");
	if (!map.name[0] || !def || !btf_is_struct(def) || def->size > info->size ||
	    origin.offset + origin.size > section->size)
		return refuse(o->spec, REFUSE_map_field_type, &place,
			      "not the definition of a map");
	inner.name = arena_printf(o->spec->arena, "%s.inner", map.name);
	if (!inner.name)
		return sink_nomem(o->spec->sink);
	err = read_fields(o, &map, &inner, &has_inner, def);
	if (err)
		return err;
	if (has_inner) {
		to = add_map(o, &(struct origin){ .section = origin.section,
						  .offset = origin.offset });
		if (!to)
			return sink_nomem(o->spec->sink);
		inner.section = to->section;
		*to = inner;
		to->inner_only = true;
		to->kernel_name = cut_map_name(o, inner.name);
		if (!to->kernel_name)
			return sink_nomem(o->spec->sink);
		finish_map(o, to);
		map.inner = o->spec->maps.n - 1;
	}
	if (btf_vlen(def)) {
		uint32_t last = btf_vlen(def) - 1;

		origin.has_values = !strcmp("values",
			btf__name_by_offset(types, btf_members(def)[last].name_off));
		origin.values = info->offset + btf_member_bit_offset(def, last) / 8;
	}
	to = add_map(o, &origin);
	if (!to)
		return sink_nomem(o->spec->sink);
	map.section = to->section;
	*to = map;
	to->kernel_name = cut_map_name(o, map.name);
	if (!to->kernel_name)
		return sink_nomem(o->spec->sink);
	finish_map(o, to);
	return 0;
}

int collect_btf_maps(struct object *o)
{
	const struct elf_section *section = elf_section(&o->elf, ".maps");
	const struct btf_type *t;
	uint32_t id = names_find(&o->datasecs, ".maps");
	int err = 0;

	if (!section)
		return 0;
	if (id == NAMES_NONE)
		return refuse(o->spec, REFUSE_map_without_btf, IN(section->name, NULL),
			      "BTF, which says what maps are in it, is missing");
	t = btf__type_by_id(o->spec->types, id);
	for (uint32_t i = 0; i < btf_vlen(t) && !err; i++)
		err = collect_btf_map(o, &btf_var_secinfos(t)[i], section);
	return err;
}

/* The types that a macro of old associates with a map: a structure of a key and
 * a value
 */
static void find_legacy_types(struct object *o, struct spec_map *map)
{
	const struct btf *types = o->spec->types;
	char name[256];
	const struct btf_type *t;
	uint32_t id;

	if ((size_t)snprintf(name, sizeof(name), "____btf_map_%s", map->name) >=
	    sizeof(name))
		return;
	id = names_find(&o->structs, name);
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

static int collect_legacy_map(struct object *o, const struct elf_symbol *symbol,
			      const struct elf_section *section, uint64_t size)
{
	const uint8_t *def = section->data + symbol->value;
	struct spec_map *map;
	/* struct bpf_map_def */
	uint32_t number[5] = { 0 };

	if (size > section->size - symbol->value)
		return refuse(o->spec, REFUSE_map_legacy,
			      AT(section->name, symbol->name, symbol->value), "its definition is cut off");
	for (size_t i = 0; i < 5 && (i + 1) * 4 <= size; i++)
		number[i] = elf_u32(&o->elf, def + i * 4);
	for (uint64_t i = sizeof(number); i < size; i++)
		if (def[i])
			return refuse(o->spec, REFUSE_map_legacy,
				      AT(section->name, symbol->name, symbol->value + i),
				      "its definition has options that are not known");
	map = add_map(o, &(struct origin){
			.section = elf_index(&o->elf, section),
			.offset = symbol->value,
			.size = size,
		      });
	if (!map)
		return sink_nomem(o->spec->sink);
	map->name = dup_name(o, symbol->name);
	map->kernel_name = cut_map_name(o, symbol->name);
	if (!map->name || !map->kernel_name)
		return sink_nomem(o->spec->sink);
	map->type = number[0];
	map->key_size = number[1];
	map->value_size = number[2];
	map->max_entries = number[3];
	map->flags = number[4];
	find_legacy_types(o, map);
	finish_map(o, map);
	return 0;
}

/* Section "maps" has definitions of one size, which only their number tells. */
int collect_legacy_maps(struct object *o)
{
	const struct elf_section *section = elf_section(&o->elf, "maps");
	const struct elf_symbol *symbol, **found;
	size_t n = 0;
	int err = 0;

	if (!section || !section->size)
		return 0;
	found = arena_array(o->spec->arena, o->elf.symbols.n, sizeof(*found));
	if (!found)
		return sink_nomem(o->spec->sink);
	vec_for_each(symbol, &o->elf.symbols)
		if (symbol->section == elf_index(&o->elf, section) &&
		    symbol->type != STT_SECTION && symbol->name[0])
			found[n++] = symbol;
	if (!section->data || !n || section->size % n || section->size / n < 16)
		return refuse(o->spec, REFUSE_map_legacy, IN(section->name, NULL),
			      "%zu maps cannot have definitions of one size in it", n);
	qsort(found, n, sizeof(*found), by_symbol_value);
	for (size_t i = 0; i < n && !err; i++)
		err = collect_legacy_map(o, found[i], section, section->size / n);
	return err;
}

/* The name by which libbpf makes such a map known: as much of the object's name
 * as fits before the section's, which has at least 7 characters of it; none
 * before one with a second dot
 */
static const char *data_map_name(struct object *o, const char *section)
{
	const char *object = o->spec->name;
	int suffix = strlen(section), prefix;
	char *name;

	suffix = suffix < 7 ? 7 : suffix > NAME_MAX_KERNEL ? NAME_MAX_KERNEL : suffix;
	prefix = strchr(section + 1, '.') ? 0 : NAME_MAX_KERNEL - suffix;
	name = arena_printf(o->spec->arena, "%.*s%.*s", prefix, object, suffix, section);
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

static int set_data_map(struct object *o, struct spec_map *map, enum spec_map_kind kind,
			uint32_t size)
{
	map->name = map->section;
	map->kernel_name = data_map_name(o, map->section);
	if (!map->kernel_name)
		return sink_nomem(o->spec->sink);
	map->kind = kind;
	map->type = BPF_MAP_TYPE_ARRAY;
	map->key_size = sizeof(uint32_t);
	map->value_size = size;
	map->max_entries = 1;
	map->flags = spec_map_is_frozen(map) ? BPF_F_RDONLY_PROG : 0;
	map->datasec = names_find(&o->datasecs, map->section);
	if (map->datasec == NAMES_NONE)
		map->datasec = 0;
	if (has_variables(o->spec->types, map->datasec))
		map->flags |= BPF_F_MMAPABLE;
	map->btf_value_type_id = map->datasec;
	return 0;
}

static int collect_data_map(struct object *o, const struct elf_section *section,
			    enum spec_map_kind kind)
{
	struct spec_map *map;
	int err;

	if (section->size > UINT32_MAX)
		return refuse(o->spec, REFUSE_too_big, IN(section->name, NULL),
			      "no map can have a value of that size");
	map = add_map(o, &(struct origin){
			.section = elf_index(&o->elf, section),
			.size = section->size,
		      });
	if (!map)
		return sink_nomem(o->spec->sink);
	err = set_data_map(o, map, kind, section->size);
	if (err)
		return err;
	if (!section->data || all_zero(section->data, section->size))
		return 0;
	map->data = arena_dup(o->spec->arena, section->data, section->size);
	return map->data ? 0 : sink_nomem(o->spec->sink);
}

int collect_data_maps(struct object *o)
{
	const struct elf_section *s;
	int err = 0;

	vec_for_each(s, &o->elf.sections) {
		if (!s->size || elf_is_code(s) ||
		    (s->type != SHT_PROGBITS && s->type != SHT_NOBITS))
			continue;
		if (is_kind(s->name, ".data"))
			err = collect_data_map(o, s, MAP_DATA);
		else if (is_kind(s->name, ".rodata"))
			err = collect_data_map(o, s, MAP_RODATA);
		else if (is_kind(s->name, ".bss") && s->type == SHT_NOBITS)
			err = collect_data_map(o, s, MAP_BSS);
		if (err)
			return err;
	}
	return 0;
}

/* It has no section of its own: externs are in none. */
int collect_kconfig_map(struct object *o)
{
	struct spec_map *map;

	if (!o->kconfig_size)
		return 0;
	map = add_map(o, &(struct origin){ .section = SHN_UNDEF });
	if (!map)
		return sink_nomem(o->spec->sink);
	map->section = ".kconfig";
	o->kconfig_map = o->spec->maps.n - 1;
	return set_data_map(o, map, MAP_KCONFIG, o->kconfig_size);
}

/* The map whose definition, or data, has this byte of a section; or SPEC_NONE */
int map_with(const struct object *o, uint32_t section, uint64_t offset)
{
	uint32_t low, high;

	if (section >= o->elf.sections.n)	/* SHN_ABS and the like */
		return SPEC_NONE;
	low = o->maps_of[section].first;
	high = low + o->maps_of[section].n;
	/* Behind the last that begins at @offset or before */
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (o->origins.items[mid].offset <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == o->maps_of[section].first ||
	    offset - o->origins.items[low - 1].offset >= o->origins.items[low - 1].size)
		return SPEC_NONE;
	return low - 1;
}

/* Data that is to hold an address: no kernel relocates it. */
int collect_data_refs(struct object *o)
{
	const struct elf_section *s;

	vec_for_each(s, &o->elf.sections) {
		int map = map_with(o, s->target, 0);

		if (!s->n_relocs || map == SPEC_NONE ||
		    o->spec->maps.items[map].kind == MAP_DEFINED ||
		    o->spec->maps.items[map].kind == MAP_OPS)
			continue;
		return refuse(o->spec, REFUSE_data_address,
			      AT(section_name(o, s->target), NULL, s->relocs[0].r_offset),
			      "data holds the address of '%s', which is not known before the load",
			      o->elf.symbols.items[ELF64_R_SYM(s->relocs[0].r_info)].name);
	}
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct spec_map_slot *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static int collect_slot(struct object *o, const struct elf_section *section,
			const Elf64_Rel *rel)
{
	const struct elf_symbol *symbol =
		&o->elf.symbols.items[ELF64_R_SYM(rel->r_info)];
	struct place place = *AT(section->name, symbol->name, rel->r_offset);
	int index = map_with(o, elf_index(&o->elf, section), rel->r_offset);
	struct spec_map_slot *slot;
	const struct origin *origin;
	struct spec_map *map;
	uint64_t target;
	int ref;

	if (index == SPEC_NONE || section->size - rel->r_offset < 8 || !section->data)
		return refuse(o->spec, REFUSE_map_slot, &place, "a value of no map");
	map = &o->spec->maps.items[index];
	origin = &o->origins.items[index];
	if (!origin->has_values || rel->r_offset < origin->values ||
	    (rel->r_offset - origin->values) % 8)
		return refuse(o->spec, REFUSE_map_slot, &place,
			      "not one of the values of map '%s'", map->name);
	target = symbol->value + elf_u64(&o->elf, section->data + rel->r_offset);
	if (map->type == BPF_MAP_TYPE_PROG_ARRAY) {
		const struct code_func *func =
			target % 8 ? NULL :
			code_func_at(&o->code, symbol->section, target / 8);

		ref = func ? func->prog : SPEC_NONE;
	} else {
		if (map->type == BPF_MAP_TYPE_HASH_OF_MAPS && map->key_size != 4)
			return refuse(o->spec, REFUSE_map_slot, &place,
				      "map '%s' has keys that are no numbers of 4 bytes",
				      map->name);
		ref = map_with(o, symbol->section, target);
		if (ref != SPEC_NONE &&
		    (o->origins.items[ref].offset != target ||
		     o->spec->maps.items[ref].kind != MAP_DEFINED))
			ref = SPEC_NONE;
	}
	if (ref == SPEC_NONE)
		return refuse(o->spec, REFUSE_map_slot, &place,
			      "not a %s, as map '%s' needs",
			      map->type == BPF_MAP_TYPE_PROG_ARRAY ? "program" : "map",
			      map->name);
	slot = vec_push(o->spec->arena, &map->slots);
	if (!slot)
		return sink_nomem(o->spec->sink);
	slot->key = (rel->r_offset - origin->values) / 8;
	slot->ref = ref;
	return 0;
}

int collect_slots(struct object *o)
{
	const struct elf_section *s;
	struct spec_map *map;
	int err;

	vec_for_each(s, &o->elf.sections) {
		const struct elf_section *target = &o->elf.sections.items[s->target];

		for (size_t i = 0; i < s->n_relocs && !strcmp(target->name, ".maps"); i++) {
			err = collect_slot(o, target, &s->relocs[i]);
			if (err)
				return err;
		}
	}
	vec_for_each(map, &o->spec->maps)
		if (map->slots.n)
			qsort(map->slots.items, map->slots.n, sizeof(*map->slots.items),
			      by_key);
	return 0;
}
