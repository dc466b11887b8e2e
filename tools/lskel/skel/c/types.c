// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Types of global data: exactly as the object has them */
#include "skel/c/print.h"

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

void c_print_types(struct printer *p)
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
