// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tables of operations: variables in sections .struct_ops*, and programs that are
 * members of them.
 */
#include "core/core.h"
#include "object.h"

#define OPS_SECTION		".struct_ops"
#define OPS_LINK_SECTION	".struct_ops.link"

/* Flag of a map, of Linux 6.4 */
#define F_LINK			(1u << 13)

static int collect_member(struct object *o, const struct spec_map *map,
			  const struct btf_type *def, uint32_t i)
{
	const struct btf *types = o->spec->types;
	const struct btf_member *m = &btf_members(def)[i];
	const char *name = btf__name_by_offset(types, m->name_off);
	uint32_t offset = btf_member_bit_offset(def, i), id = m->type;
	const struct btf_type *type = types_skip(types, &id);
	int64_t size = btf__resolve_size(types, m->type);
	struct spec_member *member;

	if (btf_member_bitfield_size(def, i) || offset % 8)
		return refuse(o->spec, REFUSE_ops_member,
			      AT(map->section, map->name, map->offset),
			      "member '%s' is a bit-field", name);
	offset /= 8;
	if (!type || size < 0 || offset > def->size || size > def->size - offset)
		return refuse(o->spec, REFUSE_ops_member,
			      AT(map->section, map->name, map->offset),
			      "member '%s' has no size, or exceeds the structure", name);
	member = vec_push(o->spec->arena, &map->ops->members);
	if (!member)
		return sink_nomem(o->spec->sink);
	*member = (struct spec_member){
		.name = dup_name(o, name), .offset = offset, .size = size,
		.kind = btf_kind(type), .prog = SPEC_NONE,
	};
	return member->name ? 0 : sink_nomem(o->spec->sink);
}

/* A variable of one of the sections. The structure may be a flavour of the kernel's. */
static int collect_table(struct object *o, const struct btf_var_secinfo *info,
			 const struct elf_section *section)
{
	const struct btf *types = o->spec->types;
	const struct btf_type *var = btf__type_by_id(types, info->type), *def;
	const char *name = btf__name_by_offset(types, var->name_off), *tag = "";
	const struct place *place = AT(section->name, name, info->offset);
	uint32_t id = var->type;
	struct spec_map *map;
	struct spec_ops *ops;
	int err = 0;

	def = types_skip(types, &id);
	if (def && btf_is_struct(def) && btf_vlen(def))
		tag = btf__name_by_offset(types, def->name_off);
	if (!tag[0] || !section->data || def->size > info->size ||
	    info->offset > section->size || info->size > section->size - info->offset)
		return refuse(o->spec, REFUSE_ops_type, place,
			      "not a structure with a name and members");
	map = add_map(o, &(struct origin){ .section = elf_index(&o->elf, section),
					   .offset = info->offset, .size = info->size });
	ops = arena_alloc(o->spec->arena, sizeof(*ops));
	if (!map || !ops)
		return sink_nomem(o->spec->sink);
	*ops = (struct spec_ops){
		.name = arena_printf(o->spec->arena, "%.*s", (int)core_essential_len(tag, strlen(tag)), tag),
		.type = id, .size = def->size,
		.value = arena_dup(o->spec->arena, section->data + info->offset, def->size),
	};
	map->name = dup_name(o, name);
	map->kernel_name = cut_map_name(o, name);
	if (!ops->name || !ops->value || !map->name || !map->kernel_name)
		return sink_nomem(o->spec->sink);
	map->kind = MAP_OPS;
	map->type = BPF_MAP_TYPE_STRUCT_OPS;
	map->key_size = sizeof(uint32_t);
	map->max_entries = 1;
	map->ops = ops;
	ops->link = !strcmp(section->name, OPS_LINK_SECTION);
	map->flags = ops->link ? F_LINK : 0;
	for (uint32_t i = 0; i < btf_vlen(def) && !err; i++)
		err = collect_member(o, map, def, i);
	return err;
}

static int collect_section(struct object *o, const struct elf_section *section)
{
	uint32_t id = names_find(&o->datasecs, section->name);
	const struct btf_type *t;
	int err = 0;

	if (id == NAMES_NONE)
		return refuse(o->spec, REFUSE_ops_type, IN(section->name, NULL),
			      "BTF, which says what tables are in it, is missing");
	t = btf__type_by_id(o->spec->types, id);
	for (uint32_t i = 0; i < btf_vlen(t) && !err; i++)
		err = collect_table(o, &btf_var_secinfos(t)[i], section);
	return err;
}

