// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "needs.h"
#include "skel/c/print.h"
#include "skel/parts.h"

void c_print_struct(struct printer *p)
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
