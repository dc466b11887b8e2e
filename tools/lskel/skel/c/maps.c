// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "skel/c/print.h"

void c_print_maps(struct printer *p)
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
		c_print_name(p, m->map->name);
		if (m->ident)
			P(", LSKEL_AT(maps.%s)", m->ident);
		else
			P(", 0");
		P(", %u, %u, %s, %s, %s, %s,\n\t\t", m->step, m->map->max_entries,
		  entries[m->map->entries], m->map->pin_by_name ? "true" : "false",
		  m->choice ? "true" : "false", spec_map_is_frozen(m->map) ? "true" : "false");
		if (m->section == SPEC_NONE)
			P("0, 0, 0, LSKEL_NONE },\n");
		else if (m->data == NOT_HERE)
			P("LSKEL_AT(%s), %u, 0, LSKEL_NONE },\n", m->member, m->map->value_size);
		else
			P("LSKEL_AT(%s), %u, %u, %u },\n", m->member, m->map->value_size, m->loader,
			  m->data);
	}
	P("};\n\n");
}
