// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The skeleton as a header for C11 and C++17: types of global data, the
 * skeleton's struct, tables that describe the load, and functions of one line
 * that hand them to runtime.h.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "needs.h"
#include "skel/parts.h"
#include "layout.h"
#include "plan.h"

/* A string literal of standard C has at most 4095 characters */
#define PIECE_MAX	4000
/* Names in messages need not be longer */
#define NAME_MAX_LEN	200
/* Zeroes between two pieces that cost more as a piece of their own */
#define GAP_MIN		16
#define LINE_WIDTH	92

struct printer {
	FILE *out;
	const struct skel *skel;
	uint64_t needs;		/* NEED_* */
	unsigned int pads;	/* gives padding its names */
};

#define P(...) fprintf(p->out, __VA_ARGS__)

/* Strings */

/* @size bytes as one string literal, broken into lines that begin with @indent.
 * '?' is escaped for the sake of trigraphs.
 */
static void print_bytes(struct printer *p, const uint8_t *bytes, size_t size, const char *indent)
{
	int column = 0;
	size_t i;

	P("\"");
	for (i = 0; i < size; i++) {
		uint8_t c = bytes[i];

		if (column > LINE_WIDTH) {
			P("\"\n%s\"", indent);
			column = 0;
		}
		if (c >= ' ' && c < 0x7f && !strchr("\"\\?", c))
			column += P("%c", c);
		else if (i + 1 < size && bytes[i + 1] >= '0' && bytes[i + 1] <= '7')
			column += P("\\%03o", c);
		else
			column += P("\\%o", c);
	}
	P("\"");
}

/* A name, for messages: without what could confuse a terminal */
static void print_name(struct printer *p, const char *name)
{
	uint8_t shown[NAME_MAX_LEN];
	size_t len = strnlen(name, sizeof(shown)), i;

	for (i = 0; i < len; i++)
		shown[i] = name[i] >= ' ' && name[i] < 0x7f ? name[i] : '?';
	print_bytes(p, shown, len, "\t\t");
}

/* The same as it is: @name means something to the kernel */
static void print_string(struct printer *p, const char *name)
{
	if (name)
		print_bytes(p, (const uint8_t *)name, strnlen(name, PIECE_MAX), "\t\t");
	else
		P("0");
}

/* Identifiers that may be macros of the headers before: those with a capital at
 * the start. Whatever else can be is mapped to something else by skel_ident().
 */
static void print_macros(struct printer *p, const struct skel_scope *scope, const char *format)
{
	const struct skel_name *name;

	vec_for_each(name, &scope->names)
		if (name->raw && isupper((unsigned char)name->ident[0]))
			P(format, name->ident, name->ident);
}

static void print_all_macros(struct printer *p, const char *format)
{
	const struct skel_type *type;

	if (isupper((unsigned char)p->skel->name[0]))
		P(format, p->skel->name, p->skel->name);
	print_macros(p, &p->skel->maps_scope, format);
	print_macros(p, &p->skel->progs_scope, format);
	vec_for_each(type, &p->skel->types)
		print_macros(p, &type->scope, format);
}

/* The runtime */

static void print_runtime(struct printer *p)
{
	const struct skel_part *part;

	P("%s\n", skel_runtime);
	P("#if LSKEL_RUNTIME != 1\n"
	  "#error \"the skeletons in this file were made by different versions of lskel\"\n"
	  "#endif\n\n");
	for (part = skel_parts; part->text; part++)
		if (part->needs & p->needs)
			P("%s\n", part->text);
}

/* Types */

static void print_indent(struct printer *p, unsigned int depth)
{
	while (depth--)
		P("\t");
}

static void print_fields(struct printer *p, const struct skel_type *type, unsigned int depth);

static const char *type_keyword(const struct skel_type *type)
{
	return type->is_union ? "union" : "struct";
}