static bool is_ops(const struct elf_section *section)
{
	return !strcmp(section->name, OPS_SECTION) || !strcmp(section->name, OPS_LINK_SECTION);
}

int collect_ops(struct object *o)
{
	const struct elf_section *s;
	int err = 0;

	vec_for_each(s, &o->elf.sections) {
		if (!s->size || !is_kind(s->name + (s->name[0] == '?'), OPS_SECTION))
			continue;
		if (!is_ops(s))
			return refuse(o->spec, REFUSE_ops_section, IN(s->name, NULL),
				      "not one of the sections for tables of operations: %s, %s",
				      OPS_SECTION, OPS_LINK_SECTION);
		err = collect_section(o, s);
		if (err)
			return err;
	}
	return 0;
}

static bool is_function(const struct object *o, const struct spec_ops *ops, uint32_t member)
{
	const struct btf *types = o->spec->types;
	uint32_t id = btf_members(btf__type_by_id(types, ops->type))[member].type;
	const struct btf_type *t = types_skip(types, &id);

	if (!t || !btf_is_ptr(t))
		return false;
	id = t->type;
	t = types_skip(types, &id);
	return t && btf_is_func_proto(t);
}

/* One member that holds an address */
static int collect_ops_prog(struct object *o, const struct elf_section *section,
			    const Elf64_Rel *rel)
{
	const struct elf_symbol *symbol = &o->elf.symbols.items[ELF64_R_SYM(rel->r_info)];
	struct place place = *AT(section->name, symbol->name, rel->r_offset);
	int index = map_with(o, elf_index(&o->elf, section), rel->r_offset);
	const struct code_func *func = NULL;
	const struct spec_map *other;
	struct spec_member *member;
	struct spec_prog *prog;
	struct spec_map *map;
	uint64_t target;
	uint32_t nr;

	if (index == SPEC_NONE || section->size - rel->r_offset < 8)
		return refuse(o->spec, REFUSE_ops_member, &place, "an address in no table");
	map = &o->spec->maps.items[index];
	for (nr = 0; nr < map->ops->members.n; nr++)
		if (map->ops->members.items[nr].offset == rel->r_offset - map->offset &&
		    is_function(o, map->ops, nr))
			break;
	if (nr == map->ops->members.n)
		return refuse(o->spec, REFUSE_ops_member, &place,
			      "an address in what is no pointer to a function");
	member = &map->ops->members.items[nr];
	target = symbol->value + elf_u64(&o->elf, section->data + rel->r_offset);
	if (target % 8 == 0 && symbol->section < o->code.sections.n)
		func = code_func_at(&o->code, symbol->section, target / 8);
	prog = func && func->prog != SPEC_NONE ? &o->spec->progs.items[func->prog] : NULL;
	if (!prog || prog->type != BPF_PROG_TYPE_STRUCT_OPS)
		return refuse(o->spec, REFUSE_ops_member, &place,
			      "member '%s' is no program in SEC(\"struct_ops\")", member->name);
	other = prog->table == SPEC_NONE ? map : &o->spec->maps.items[prog->table];
	if (prog->table != SPEC_NONE && (other->ops->type != map->ops->type || prog->member != nr))
		return refuse(o->spec, REFUSE_ops_member, &place,
			      "member '%s' is a program that is '%s' in table '%s'", member->name,
			      other->ops->members.items[prog->member].name, other->name);
	prog->table = other - o->spec->maps.items;
	prog->member = nr;
	member->prog = func->prog;
	memset(map->ops->value + member->offset, 0, 8);
	return 0;
}

int collect_ops_progs(struct object *o)
{
	const struct elf_section *s;
	int err = 0;

	vec_for_each(s, &o->elf.sections) {
		const struct elf_section *target = &o->elf.sections.items[s->target];

		for (size_t i = 0; i < s->n_relocs && is_ops(target) && !err; i++)
			err = collect_ops_prog(o, target, &s->relocs[i]);
	}
	return err;
}
