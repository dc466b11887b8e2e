// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "plan.h"
#include "skel/c/print.h"
#include "skel/parts.h"

static void print_object_externs(struct printer *p)
{
	const struct skel *skel = p->skel;
	const struct skel_map *m;

	P("\t%s__externs, ", skel->name);
	P(skel->users.n ? "%s__users, " : "0, ", skel->name);
	P("%zu, ", skel->externs.n);
	vec_for_each(m, &skel->maps)
		if (m->map->kind == MAP_KCONFIG)
			P("LSKEL_AT(%s), LSKEL_AT(config), ", m->member);
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

void c_print_object(struct printer *p)
{
	const struct skel *skel = p->skel;
	unsigned int nr_parts = print_parts(p);

	P("static const struct lskel_object %s__object = {\n"
	  "\t\"%s\", sizeof(struct %s), %u, %zu, %zu, %zu, %zu, %u, %zu, ",
	  skel->name, skel->name, skel->name, skel->plan->slots, skel->loaders->loader.n,
	  skel->plan->steps.n, skel->maps.n, skel->progs.n, nr_parts,
	  skel->progs.n + skel->tables);
	if (p->needs & NEED_PIN)
		P("LSKEL_AT(pin_dir),\n");
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