static void print_field(struct printer *p, const struct skel_field *field, unsigned int depth)
{
	const struct skel_type *type;
	const uint32_t *dim;

	print_indent(p, depth);
	switch (field->base) {
	case SKEL_UNSIGNED:
		P("__u%u", field->size * 8);
		break;
	case SKEL_SIGNED:
		P("__s%u", field->size * 8);
		break;
	case SKEL_CHAR:
		P("char");
		break;
	case SKEL_BOOL:
		P("bool");
		break;
	case SKEL_FLOAT:
		P(field->size == 4 ? "float" : "double");
		break;
	case SKEL_PADDING:
	case SKEL_BYTES:
		P("__u8");
		break;
	case SKEL_STRUCT:
		type = &p->skel->types.items[field->type];
		if (type->ident) {
			P("%s %s__%s", type_keyword(type), p->skel->name, type->ident);
			break;
		}
		/* C++ has no anonymous structures */
		P("%s%s {\n", !field->ident && !type->is_union ? "__extension__ " : "",
		  type_keyword(type));
		print_fields(p, type, depth + 1);
		print_indent(p, depth);
		P("}%s", type->packed ? " __attribute__((packed))" : "");
		break;
	}
	if (field->ident)
		P(" %s", field->ident);
	else if (field->base == SKEL_PADDING && !field->bits)
		P(" lskel_pad%u", p->pads++);
	if (field->bits)
		P(" : %u", field->bits);
	if (field->base == SKEL_PADDING || field->base == SKEL_BYTES) {
		if (!field->bits)
			P("[%u]", field->size);
	}
	vec_for_each(dim, &field->dims)
		P("[%u]", *dim);
	P(";\n");
}

static void print_fields(struct printer *p, const struct skel_type *type, unsigned int depth)
{
	const struct skel_field *field;

	vec_for_each(field, &type->fields)
		print_field(p, field, depth);
}

/* That a compiler sees every member of @type where it is. @path leads to it from
 * the type @of, ends with a dot if it is not empty, and is @offset bytes long.
 */
static void print_asserts(struct printer *p, const struct skel_type *of, const char *path,
			  uint32_t offset, const struct skel_type *type)
{
	struct arena *arena = p->skel->spec->arena;
	const struct skel_field *field;

	vec_for_each(field, &type->fields) {
		const struct skel_type *inner;
		const char *inner_path = path;
		size_t i;

		if (field->ident && !field->bits)
			P("LSKEL_ASSERT(offsetof(%s %s__%s, %s%s) == %u);\n", type_keyword(of),
			  p->skel->name, of->ident, path, field->ident, offset + field->offset);
		if (field->base != SKEL_STRUCT)
			continue;
		inner = &p->skel->types.items[field->type];
		if (inner->ident)
			continue;
		if (field->ident) {
			inner_path = arena_printf(arena, "%s%s", path, field->ident);
			for (i = 0; inner_path && i < field->dims.n; i++)
				inner_path = arena_printf(arena, "%s[0]", inner_path);
			if (inner_path)
				inner_path = arena_printf(arena, "%s.", inner_path);
		}
		if (inner_path)
			print_asserts(p, of, inner_path, offset + field->offset, inner);
	}
}

static void print_types(struct printer *p)
{
	const struct skel_type *type;

	/* __extension__ does not speak of these */
	P("#ifdef __clang__\n"
	  "#pragma clang diagnostic push\n"
	  "#pragma clang diagnostic ignored \"-Wnested-anon-types\"\n"
	  "#endif\n\n");
	vec_for_each(type, &p->skel->types) {
		if (!type->ident)
			continue;
		P("%s %s__%s {\n", type_keyword(type), p->skel->name, type->ident);
		print_fields(p, type, 1);
		P("}%s;\n", type->packed ? " __attribute__((packed))" : "");
		print_asserts(p, type, "", 0, type);
		P("LSKEL_ASSERT(sizeof(%s %s__%s) == %u);\n\n", type_keyword(type), p->skel->name,
		  type->ident, type->size);
	}
	P("#ifdef __clang__\n"
	  "#pragma clang diagnostic pop\n"
	  "#endif\n\n");
}

/* The struct */

static void print_struct(struct printer *p)
{
	const struct skel *skel = p->skel;
	const struct skel_prog *prog;
	const struct skel_map *map;
	bool any = false;

	P("struct %s {\n\tstruct lskel lskel;\n", skel->name);
	vec_for_each(map, &skel->maps) {
		if (!map->ident)
			continue;
		if (!any)
			P("\tstruct {\n");
		any = true;
		P("\t\tstruct lskel_map %s;\n", map->ident);
	}
	if (any)
		P("\t} maps;\n");
	if (skel->progs.n) {
		P("\tstruct {\n");
		vec_for_each(prog, &skel->progs) {
			P("\t\tstruct {\n\t\t\tint prog_fd;\n");
			if (prog->choice)
				P("\t\t\tbool autoload;\n");
			if (prog->prog->target_prog)
				P("\t\t\tint target_fd;\n");
			if (prog->prog->target_prog && !prog->prog->target_func)
				P("\t\t\tconst char *target_func;\n");
			P("\t\t} %s;\n", prog->ident);
		}
		P("\t} progs;\n");
	}
	if (skel->progs.n + skel->tables) {
		P("\tstruct {\n");
		vec_for_each(prog, &skel->progs)
			P("\t\tint %s_fd;\n", prog->ident);
		vec_for_each(map, &skel->maps)
			if (map->link)
				P("\t\tint %s_fd;\n", map->link);
		P("\t} links;\n");
	}
	if (skel->tables) {
		P("\tstruct {\n");
		vec_for_each(map, &skel->maps)
			if (map->link)
				P("\t\tstruct %s__%s *%s;\n", skel->name,
				  skel->types.items[map->ops].ident, map->ident);
		P("\t} struct_ops;\n");
	}
	vec_for_each(map, &skel->maps) {
		const struct skel_type *type;

		if (map->section == SPEC_NONE)
			continue;
		type = &skel->types.items[map->section];
		P("\tstruct %s__%s *%s;\n", skel->name, type->ident, map->member);
	}
	if (p->needs & NEED_PIN)
		P("\tconst char *pin_dir;\n");
	if (p->needs & NEED_KCONFIG)
		P("\tconst char *config;\n");
	P("};\n\n");
}

