/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Constants of the object belong to all of its programs, also to those that refer to
 * none: bpftool(8) looks there for what the object says of itself (bpf_metadata_*).
 */
#ifndef LSKEL_BIND
#define LSKEL_BIND

/* For a program that refers to it, it changes nothing; and nothing depends on it. */
static inline int lskel_bind_rodata(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	struct { __u32 prog_fd, map_fd, flags; } attr = { 0, 0, 0 };
	__u32 i, nr;

	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];

		if (!map->read_only || slots[i] < 0 || (object->kconfig && map->data == object->kconfig))
			continue;
		attr.map_fd = (__u32)slots[i];
		for (nr = 0; nr < object->nr_progs; nr++) {
			attr.prog_fd = (__u32)slots[object->progs[nr].slot];
			if (slots[object->progs[nr].slot] >= 0)
				lskel_bpf(35 /* PROG_BIND_MAP */, &attr, sizeof(attr));
		}
	}
	return 0;
}

static const struct lskel_part lskel_bind_part = { 0, 0, lskel_bind_rodata, 0, 0, 0, 0, 0, 0 };

#endif /* LSKEL_BIND */
