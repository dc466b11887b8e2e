// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <inttypes.h>

#include "plan.h"
#include "skel/c/print.h"

/* What the name of its section says of where program @nr is attached */
static void print_where(struct printer *p, const struct attach_where *where, size_t nr)
{
	P("static const struct lskel_where %s__where%zu = {\n\t", p->skel->name, nr);
	c_print_string(p, where->name);
	P(", ");
	c_print_string(p, where->group);
	P(", %" PRIu64 ", 0, -1, 0, 0, 0, 0, -1, -1, ", where->offset);
	c_print_string(p, where->provider);
	P(", 0, 0, 0, 0\n};\n\n");
}

/* A table of operations as if it were a program */
static void print_attached_table(struct printer *p, const struct skel_map *map)
{
	P("\t{ ");
	c_print_name(p, map->map->name);
	P(", \"%s\", ", map->link);
	c_print_name(p, map->map->section);
	P(", %zu, %u, LSKEL_AT(maps.%s.map_fd), LSKEL_AT(links.%s_fd), 0, false, 0, 0, 0,\n"
	  "\t\t&lskel_struct_ops_kind, 0, &lskel_nowhere, false, 0, 0 },\n",
	  map - p->skel->maps.items, map->step, map->ident, map->link);
}

void c_print_progs(struct printer *p)
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
		c_print_name(p, spec->name);
		P(", \"%s\", ", prog->ident);
		c_print_name(p, prog->sec);
		P(", %u, %u, LSKEL_AT(progs.%s.prog_fd), LSKEL_AT(links.%s_fd), ",
		  skel->plan->prog_slot[spec - skel->spec->progs.items], prog->step, prog->ident,
		  prog->ident);
		if (prog->choice)
			P("LSKEL_AT(progs.%s.autoload), %s, ", prog->ident, spec->autoload ? "false" : "true");
		else
			P("0, false, ");
		if (spec->target_prog)
			P("LSKEL_AT(progs.%s.target_fd), ", prog->ident);
		else
			P("0, ");
		c_print_string(p, spec->target_func);
		if (spec->target_prog && !spec->target_func)
			P(", LSKEL_AT(progs.%s.target_func)", prog->ident);
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
		P(", %s, %u, %u },\n", skel_prog_is_called(prog) ? "true" : "false",
		  spec->expected_attach_type, prog->insns);
	}
	vec_for_each(map, &skel->maps)
		if (map->link)
			print_attached_table(p, map);
	P("};\n\n");
}