/* Tables */

/* @bytes as pieces with what is not zero. Returns how many there are. */
static uint32_t print_pieces(struct printer *p, const char *table, size_t nr,
			     const uint8_t *bytes, size_t size)
{
	size_t at = 0, end, next;
	uint32_t n = 0;

	for (;;) {
		while (at < size && !bytes[at])
			at++;
		if (at == size)
			break;
		for (end = next = at; next < size && next - at < PIECE_MAX; next++) {
			if (bytes[next])
				end = next + 1;
			else if (next - end >= GAP_MIN)
				break;
		}
		if (!n++)
			P("static const struct lskel_piece %s__%s%zu[] = {\n", p->skel->name, table, nr);
		P("\t{ %zu, %zu,\n\t\t", at, end - at);
		print_bytes(p, bytes + at, end - at, "\t\t");
		P(" },\n");
		at = end;
	}
	if (n)
		P("};\n\n");
	return n;
}

static void print_image(struct printer *p, const char *table, size_t nr, int pieces, size_t size)
{
	if (pieces)
		P("{ %s__%s%zu, %d, %zu }", p->skel->name, table, nr, pieces, size);
	else
		P("{ 0, 0, %zu }", size);
}

/* Instructions as the target has them. Returns how many pieces, or -ENOMEM. */
static int print_code(struct printer *p, const char *table, size_t nr,
		      const struct loader_code *code)
{
	uint32_t size = code->insn_cnt * sizeof(*code->insns), i;
	uint8_t *bytes = arena_alloc(p->skel->spec->arena, size);

	if (!bytes)
		return -ENOMEM;
	for (i = 0; i < code->insn_cnt; i++)
		insn_encode(bytes + i * sizeof(*code->insns), &code->insns[i],
			    p->skel->spec->big_endian);
	return (int)print_pieces(p, table, nr, bytes, size);
}

static int print_loaders(struct printer *p)
{
	const struct loaders *loaders = p->skel->loaders;
	struct arena *arena = p->skel->spec->arena;
	struct image { int blob, any, usual; } *pieces;
	const struct loader *loader;
	size_t nr;

	pieces = arena_array(arena, loaders->loader.n, sizeof(*pieces));
	if (!pieces)
		return -ENOMEM;
	vec_for_each(loader, &loaders->loader) {
		nr = loader - loaders->loader.items;
		pieces[nr].blob = (int)print_pieces(p, "blob", nr, loader->blob, loader->blob_len);
		pieces[nr].any = print_code(p, "any", nr, &loader->any);
		pieces[nr].usual = print_code(p, "usual", nr, &loader->usual);
		if (pieces[nr].any < 0 || pieces[nr].usual < 0)
			return -ENOMEM;
	}
	P("static const struct lskel_loader %s__loaders[] = {\n", p->skel->name);
	vec_for_each(loader, &loaders->loader) {
		nr = loader - loaders->loader.items;
		P("\t{ ");
		print_image(p, "blob", nr, pieces[nr].blob, loader->blob_size);
		P(", ");
		print_image(p, "any", nr, pieces[nr].any,
			    loader->any.insn_cnt * sizeof(struct bpf_insn));
		P(", ");
		print_image(p, "usual", nr, pieces[nr].usual,
			    loader->usual.insn_cnt * sizeof(struct bpf_insn));
		P(", %u, %u, %u },\n", loader->twin, loader->first, loader->steps);
	}
	P("};\n\n");
	return 0;
}

