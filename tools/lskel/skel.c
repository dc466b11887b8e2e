// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "refuse.h"
#include "skel.h"

/* The kernel does not go deeper either */
#define DEPTH_MAX	32
/* Types that are written out where they are used may multiply */
#define MEMBERS_MAX	(1 << 20)

static int nomem(const struct skel *skel)
{
	return sink_nomem(skel->spec->sink);
}

/* Names */

/* Words of C11 and C++20, macros of the headers that a skeleton includes, and
 * types that it uses; sorted. Names that begin with "__", with "_" and a capital
 * or with "lskel" need not be here.
 */
static const char *const claimed[] = {
	"alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
	"bool", "break", "case", "catch", "char", "char16_t", "char32_t",
	"char8_t", "class", "co_await", "co_return", "co_yield", "compl",
	"concept", "const", "const_cast", "consteval", "constexpr", "constinit",
	"continue", "decltype", "default", "delete", "do", "double",
	"dynamic_cast", "else", "enum", "errno", "explicit", "export", "extern",
	"false", "float", "for", "friend", "goto", "i386", "if", "inline", "int",
	"linux", "long", "mutable", "namespace", "new", "noexcept", "not",
	"not_eq", "nullptr", "offsetof", "operator", "or", "or_eq", "private",
	"protected", "public", "register", "reinterpret_cast", "requires",
	"restrict", "return", "short", "signed", "sizeof", "st_atime",
	"st_ctime", "st_mtime", "static", "static_assert", "static_cast",
	"stderr", "stdin", "stdout", "struct", "switch", "template", "this",
	"thread_local", "throw", "true", "try", "typedef", "typeid", "typename",
	"typeof", "typeof_unqual", "union", "unix", "unsigned", "using",
	"virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
};

/* Structures of the C library: no name for a skeleton */
static const char *const libc_tags[] = {
	"drand48_data", "epoll_event", "epoll_params", "f_owner_ex", "file_handle",
	"flock", "flock64", "iovec", "obstack", "random_data", "rlimit", "rlimit64",
	"rusage", "stat", "stat64", "statx", "statx_timestamp", "timespec",
	"timeval", "timezone",
};

