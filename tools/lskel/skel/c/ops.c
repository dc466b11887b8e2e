// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>

#include "skel/c/print.h"

static void print_members(struct printer *p, const struct spec_ops *ops, size_t nr)
{
	const struct spec_member *member;

	P("static const struct lskel_ops_member %s__members%zu[] = {\n", p->skel->name, nr);
	vec_for_each(member, &ops->members) {
		P("\t{ ");
		c_print_string(p, member->name);
		P(", %u, %u, %u, ", member->offset, member->size, member->kind);
		P(member->prog == SPEC_NONE ? "LSKEL_NONE },\n" : "%d },\n", member->prog);
	}
	P("};\n\n");
}

/* What the tables of operations are, by index of map */
int c_print_ops(struct printer *p)
{
	const struct skel *skel = p->skel;
	uint32_t *pieces = arena_array(skel->spec->arena, skel->maps.n, sizeof(*pieces));
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
		pieces[nr] = c_print_pieces(p, "value", nr, ops->value, ops->size);
		print_members(p, ops, nr);
	}
	P("static const struct lskel_ops %s__ops[] = {\n", skel->name);
	vec_for_each(map, &skel->maps) {
		const struct spec_ops *ops = map->map->ops;
		size_t nr = map - skel->maps.items;

		if (!ops)
			continue;
		P("\t{ ");
		c_print_string(p, ops->name);
		P(", %zu, LSKEL_AT(struct_ops.%s), %s__members%zu, %zu, ", nr, map->ident, skel->name,
		  nr, ops->members.n);
		c_print_image(p, "value", nr, pieces[nr], ops->size);
		P(", %s },\n", ops->link ? "true" : "false");
	}
	P("};\n\n");
	return 0;
}