static void print_steps(struct printer *p)
{
	static const char *const kinds[] = {
		[PLAN_BTF_LOAD] = "BTF_LOAD", [PLAN_MAP_CREATE] = "MAP_CREATE",
		[PLAN_MAP_INIT] = "MAP_INIT", [PLAN_MAP_FREEZE] = "MAP_FREEZE",
		[PLAN_MAP_SLOT] = "MAP_SLOT", [PLAN_FIND_BTF] = "FIND_BTF",
		[PLAN_FIND_KSYM] = "FIND_KSYM",
		[PLAN_PROG_LOAD] = "PROG_LOAD", [PLAN_LINK_CREATE] = "LINK_CREATE",
		[PLAN_RAW_TP_OPEN] = "RAW_TP_OPEN",
	};
	const struct loader *loader;
	uint32_t i;

	P("static const struct lskel_step %s__steps[] = {\n", p->skel->name);
	vec_for_each(loader, &p->skel->loaders->loader) {
		for (i = loader->first; i < loader->first + loader->steps; i++) {
			const struct plan_step *step = &p->skel->plan->steps.items[i];

			P("\t{ LSKEL_STEP_%s, %s, %s, %u, %u, ", kinds[step->kind],
			  step->may_fail ? "true" : "false", step->attr_no_btf ? "true" : "false",
			  step->slot, loader->attr[i] == NOT_HERE ? 0 : loader->attr[i]);
			print_name(p, step->object);
			P(", %u },\n", needs_word(step_needs(p->skel->spec, step)));
		}
	}
	P("};\n\n");
}

static void print_maps(struct printer *p)
{
	static const char *const entries[] = {
		[ENTRIES_FIXED] = "0", [ENTRIES_CPUS] = "lskel_entries_cpus",
		[ENTRIES_PAGES] = "lskel_entries_pages",
	};
	const struct skel *skel = p->skel;
	const struct skel_map *m;

	if (!skel->maps.n)
		return;
	P("static const struct lskel_map_desc %s__maps[] = {\n", skel->name);
	vec_for_each(m, &skel->maps) {
		P("\t{ ");
		print_name(p, m->map->name);
		if (m->ident)
			P(", offsetof(struct %s, maps.%s)", skel->name, m->ident);
		else
			P(", 0");
		P(", %u, %u, %s, %s, %s, %s,\n\t\t", m->step, m->map->max_entries,
		  entries[m->map->entries], m->map->pin_by_name ? "true" : "false",
		  m->choice ? "true" : "false", spec_map_is_frozen(m->map) ? "true" : "false");
		if (m->section == SPEC_NONE)
			P("0, 0, 0, LSKEL_NONE },\n");
		else if (m->data == NOT_HERE)
			P("offsetof(struct %s, %s), %u, 0, LSKEL_NONE },\n", skel->name, m->member,
			  m->map->value_size);
		else
			P("offsetof(struct %s, %s), %u, %u, %u },\n", skel->name, m->member,
			  m->map->value_size, m->loader, m->data);
	}
	P("};\n\n");
}

/* What the name of its section says of where program @nr is attached */
static void print_where(struct printer *p, const struct attach_where *where, size_t nr)
{
	P("static const struct lskel_where %s__where%zu = {\n\t", p->skel->name, nr);
	print_string(p, where->name);
	P(", ");
	print_string(p, where->group);
	P(", %" PRIu64 ", 0, -1, 0, 0, 0, 0, -1, -1, ", where->offset);
	print_string(p, where->provider);
	P(", 0, 0\n};\n\n");
}

/* A table of operations as if it were a program */
static void print_attached_table(struct printer *p, const struct skel_map *map)
{
	const char *name = p->skel->name;

	P("\t{ ");
	print_name(p, map->map->name);
	P(", \"%s\", ", map->link);
	print_name(p, map->map->section);
	P(", %zu, %u, offsetof(struct %s, maps.%s.map_fd),\n"
	  "\t\toffsetof(struct %s, links.%s_fd), 0, false, 0, 0, 0,\n"
	  "\t\t&lskel_struct_ops_kind, 0, &lskel_nowhere, false, 0, 0 },\n",
	  map - p->skel->maps.items, map->step, name, map->ident, name, map->link);
}