static int by_name(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

#define AMONG(name, list) \
	bsearch(name, list, sizeof(list) / sizeof((list)[0]), sizeof((list)[0]), by_name)

static bool is_claimed(const char *ident)
{
	return (ident[0] == '_' && (ident[1] == '_' || isupper((unsigned char)ident[1]))) ||
	       !strncasecmp(ident, "lskel", strlen("lskel")) || AMONG(ident, claimed);
}

/* Where @ident is, or would be, in the table of @scope, which has room */
static uint32_t *hash_place(const struct skel_scope *scope, const char *ident)
{
	uint32_t hash = 2166136261;	/* FNV-1a */
	const char *c;

	for (c = ident; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619;
	for (;; hash++) {
		uint32_t *place = &scope->table[hash & (scope->table_size - 1)];

		if (!*place || !strcmp(scope->names.items[*place - 1].ident, ident))
			return place;
	}
}

static const struct skel_name *find_name(const struct skel_scope *scope, const char *ident)
{
	uint32_t nr = scope->table_size ? *hash_place(scope, ident) : 0;

	return nr ? &scope->names.items[nr - 1] : NULL;
}

static bool make_room(struct arena *arena, struct skel_scope *scope)
{
	size_t i;

	if (scope->names.n * 2 < scope->table_size)
		return true;
	scope->table_size = scope->table_size ? scope->table_size * 2 : 16;
	scope->table = arena_array(arena, scope->table_size, sizeof(*scope->table));
	for (i = 0; scope->table && i < scope->names.n; i++)
		*hash_place(scope, scope->names.items[i].ident) = (uint32_t)i + 1;
	return scope->table;
}

/* @raw: the name in the object, NULL: our own. Gives @ident, or NULL for no
 * memory, also if @ident is NULL.
 */
static const char *add_name(struct skel *skel, struct skel_scope *scope, const char *what,
			    const char *raw, const char *ident)
{
	struct arena *arena = skel->spec->arena;
	struct skel_name *name = NULL;

	if (ident && make_room(arena, scope))
		name = vec_push(arena, &scope->names);
	if (!name) {
		nomem(skel);
		return NULL;
	}
	*name = (struct skel_name){ .ident = ident, .what = what, .raw = raw };
	*hash_place(scope, ident) = (uint32_t)scope->names.n;
	return ident;
}

/* @raw with the bytes replaced that an identifier cannot have */
static char *spell(const struct skel *skel, const char *raw)
{
	bool digit = raw[0] >= '0' && raw[0] <= '9';
	char *ident = arena_printf(skel->spec->arena, "%s%s", digit || !raw[0] ? "_" : "", raw);
	char *c;

	for (c = ident; c && *c; c++)
		if (!isascii((unsigned char)*c) || (!isalnum((unsigned char)*c) && *c != '_'))
			*c = '_';
	return ident;
}

const char *skel_ident(struct skel *skel, struct skel_scope *scope, const char *what,
		       const char *raw, const struct place *at)
{
	const struct skel_name *other;
	const char *ident = spell(skel, raw);

	if (!ident)
		goto nomem;
	other = find_name(scope, ident);
	if (is_claimed(ident) || (other && !other->raw)) {
		ident = arena_printf(skel->spec->arena, "%s_", ident);
		if (!ident)
			goto nomem;
		other = find_name(scope, ident);
	}
	if (other) {
		refuse(skel->spec, REFUSE_name_collision, at,
		       "%s '%.128s' and %s '%.128s' would both be called %.128s in the skeleton",
		       other->what, other->raw ? other->raw : other->ident, what, raw, ident);
		return NULL;
	}
	return add_name(skel, scope, what, raw, ident);
nomem:
	nomem(skel);
	return NULL;
}

/* A tag for the type @id; types may have the same name */
static const char *type_tag(struct skel *skel, const char *raw, uint32_t id)
{
	const char *ident = spell(skel, raw);

	while (ident && find_name(&skel->tags, ident))
		ident = arena_printf(skel->spec->arena, "%s_%u", ident, id);
	return add_name(skel, &skel->tags, "type", raw, ident);
}

/* Types */

struct typing {
	struct skel *skel;
	const struct btf *btf;
	int *done;		/* by BTF id: index in skel.types plus 1; or 0 */
	unsigned int depth;
	size_t members;
	struct place at;	/* the variable whose type it is */
};

static int too_deep(const struct typing *t)
{
	return refuse(t->skel->spec, REFUSE_too_deep, &t->at,
		      "its type is nested too deep, or has too many members");
}

static int make_type(struct typing *t, struct skel_type *type, uint32_t id,
		     struct skel_scope *scope);

static struct skel_field *add_field(struct typing *t, struct skel_type *type)
{
	struct skel_field *field = vec_push(t->skel->spec->arena, &type->fields);

	if (!field)
		nomem(t->skel);
	return field;
}

/* The type behind @id in a place of its own, or the one that it got before.
 * @name: of the typedef it was reached by. Returns the index or a negative errno.
 */
static int add_type(struct typing *t, uint32_t id, const char *name)
{
	const struct btf_type *btf_type = btf__type_by_id(t->btf, id);
	struct skel_type type = {}, *place;
	struct skel *skel = t->skel;
	int err;

	if (btf_type->name_off)
		name = btf__name_by_offset(t->btf, btf_type->name_off);
	if (t->done[id])
		return t->done[id] - 1;
	err = make_type(t, &type, id, &type.scope);
	if (err)
		return err;
	if (name) {
		type.ident = type_tag(skel, name, id);
		if (!type.ident)
			return -ENOMEM;
	}
	place = vec_push(skel->spec->arena, &skel->types);
	if (!place)
		return nomem(skel);
	*place = type;
	/* What has no name is written out at every use, a copy each */
	if (name)
		t->done[id] = (int)skel->types.n;
	return (int)skel->types.n - 1;
}

/* The elements of one array, so that a field is dims of them */
static uint64_t field_bytes(const struct skel_field *field)
{
	uint64_t size = field->size;
	size_t i;

	/* The dimensions were checked against the size of what contains them */
	for (i = 0; i < field->dims.n; i++)
		size *= field->dims.items[i];
	return size;
}

static uint32_t field_align(const struct skel *skel, const struct skel_field *field)
{
	switch (field->base) {
	case SKEL_UNSIGNED:
	case SKEL_SIGNED:
	case SKEL_FLOAT:
		return field->size;
	case SKEL_STRUCT:
		return skel->types.items[field->type].align;
	default:
		return 1;
	}
}

static void set_bytes(struct skel_field *field, uint32_t size)
{
	field->base = SKEL_BYTES;
	field->size = size;
	field->dims.n = 0;
}

/* Fill in what @field holds: the type @id, which has at most @room bytes */
static int set_type(struct typing *t, struct skel_field *field, uint32_t id, uint32_t room)
{
	const struct btf_type *type;
	const char *name = NULL;
	unsigned int depth = 0;
	uint64_t n = 1;
	__s64 size;

	size = btf__resolve_size(t->btf, id);
	if (size <= 0 || size > room) {
		set_bytes(field, 0);
		return 0;
	}
	for (;;) {
		type = btf__type_by_id(t->btf, id);
		if (!type || ++depth > DEPTH_MAX)
			return too_deep(t);
		if (btf_is_mod(type) || btf_is_typedef(type)) {
			if (btf_is_typedef(type))
				name = btf__name_by_offset(t->btf, type->name_off);
			id = type->type;
		} else if (btf_is_array(type)) {
			uint32_t *dim = vec_push(t->skel->spec->arena, &field->dims);

			if (!dim)
				return nomem(t->skel);
			*dim = btf_array(type)->nelems;
			n *= *dim;
			id = btf_array(type)->type;
			name = NULL;
		} else {
			break;
		}
		if (!n) {
			set_bytes(field, 0);
			return 0;
		}
	}
	field->size = (uint32_t)(size / n);
	switch (btf_kind(type)) {
	case BTF_KIND_INT:
		name = btf__name_by_offset(t->btf, type->name_off);
		if (btf_int_offset(type) || btf_int_bits(type) != type->size * 8)
			break;
		if (type->size == 1 && btf_int_encoding(type) & BTF_INT_BOOL)
			field->base = SKEL_BOOL;
		else if (type->size == 1 && name && !strcmp(name, "char"))
			field->base = SKEL_CHAR;
		else
			field->base = btf_int_encoding(type) & BTF_INT_SIGNED ? SKEL_SIGNED :
				      SKEL_UNSIGNED;
		goto scalar;
	case BTF_KIND_PTR:
		field->base = SKEL_UNSIGNED;
		goto scalar;
	case BTF_KIND_ENUM:
		/* Compilers that do not say whether it is signed use one for
		 * negative values; assignments work either way.
		 */
		field->base = btf_kflag(type) ? SKEL_SIGNED : SKEL_UNSIGNED;
		goto scalar;
	case BTF_KIND_ENUM64:
		field->base = btf_kflag(type) ? SKEL_SIGNED : SKEL_UNSIGNED;
		goto scalar;
	case BTF_KIND_FLOAT:
		if (field->size != 4 && field->size != 8)
			break;
		field->base = SKEL_FLOAT;
		return 0;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		field->type = add_type(t, id, name);
		if (field->type < 0)
			return field->type;
		field->base = SKEL_STRUCT;
		return 0;
	}
	set_bytes(field, (uint32_t)size);
	return 0;
scalar:
	if (field->size > 8 || (field->size & (field->size - 1)))
		set_bytes(field, (uint32_t)size);
	return 0;
}

static int pad_bits(struct typing *t, struct skel_type *type, uint64_t from, uint64_t to)
{
	while (from < to) {
		struct skel_field *field = add_field(t, type);
		uint64_t edge = (from | 7) + 1;

		if (!field)
			return -ENOMEM;
		field->base = SKEL_PADDING;
		field->offset = (uint32_t)(from / 8);
		if (from % 8 || to - from < 8) {
			field->size = 1;
			field->bits = (uint32_t)((edge < to ? edge : to) - from);
			from += field->bits;
		} else {
			field->size = (uint32_t)((to - from) / 8);
			from += field->size * 8ULL;
		}
	}
	return 0;
}

/* Where a member begins and ends, in bits */
struct extent {
	struct skel_field field;
	uint64_t begin, end;
};

/* Put the members in @extents, which are those of a structure of @type->size bytes
 * in order, into it, with all padding. Returns true, false if C has no such
 * structure, or a negative errno.
 */
static int lay_out(struct typing *t, struct skel_type *type, const struct extent *extents, size_t n)
{
	uint64_t at = 0, end = type->size * 8ULL;
	struct skel_field *field;
	size_t i;
	int err;

	type->align = 1;
	for (i = 0; i < n; i++) {
		const struct extent *p = &extents[i];
		uint32_t align = field_align(t->skel, &p->field);

		if (p->begin < at || p->end > end || (!p->field.bits && p->begin % 8) ||
		    (type->is_union && p->begin))
			return false;
		if (p->field.bits || p->begin / 8 % align)
			type->packed = true;
		if (align > type->align)
			type->align = align;
		if (!type->is_union)
			at = p->end;
	}
	if (type->size % type->align)
		type->packed = true;
	if (type->packed)
		type->align = 1;

	at = 0;
	for (i = 0; i < n; i++) {
		const struct extent *p = &extents[i];

		if (!type->is_union) {
			err = pad_bits(t, type, at, p->begin);
			if (err)
				return err;
		}
		field = add_field(t, type);
		if (!field)
			return -ENOMEM;
		*field = p->field;
		at = type->is_union && at > p->end ? at : p->end;
	}
	if (at < end) {
		err = pad_bits(t, type, type->is_union ? 0 : at, end);
		if (err)
			return err;
	}
	return true;
}

/* Give up: the type is so many bytes. In the scope of another, it has no name. */
static int only_bytes(struct typing *t, struct skel_type *type, const struct skel_scope *scope)
{
	struct skel_field *field;

	type->fields.n = 0;
	type->packed = false;
	type->align = 1;
	field = add_field(t, type);
	if (!field)
		return -ENOMEM;
	set_bytes(field, type->size);
	if (scope == &type->scope)
		field->ident = "bytes";
	else
		field->base = SKEL_PADDING;
	return 0;
}

/* The structure or union @id as @type, its members named in @scope */
static int make_type(struct typing *t, struct skel_type *type, uint32_t id,
		     struct skel_scope *scope)
{
	const struct btf_type *btf_type = btf__type_by_id(t->btf, id);
	const struct btf_member *members = btf_members(btf_type);
	struct extent *extents;
	uint32_t i, n = 0;
	int err;

	t->members += btf_vlen(btf_type) + 1;
	if (t->depth == DEPTH_MAX || t->members > MEMBERS_MAX)
		return too_deep(t);
	t->depth++;
	type->is_union = btf_is_union(btf_type);
	type->size = btf_type->size;
	extents = arena_array(t->skel->spec->arena, btf_vlen(btf_type) + 1, sizeof(*extents));
	if (!extents)
		return nomem(t->skel);
	for (i = 0; i < btf_vlen(btf_type); i++) {
		const char *name = btf__name_by_offset(t->btf, members[i].name_off);
		struct extent *p = &extents[n];

		*p = (struct extent){ .begin = btf_member_bit_offset(btf_type, i) };
		if (p->begin > type->size * 8ULL)
			break;
		p->field.bits = btf_member_bitfield_size(btf_type, i);
		p->field.offset = (uint32_t)(p->begin / 8);
		if (!name[0]) {
			const struct btf_type *inner = btf__type_by_id(t->btf, members[i].type);
			struct skel_type *place, anon = {};

			if (!inner || !btf_is_composite(inner) || p->field.bits)
				continue;
			if (inner->size > type->size)
				break;
			err = make_type(t, &anon, members[i].type, scope);
			if (err)
				return err;
			place = vec_push(t->skel->spec->arena, &t->skel->types);
			if (!place)
				return nomem(t->skel);
			*place = anon;
			p->field.base = SKEL_STRUCT;
			p->field.type = (int)t->skel->types.n - 1;
			p->field.size = anon.size;
		} else {
			err = set_type(t, &p->field, members[i].type, type->size);
			if (err)
				return err;
		}
		if (!field_bytes(&p->field))
			continue;
		if (p->field.bits) {
			if (p->field.dims.n || p->field.base > SKEL_BOOL ||
			    p->field.base == SKEL_CHAR || p->field.bits > p->field.size * 8)
				break;
			p->end = p->begin + p->field.bits;
		} else {
			p->end = p->begin + field_bytes(&p->field) * 8;
		}
		if (name[0]) {
			p->field.ident = skel_ident(t->skel, scope, "member", name, &t->at);
			if (!p->field.ident)
				return -EINVAL;
		}
		n++;
	}
	err = i == btf_vlen(btf_type) ? lay_out(t, type, extents, n) : false;
	if (!err)
		err = only_bytes(t, type, scope) ?: true;
	t->depth--;
	return err < 0 ? err : 0;
}

/* The variables of a data section, as far as other files may know of them. Of
 * those that share a place the first one counts.
 */
static int make_section(struct typing *t, struct skel_type *type, const struct spec_map *map)
{
	const struct btf_type *datasec = map->datasec ? btf__type_by_id(t->btf, map->datasec) : NULL;
	const struct btf_var_secinfo *var = datasec ? btf_var_secinfos(datasec) : NULL;
	uint32_t i, n = 0, vars = datasec ? btf_vlen(datasec) : 0;
	struct skel_scope *scope = &type->scope;
	struct extent *extents;
	const char *name;
	int err;

	type->size = map->value_size;
	extents = arena_array(t->skel->spec->arena, vars + 1, sizeof(*extents));
	if (!extents)
		return nomem(t->skel);
	for (i = 0; i < vars; i++) {
		const struct btf_type *btf_type = btf__type_by_id(t->btf, var[i].type);
		struct extent *p = &extents[n];

		if (!btf_type || !btf_is_var(btf_type) ||
		    btf_var(btf_type)->linkage == BTF_VAR_STATIC ||
		    (n && var[i].offset * 8ULL < extents[n - 1].end))
			continue;
		*p = (struct extent){ .begin = var[i].offset * 8ULL };
		p->field.offset = var[i].offset;
		name = btf__name_by_offset(t->btf, btf_type->name_off);
		t->at = *AT(map->section, name, var[i].offset);
		err = set_type(t, &p->field, btf_type->type, var[i].size);
		if (err)
			return err;
		if (!field_bytes(&p->field)) {
			if (!var[i].size)
				continue;
			set_bytes(&p->field, var[i].size);
		}
		p->end = p->begin + field_bytes(&p->field) * 8;
		p->field.ident = skel_ident(t->skel, scope, "variable", name, &t->at);
		if (!p->field.ident)
			return -EINVAL;
		n++;
	}
	/* It is the only one of its kind: what is behind its end does not matter */
	for (i = 0; i < n; i++) {
		uint32_t align = field_align(t->skel, &extents[i].field);

		type->size = (type->size + align - 1) / align * align;
	}
	err = n ? lay_out(t, type, extents, n) : false;
	if (!err)
		err = only_bytes(t, type, scope) ?: true;
	return err < 0 ? err : 0;
}

/* The parts of the skeleton */

/* A map of the object whose value user space may have in its memory */
static bool is_visible(const struct spec_map *map)
{
	return map->kind != MAP_DEFINED && map->flags & BPF_F_MMAPABLE && map->value_size;
}

/* The map with all its names */
static int add_map(struct skel *skel, const struct spec_map *map)
{
	const struct spec *spec = skel->spec;
	struct skel_map *m = vec_push(spec->arena, &skel->maps);
	const struct place at = *AT(map->section, map->name, map->offset);
	const char *name = map->name;

	if (!m)
		return nomem(skel);
	*m = (struct skel_map){ .map = map, .section = SPEC_NONE, .data = NOT_HERE };
	if (map->inner_only)
		return 0;
	/* A section is called without its dot */
	if (map->kind != MAP_DEFINED && name[0] == '.')
		name++;
	m->ident = skel_ident(skel, &skel->maps_scope, "map", name, &at);
	if (!m->ident)
		return -EINVAL;
	if (map->ops) {
		m->link = skel_ident(skel, &skel->progs_scope, "table", name, &at);
		skel->tables++;
		return m->link ? 0 : -EINVAL;
	}
	if (!is_visible(map))
		return 0;
	m->member = skel_ident(skel, &skel->members, "section", name, &at);
	if (!m->member)
		return -EINVAL;
	return add_name(skel, &skel->tags, "section", map->name, m->ident) ? 0 : -ENOMEM;
}

/* The structure that a table is */
static int add_ops(struct typing *t, struct skel_map *m)
{
	const struct spec_map *map = m->map;

	t->at = *AT(map->section, map->name, map->offset);
	m->ops = add_type(t, map->ops->type, NULL);
	return m->ops < 0 ? m->ops : 0;
}

/* What the user sees of its value */
static int add_section(struct typing *t, struct skel_map *m)
{
	struct skel *skel = t->skel;
	struct skel_type type = { .ident = m->ident }, *place;
	int err;

	err = make_section(t, &type, m->map);
	if (err)
		return err;
	place = vec_push(skel->spec->arena, &skel->types);
	if (!place)
		return nomem(skel);
	*place = type;
	m->section = (int)skel->types.n - 1;
	return 0;
}

static int add_prog(struct skel *skel, const struct spec_prog *prog)
{
	struct skel_prog *p = vec_push(skel->spec->arena, &skel->progs);

	if (!p)
		return nomem(skel);
	*p = (struct skel_prog){
		.prog = prog,
		.ident = skel_ident(skel, &skel->progs_scope, "program", prog->name,
				    AT(prog->section, prog->name, prog->offset)),
		.sec = prog->section[0] == '?' ? prog->section + 1 : prog->section,
	};
	if (!p->ident)
		return -EINVAL;
	p->attach = attach_find(skel->spec, prog, &p->where);
	return p->attach ? 0 : nomem(skel);
}

/* Which steps make the maps and programs, and what else concerns them */
static int find_steps(struct skel *skel)
{
	const struct plan *plan = skel->plan;
	struct skel_prog **by_slot = arena_array(skel->spec->arena, plan->slots, sizeof(*by_slot));
	const struct spec_map_slot *slot;
	const struct plan_step *step;
	const struct spec_map *map;

	if (!by_slot)
		return nomem(skel);
	vec_for_each(step, &plan->steps) {
		uint32_t nr = (uint32_t)(step - plan->steps.items);

		if (step->kind == PLAN_MAP_CREATE)
			skel->maps.items[step->map].step = nr;
		if (step->kind == PLAN_PROG_LOAD) {
			skel->progs.items[step->prog].step = nr;
			by_slot[step->slot] = &skel->progs.items[step->prog];
		}
	}
	/* The guard of a program may be before the look-up that it needs, that of a
	 * map before its prototype.
	 */
	vec_for_each(step, &plan->steps) {
		if (step->guard != GUARD_UNSET)
			continue;
		if (by_slot[step->guard_slot])
			by_slot[step->guard_slot]->choice = true;
		if (step->guard_slot < skel->maps.n)
			skel->maps.items[step->guard_slot].choice = true;
	}
	vec_for_each(map, &skel->spec->maps)
		if (map->type == BPF_MAP_TYPE_PROG_ARRAY)
			vec_for_each(slot, &map->slots)
				skel->progs.items[slot->ref].called = true;
	return 0;
}

bool skel_prog_is_called(const struct skel_prog *prog)
{
	return prog->called || prog->prog->attach == ATTACH_RUN || prog->prog->attach == ATTACH_STRUCT_OPS;
}

static bool refers_to(const struct spec *spec, const struct spec_prog *prog, int index)
{
	const struct spec_extern *ext = &spec->externs.items[index];
	const struct spec_ksym_ref *ksym;
	const struct spec_map_ref *map;

	vec_for_each(ksym, &prog->ksym_refs)
		if (ksym->ext == index)
			return true;
	if (ext->kind != EXTERN_KCONFIG)
		return false;
	vec_for_each(map, &prog->map_refs)
		if (spec->maps.items[map->map].kind == MAP_KCONFIG &&
		    map->offset == ext->offset)
			return true;
	return false;
}

/* How C writes the type, roughly: it is for messages */
static const char *type_name(struct skel *skel, const struct btf_type *type)
{
	const char *name = btf__name_by_offset(skel->spec->types, type->name_off);
	bool is_union = btf_is_union(type) || (btf_is_fwd(type) && btf_kflag(type));
	const char *word = is_union ? "union " : btf_is_any_enum(type) ? "enum " :
			   btf_is_struct(type) || btf_is_fwd(type) ? "struct " : "";

	return arena_printf(skel->spec->arena, "%s%s", name[0] ? word : "", name);
}

static int add_externs(struct skel *skel)
{
	const struct spec *spec = skel->spec;
	const struct spec_extern *ext;
	const struct spec_prog *prog;

	vec_for_each(ext, &spec->externs) {
		struct skel_extern *to = vec_push(spec->arena, &skel->externs);
		size_t nr = ext - spec->externs.items;

		if (!to)
			return nomem(skel);
		*to = (struct skel_extern){
			.ext = ext, .slot = skel->plan->extern_slot[nr], .type_name = "",
			.user = (uint32_t)skel->users.n,
		};
		vec_for_each(prog, &spec->progs) {
			uint32_t *user;

			if (!refers_to(spec, prog, (int)nr))
				continue;
			user = vec_push(spec->arena, &skel->users);
			if (!user)
				return nomem(skel);
			*user = (uint32_t)(prog - spec->progs.items);
			to->users++;
		}
		if (ext->kind == EXTERN_VAR) {
			const struct btf_type *type = btf__type_by_id(spec->types, ext->type);

			to->type = btf_kind(type);
			to->type_name = type_name(skel, type);
			if (!to->type_name)
				return nomem(skel);
		}
	}
	return 0;
}

/* Where the initial values of maps and the instructions are in the blobs */
static void find_values(struct skel *skel)
{
	const struct loader *loader;
	const struct plan_data *data;
	struct skel_prog *prog;

	vec_for_each(prog, &skel->progs) {
		const struct plan_step *step = &skel->plan->steps.items[prog->step];

		vec_for_each(loader, &skel->loaders->loader)
			if (prog->step - loader->first < loader->steps)
				prog->insns = loader->data[patch_data(step)];
	}

	vec_for_each(data, &skel->plan->data) {
		size_t nr = data - skel->plan->data.items;

		if (data->map == SPEC_NONE)
			continue;
		vec_for_each(loader, &skel->loaders->loader) {
			if (loader->data[nr] == NOT_HERE)
				continue;
			skel->maps.items[data->map].loader =
				(uint32_t)(loader - skel->loaders->loader.items);
			skel->maps.items[data->map].data = loader->data[nr];
		}
	}
}

int skel_make(struct skel *skel, const struct spec *spec, const struct plan *plan,
	      const struct loaders *loaders, const char *name)
{
	static const char *const own[] = {
		"lskel", "maps", "progs", "links", "struct_ops", "pin_dir", "config"
	};
	struct skel_scope names = {};
	struct typing t = { .skel = skel, .btf = spec->types };
	const struct spec_prog *prog;
	const struct spec_map *map;
	struct skel_map *m;
	size_t i;
	int err;

	*skel = (struct skel){ .spec = spec, .plan = plan, .loaders = loaders };
	for (i = 0; i < sizeof(libc_tags) / sizeof(libc_tags[0]); i++)
		if (!add_name(skel, &names, "structure", NULL, libc_tags[i]))
			return -ENOMEM;
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!add_name(skel, &skel->members, "member", NULL, own[i]))
			return -ENOMEM;
	skel->name = skel_ident(skel, &names, "object", name ? name : spec->name,
				IN(NULL, NULL));
	if (!skel->name)
		return -ENOMEM;
	if (t.btf) {
		t.done = arena_array(spec->arena, btf__type_cnt(t.btf), sizeof(*t.done));
		if (!t.done)
			return nomem(skel);
	}
	vec_for_each(map, &spec->maps) {
		err = add_map(skel, map);
		if (err)
			return err;
	}
	vec_for_each(m, &skel->maps) {
		err = m->member ? add_section(&t, m) : m->link ? add_ops(&t, m) : 0;
		if (err)
			return err;
	}
	vec_for_each(prog, &spec->progs) {
		err = add_prog(skel, prog);
		if (err)
			return err;
	}
	err = add_externs(skel) ?: find_steps(skel);
	if (!err)
		find_values(skel);
	return err;
}
