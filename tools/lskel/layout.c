// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

#include "layout.h"
#include "skel/runtime.h"
#include "skel/parts/info.h"
#include "skel/parts/attach.h"
#include "skel/parts/btf.h"
#include "skel/parts/kernel_btf.h"
#include "skel/parts/elem.h"
#include "skel/parts/map_info.h"
#include "skel/parts/maps.h"
#include "skel/parts/struct_ops.h"

static bool make_ops(const struct spec *spec, const struct spec_map *map, struct lskel_ops *ops)
{
	struct lskel_ops_member *members = arena_array(spec->arena, map->ops->members.n, sizeof(*members));
	struct lskel_piece *piece = arena_alloc(spec->arena, sizeof(*piece));
	const struct spec_member *member;

	if (!members || !piece)
		return false;
	*piece = (struct lskel_piece){ 0, map->ops->size, (const char *)map->ops->value };
	*ops = (struct lskel_ops){
		.type = map->ops->name, .map = map - spec->maps.items, .members = members,
		.nr_members = map->ops->members.n, .image = { piece, 1, map->ops->size },
		.link = map->ops->link,
	};
	vec_for_each(member, &map->ops->members)
		*members++ = (struct lskel_ops_member){
			.name = member->name, .offset = member->offset, .size = member->size,
			.kind = member->kind,
			.prog = member->prog == SPEC_NONE ? LSKEL_NONE : (__u32)member->prog,
		};
	return true;
}

static uint32_t count(const struct spec *spec)
{
	const struct spec_map *map;
	uint32_t n = 0;

	vec_for_each(map, &spec->maps)
		n += map->kind == MAP_OPS;
	return n;
}

struct lskel_ops *layout_ops(const struct spec *spec)
{
	struct lskel_ops *all = arena_array(spec->arena, count(spec), sizeof(*all)), *ops = all;
	const struct spec_map *map;

	vec_for_each(map, &spec->maps)
		if (all && map->kind == MAP_OPS && !make_ops(spec, map, ops++))
			return NULL;
	return all;
}

struct layout_place layout_place(const struct lskel_layout *layouts, const struct spec *spec,
				 int map, uint32_t nr)
{
	for (int i = 0; i < map; i++)
		layouts += spec->maps.items[i].kind == MAP_OPS;
	return (struct layout_place){
		.type = layouts->type, .value_type = layouts->value_type,
		.value_size = layouts->value_size, .index = layouts->places[nr].index,
		.offset = layouts->places[nr].offset, .missing = layouts->places[nr].index == LSKEL_NONE,
	};
}

int layout_find(const struct lskel_layout **layouts, const struct spec *spec,
		const struct target *target)
{
	uint32_t n = count(spec), i, size;
	struct lskel_kernel_btf kernel = { 0 };
	struct lskel_ops *ops = layout_ops(spec);
	struct lskel_layout *found = arena_array(spec->arena, n, sizeof(*found));
	struct lskel_why why;
	const void *data;
	int err = 0;

	*layouts = NULL;
	if (!ops || !found)
		return sink_nomem(spec->sink);
	if (!n)
		return 0;
	/* What reads them takes numbers of this machine. */
	if (btf__set_endianness(target->btf, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ?
				BTF_BIG_ENDIAN : BTF_LITTLE_ENDIAN))
		return sink_nomem(spec->sink);
	data = btf__raw_data(target->btf, &size);
	if (!data)
		return sink_nomem(spec->sink);
	err = lskel_btf_init(&kernel.btf, data, size) ?: lskel_kernel_btf_index(&kernel);
	if (err)
		sink_fail(spec->sink, err, "%s: types of a kind that is not known here", target->file);
	for (i = 0; i < n && !err; i++) {
		struct lskel_place *places = arena_array(spec->arena, ops[i].nr_members, sizeof(*places));

		if (!places) {
			err = sink_nomem(spec->sink);
			break;
		}
		err = lskel_find_layout(&kernel, &ops[i], &found[i], places, &why);
		if (err)
			sink_fail(spec->sink, err, "%s: section %s symbol %s: for %s: %s", spec->file,
				  spec->maps.items[ops[i].map].section,
				  spec->maps.items[ops[i].map].name, target->key, why.text);
	}
	free(kernel.at);
	*layouts = found;
	return err;
}