static void print_progs(struct printer *p)
{
	const struct skel *skel = p->skel;
	const struct skel_prog *prog;
	const struct skel_map *map;

	if (!(skel->progs.n + skel->tables))
		return;
	vec_for_each(prog, &skel->progs)
		if (prog->where.name || prog->where.group)
			print_where(p, &prog->where, prog - skel->progs.items);
	P("static const struct lskel_prog_desc %s__progs[] = {\n", skel->name);
	vec_for_each(prog, &skel->progs) {
		const struct spec_prog *spec = prog->prog;

		P("\t{ ");
		print_name(p, spec->name);
		P(", \"%s\", ", prog->ident);
		print_name(p, prog->sec);
		P(", %u, %u, offsetof(struct %s, progs.%s.prog_fd),\n"
		  "\t\toffsetof(struct %s, links.%s_fd), ",
		  skel->plan->prog_slot[spec - skel->spec->progs.items], prog->step,
		  skel->name, prog->ident, skel->name, prog->ident);
		if (prog->choice)
			P("offsetof(struct %s, progs.%s.autoload), %s, ", skel->name, prog->ident,
			  spec->autoload ? "false" : "true");
		else
			P("0, false, ");
		if (spec->target_prog)
			P("offsetof(struct %s, progs.%s.target_fd), ", skel->name, prog->ident);
		else
			P("0, ");
		print_string(p, spec->target_func);
		if (spec->target_prog && !spec->target_func)
			P(", offsetof(struct %s, progs.%s.target_func)", skel->name, prog->ident);
		else
			P(", 0");
		if (prog->attach->kind)
			P(",\n\t\t&lskel_%s_kind, 0, ", prog->attach->kind);
		else
			P(",\n\t\t0, \"%s\", ", prog->attach->says);
		if (prog->where.name || prog->where.group)
			P("&%s__where%zu", skel->name, (size_t)(prog - skel->progs.items));
		else
			P(prog->where.given ? "&lskel_nowhere" : "0");
		P(", %s, %u, %u },\n", prog->called || spec->attach == ATTACH_RUN ||
		  spec->attach == ATTACH_STRUCT_OPS ? "true" : "false", spec->expected_attach_type,
		  prog->insns);
	}
	vec_for_each(map, &skel->maps)
		if (map->link)
			print_attached_table(p, map);
	P("};\n\n");
}

static void print_members(struct printer *p, const struct spec_ops *ops, size_t nr)
{
	const struct spec_member *member;

	P("static const struct lskel_ops_member %s__members%zu[] = {\n", p->skel->name, nr);
	vec_for_each(member, &ops->members) {
		P("\t{ ");
		print_string(p, member->name);
		P(", %u, %u, %u, ", member->offset, member->size, member->kind);
		P(member->prog == SPEC_NONE ? "LSKEL_NONE },\n" : "%d },\n", member->prog);
	}
	P("};\n\n");
}

/* What the tables of operations are, by index of map */
static int print_tables(struct printer *p)
{
	const struct skel *skel = p->skel;
	int *pieces = arena_array(skel->spec->arena, skel->maps.n, sizeof(*pieces));
	const struct skel_map *map;

	if (!pieces)
		return -ENOMEM;
	if (!skel->tables)
		return 0;
	vec_for_each(map, &skel->maps) {
		const struct spec_ops *ops = map->map->ops;
		size_t nr = map - skel->maps.items;

		if (!ops)
			continue;
		pieces[nr] = (int)print_pieces(p, "value", nr, ops->value, ops->size);
		print_members(p, ops, nr);
	}
	P("static const struct lskel_ops %s__ops[] = {\n", skel->name);
	vec_for_each(map, &skel->maps) {
		const struct spec_ops *ops = map->map->ops;
		size_t nr = map - skel->maps.items;

		if (!ops)
			continue;
		P("\t{ ");
		print_string(p, ops->name);
		P(", %zu, offsetof(struct %s, struct_ops.%s), %s__members%zu, %zu, ", nr, skel->name,
		  map->ident, skel->name, nr, ops->members.n);
		print_image(p, "value", nr, pieces[nr], ops->size);
		P(", %s },\n", ops->link ? "true" : "false");
	}
	P("};\n\n");
	return 0;
}

