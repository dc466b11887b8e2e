// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What --target-btf knows of kernels: how instructions differ, and tables of operations */
#include "layout.h"
#include "skel/c/print.h"
#include "skel/parts.h"

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
			c_print_bytes(p, piece->bytes, piece->size, "\t\t");
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
		c_print_name(p, missing->what);
		P(" },\n");
	}
	P("};\n\n");
}

void c_print_kernels(struct printer *p)
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
		c_print_string(p, target->key);
		P(", &%s__patches[%u], ", skel->name, target->patch);
		if (target->layouts)
			P("%s__layouts%zu },\n", skel->name, target - skel->patches->targets.items);
		else
			P("0 },\n");
	}
	P("};\n\nstatic const struct lskel_kernels %s__kernels = { %s__kernel, %zu };\n\n", skel->name,
	  skel->name, skel->patches->targets.n);
}