/* Where kernel @nr has their members */
static void print_layouts(struct printer *p, const struct lskel_layout *layouts, size_t nr)
{
	const struct skel *skel = p->skel;
	const struct skel_map *map;
	struct layout_place place;
	uint32_t i;

	vec_for_each(map, &skel->maps) {
		if (!map->map->ops)
			continue;
		P("static const struct lskel_place %s__places%zu_%zu[] = {\n", skel->name, nr,
		  map - skel->maps.items);
		for (i = 0; i < map->map->ops->members.n; i++) {
			place = layout_place(layouts, skel->spec, map - skel->maps.items, i);
			P(place.missing ? "\t{ LSKEL_NONE, 0 },\n" : "\t{ %u, %u },\n", place.index,
			  place.offset);
		}
		P("};\n\n");
	}
	P("static const struct lskel_layout %s__layouts%zu[] = {\n", skel->name, nr);
	vec_for_each(map, &skel->maps) {
		if (!map->map->ops)
			continue;
		place = layout_place(layouts, skel->spec, map - skel->maps.items, 0);
		P("\t{ %u, %u, %u, %s__places%zu_%zu },\n", place.type, place.value_type,
		  place.value_size, skel->name, nr, map - skel->maps.items);
	}
	P("};\n\n");
}

/* The changes for one result, by loader */
static void print_patch(struct printer *p, const struct patch *patch, size_t nr)
{
	const struct skel *skel = p->skel;
	const struct missing *missing;
	size_t i;

	for (i = 0; i < skel->loaders->loader.n; i++) {
		const struct patch_piece *piece;

		if (!patch->loaders[i].n)
			continue;
		P("static const struct lskel_piece %s__patch%zu_%zu[] = {\n", skel->name, nr, i);
		vec_for_each(piece, &patch->loaders[i]) {
			P("\t{ %u, %u,\n\t\t", piece->offset, piece->size);
			print_bytes(p, piece->bytes, piece->size, "\t\t");
			P(" },\n");
		}
		P("};\n\n");
	}
	P("static const struct lskel_image %s__patch%zu[] = {\n", skel->name, nr);
	for (i = 0; i < skel->loaders->loader.n; i++)
		if (patch->loaders[i].n)
			P("\t{ %s__patch%zu_%zu, %zu, 0 },\n", skel->name, nr, i, patch->loaders[i].n);
		else
			P("\t{ 0, 0, 0 },\n");
	P("};\n\n");
	if (!patch->resolved->missing.n)
		return;
	P("static const struct lskel_missing %s__missing%zu[] = {\n", skel->name, nr);
	vec_for_each(missing, &patch->resolved->missing) {
		P("\t{ %u, %u, ", skel->progs.items[missing->prog].step, missing->insn);
		print_name(p, missing->what);
		P(" },\n");
	}
	P("};\n\n");
}

static void print_kernels(struct printer *p)
{
	const struct skel *skel = p->skel;
	const struct patch_target *target;
	const struct patch *patch;
	size_t nr;

	if (!(p->needs & NEED_KERNELS))
		return;
	vec_for_each(patch, &skel->patches->patches)
		print_patch(p, patch, patch - skel->patches->patches.items);
	P("static const struct lskel_patch %s__patches[] = {\n", skel->name);
	vec_for_each(patch, &skel->patches->patches) {
		nr = patch - skel->patches->patches.items;
		P("\t{ %s__patch%zu, ", skel->name, nr);
		if (patch->resolved->missing.n)
			P("%s__missing%zu, %zu },\n", skel->name, nr, patch->resolved->missing.n);
		else
			P("0, 0 },\n");
	}
	P("};\n\n");
	vec_for_each(target, &skel->patches->targets)
		if (target->layouts)
			print_layouts(p, target->layouts, target - skel->patches->targets.items);
	P("static const struct lskel_kernel %s__kernel[] = {\n", skel->name);
	vec_for_each(target, &skel->patches->targets) {
		P("\t{ ");
		print_string(p, target->key);
		P(", &%s__patches[%u], ", skel->name, target->patch);
		if (target->layouts)
			P("%s__layouts%zu },\n", skel->name, target - skel->patches->targets.items);
		else
			P("0 },\n");
	}
	P("};\n\nstatic const struct lskel_kernels %s__kernels = { %s__kernel, %zu };\n\n", skel->name,
	  skel->name, skel->patches->targets.n);
}

static void print_externs(struct printer *p)
{
	static const char *const kinds[] = {
		[EXTERN_KCONFIG] = "KCONFIG", [EXTERN_VAR] = "VAR", [EXTERN_FUNC] = "FUNC",
		[EXTERN_ADDRESS] = "ADDRESS",
	};
	static const char *const values[] = {
		[KCONFIG_BOOL] = "BOOL", [KCONFIG_TRISTATE] = "TRISTATE", [KCONFIG_CHAR] = "CHAR",
		[KCONFIG_INT] = "INT", [KCONFIG_STRING] = "STRING",
	};
	const struct skel *skel = p->skel;
	const struct skel_extern *e;
	const uint32_t *user;

	if (skel->users.n) {
		P("static const __u32 %s__users[] = {", skel->name);
		vec_for_each(user, &skel->users)
			P("%s %u", user == skel->users.items ? "" : ",", *user);
		P(" };\n\n");
	}
	if (!skel->externs.n)
		return;
	P("static const struct lskel_extern %s__externs[] = {\n", skel->name);
	vec_for_each(e, &skel->externs) {
		P("\t{ ");
		print_name(p, e->ext->name);
		P(", LSKEL_EXTERN_%s, %s, %u, %u, ", kinds[e->ext->kind],
		  e->ext->weak ? "true" : "false", e->user, e->users);
		if (e->slot == NOT_HERE)
			P("LSKEL_NONE");
		else
			P("%u", e->slot);
		P(", %u, ", e->type);
		print_name(p, e->type_name);
		P(",\n\t\tLSKEL_VALUE_%s, %s, %u, %u },\n", values[e->ext->value],
		  e->ext->is_signed ? "true" : "false", e->ext->offset, e->ext->size);
	}
	P("};\n\n");
}

static void print_object_externs(struct printer *p)
{
	const struct skel *skel = p->skel;
	const struct skel_map *m;

	P("\t%s__externs, ", skel->name);
	P(skel->users.n ? "%s__users, " : "0, ", skel->name);
	P("%zu, ", skel->externs.n);
	vec_for_each(m, &skel->maps)
		if (m->map->kind == MAP_KCONFIG)
			P("offsetof(struct %s, %s), offsetof(struct %s, config), ", skel->name,
			  m->member, skel->name);
	if (!(p->needs & NEED_KCONFIG))
		P("0, 0, ");
	P(p->needs & NEED_CONFIG ? "lskel_read_config\n" : "0\n");
}

/* Those of the parts that have a table. Returns how many there are. */
static unsigned int print_parts(struct printer *p)
{
	const struct skel_part *part;
	unsigned int n = 0;

	for (part = skel_parts; part->text; part++) {
		if (!part->table || !(part->needs & p->needs))
			continue;
		if (!n++)
			P("static const struct lskel_part *const %s__parts[] = {\n", p->skel->name);
		P("\t&%s,\n", part->table);
	}
	if (n)
		P("};\n\n");
	return n;
}

static void print_object(struct printer *p)
{
	const struct skel *skel = p->skel;
	unsigned int nr_parts = print_parts(p);

	P("static const struct lskel_object %s__object = {\n"
	  "\t\"%s\", sizeof(struct %s), %u, %zu, %zu, %zu, %zu, %u, %zu, ",
	  skel->name, skel->name, skel->name, skel->plan->slots, skel->loaders->loader.n,
	  skel->plan->steps.n, skel->maps.n, skel->progs.n, nr_parts,
	  skel->progs.n + skel->tables);
	if (p->needs & NEED_PIN)
		P("offsetof(struct %s, pin_dir),\n", skel->name);
	else
		P("0,\n");
	P("\t%s__loaders, %s__steps, ", skel->name, skel->name);
	P(skel->maps.n ? "%s__maps, " : "0, ", skel->name);
	P(skel->progs.n + skel->tables ? "%s__progs, " : "0, ", skel->name);
	P(nr_parts ? "%s__parts, " : "0, ", skel->name);
	P(p->needs & NEED_KERNELS ? "&%s__kernels, " : "0, ", skel->name);
	P(skel->tables ? "%s__ops, " : "0, ", skel->name);
	P("%u,\n", p->needs & NEED_LINKS ? skel->plan->links : 0);
	if (skel->externs.n)
		print_object_externs(p);
	else
		P("\t0, 0, 0, 0, 0, 0\n");
	P("};\n\n");
}

/* Functions */

static const struct attach_param no_params[] = { { NULL, NULL, NULL } };

/* A function that attaches program or table @nr where its parameters say; none: where the
 * section's name does
 */
static void print_attach(struct printer *p, const char *ident, size_t nr, const char *function,
			 const struct attach_param *params)
{
	const char *name = p->skel->name;
	const struct attach_param *param;

	P("static inline int %s__%s__%s(struct %s *skel", name, ident, function, name);
	for (param = params; param->name; param++)
		P(", %s%s", param->declaration, param->name);
	P(")\n{\n");
	if (params->name)
		P("\tstruct lskel_where where = lskel_nowhere;\n\n");
	for (param = params; param->name; param++)
		P("\twhere.%s = %s;\n", param->member, param->name);
	P("\treturn lskel_attach(&skel->lskel, %zu, %s);\n}\n\n", nr, params->name ? "&where" : "0");
}

static void print_prog_functions(struct printer *p, const struct skel_prog *prog, size_t nr)
{
	const struct attach_kind *kind = prog->attach;
	const char *name = p->skel->name;

	if (prog->prog->target_prog) {
		const bool func = !prog->prog->target_func;

		P("static inline void %s__%s__set_target(struct %s *skel, int fd%s)\n{\n"
		  "\tskel->progs.%s.target_fd = fd;\n", name, prog->ident, name,
		  func ? ", const char *func" : "", prog->ident);
		if (func)
			P("\tskel->progs.%s.target_func = func;\n", prog->ident);
		P("}\n\n");
	}
	print_attach(p, prog->ident, nr, "attach", prog->where.given ? no_params : kind->params);
	if (kind->to[0].name)
		print_attach(p, prog->ident, nr, "attach_to", kind->to);
	if (prog->prog->type == BPF_PROG_TYPE_SYSCALL)
		P("static inline __s64 %s__%s__run(struct %s *skel, void *ctx, __u32 size)\n{\n"
		  "\treturn lskel_run(&skel->lskel, %zu, ctx, size);\n}\n\n",
		  name, prog->ident, name, nr);
}

static void print_functions(struct printer *p)
{
	/* @ is the skeleton's name */
	static const char text[] =
		"static inline struct @ *@__open(void)\n{\n"
		"\treturn (struct @ *)(void *)lskel_open(&@__object);\n}\n\n"
		"static inline int @__load(struct @ *skel)\n{\n"
		"\treturn lskel_load(&skel->lskel);\n}\n\n"
		"static inline int @__attach(struct @ *skel)\n{\n"
		"\treturn lskel_attach_all(&skel->lskel);\n}\n\n"
		"static inline void @__detach(struct @ *skel)\n{\n"
		"\tlskel_detach(&skel->lskel);\n}\n\n"
		"static inline void @__destroy(struct @ *skel)\n{\n"
		"\tif (skel)\n\t\tlskel_destroy(&skel->lskel);\n}\n\n"
		"static inline struct @ *@__open_and_load(void)\n{\n"
		"\tstruct @ *skel = @__open();\n\n"
		"\tif (skel && @__load(skel)) {\n"
		"\t\tconst int err = errno;\n\n"
		"\t\t@__destroy(skel);\n"
		"\t\terrno = err;\n"
		"\t\tskel = 0;\n\t}\n\treturn skel;\n}\n\n"
		"static inline const char *@__error(const struct @ *skel)\n{\n"
		"\treturn lskel_error(skel ? &skel->lskel : 0);\n}\n\n"
		"static inline const char *@__log(const struct @ *skel)\n{\n"
		"\treturn lskel_log(skel ? &skel->lskel : 0);\n}\n\n";
	size_t nr = p->skel->progs.n;
	const struct skel_prog *prog;
	const struct skel_map *map;
	const char *c;

	for (c = text; *c; c++)
		if (*c == '@')
			P("%s", p->skel->name);
		else
			P("%c", *c);
	vec_for_each(prog, &p->skel->progs)
		print_prog_functions(p, prog, prog - p->skel->progs.items);
	vec_for_each(map, &p->skel->maps)
		if (map->link)
			print_attach(p, map->link, nr++, "attach", no_params);
}

int skel_print_c(const struct skel *skel, FILE *out)
{
	struct printer printer = { .out = out, .skel = skel, .needs = skel_needs(skel) };
	struct printer *p = &printer;
	const char *order = skel->spec->big_endian ? "BIG" : "LITTLE";
	int err;

	P("/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */\n"
	  "/* The light skeleton of a BPF object. Made by lskel, do not edit. */\n"
	  "#ifndef LSKEL_OF_%s\n#define LSKEL_OF_%s\n\n"
	  "#if __BYTE_ORDER__ != __ORDER_%s_ENDIAN__\n"
	  "#error \"this skeleton is for the other byte order\"\n#endif\n\n",
	  skel->name, skel->name, order);
	print_runtime(p);
	print_all_macros(p, "#pragma push_macro(\"%s\")\n#undef %s\n");
	print_types(p);
	print_struct(p);
	err = print_loaders(p) ?: print_tables(p);
	if (err)
		return sink_nomem(skel->spec->sink);
	print_steps(p);
	print_maps(p);
	print_progs(p);
	print_kernels(p);
	print_externs(p);
	print_object(p);
	print_functions(p);
	print_all_macros(p, "#pragma pop_macro(\"%1$s\")\n");
	P("#endif /* LSKEL_OF_%s */\n", skel->name);
	return 0;
}
