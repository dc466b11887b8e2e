/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Maps, which the user may also bring along, or do without */
#ifndef LSKEL_MAPS
#define LSKEL_MAPS

/* All may be changed before the load */
struct lskel_map {
	int map_fd;
	__u32 max_entries;
	bool autocreate;
};

/* What the user sees of it; NULL: nothing */
static inline struct lskel_map *lskel_map_of(const struct lskel *skel, const struct lskel_map_desc *map)
{
	return map->member ? (struct lskel_map *)lskel_member(skel, map->member) : NULL;
}

static inline int lskel_open_maps(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_maps; i++) {
		struct lskel_map *map = lskel_map_of(skel, &object->maps[i]);

		if (!map)
			continue;
		map->map_fd = -1;
		map->max_entries = object->maps[i].max_entries;
		map->autocreate = true;
	}
	skel->given = (bool *)calloc(object->nr_maps + 1, sizeof(*skel->given));
	return skel->given ? 0 : lskel_nomem(skel);
}

static inline void lskel_destroy_maps(struct lskel *skel)
{
	struct lskel_map *map;
	__u32 i;

	/* Before a load, they are the user's */
	for (i = 0; skel->loaded && i < skel->object->nr_maps; i++) {
		map = lskel_map_of(skel, &skel->object->maps[i]);
		if (map)
			lskel_close(&map->map_fd);
	}
	free(skel->given);
}

static inline __u32 lskel_max_entries(const struct lskel *skel, const struct lskel_map_desc *desc)
{
	const struct lskel_map *map = lskel_map_of(skel, desc);
	const __u32 n = map ? map->max_entries : desc->max_entries;

	return desc->entries ? desc->entries(n) : n;
}

/* What the load would create */
static inline void lskel_planned_map(const struct lskel *skel, const struct lskel_map_desc *map,
				     struct lskel_map_attr *attr)
{
	const struct lskel_loader *loader = skel->object->loaders;

	while (!lskel_has_step(loader, map->step))
		loader++;
	memset(attr, 0, sizeof(*attr));
	lskel_unpack(&loader->blob, skel->object->steps[map->step].attr, sizeof(*attr), attr);
}

static inline bool lskel_same_sizes(const struct lskel_map_info *info, const struct lskel_map_attr *attr)
{
	return info->type == attr->map_type && info->key_size == attr->key_size &&
	       info->value_size == attr->value_size;
}

/* A duplicate of the descriptor @fd of the user's, to be map @map */
static inline int lskel_take_map(struct lskel *skel, const struct lskel_map_desc *map, int fd)
{
	struct lskel_map_attr attr;
	struct lskel_map_info info;
	int copy;

	copy = lskel_get_map_info(fd, &info);
	lskel_planned_map(skel, map, &attr);
	if (!copy && !lskel_same_sizes(&info, &attr))
		return lskel_fail(skel, -EINVAL, "descriptor %d is not map '%s': its type or sizes differ",
				  fd, map->name);
	/* To the kernel, 0 is none here and there */
	if (!copy) {
		copy = fcntl(fd, 1030 /* F_DUPFD_CLOEXEC */, 1);
		copy = copy < 0 ? -errno : copy;
	}
	if (copy < 0)
		lskel_fail(skel, copy, "descriptor %d cannot be map '%s':", fd, map->name);
	return copy;
}

/* What the slots of the maps say of the user's choices. First of the parts that
 * know maps, since it fills skel->given.
 */
static inline int lskel_choose_maps(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;
	int fd;

	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];
		const struct lskel_map *member = lskel_map_of(skel, map);

		skel->given[i] = member && (member->map_fd >= 0 || !member->autocreate);
		if (!skel->given[i])
			continue;
		if (!map->choice)
			return lskel_fail(skel, -EOPNOTSUPP, "map '%s' has too many slots to be replaced"
					  " or left out", map->name);
		fd = member->map_fd < 0 ? LSKEL_SLOT_SKIP : lskel_take_map(skel, map, member->map_fd);
		if (fd < 0 && fd != LSKEL_SLOT_SKIP)
			return fd;
		slots[i] = fd;
		skel->usual = false;
	}
	return 0;
}

/* A reference to a map that is left out becomes two calls of a function that no
 * kernel has: this number plus that of the map. So the verifier refuses the program
 * only if it gets there.
 */
enum { LSKEL_LEFT_OUT = 2001000000 };

static inline void lskel_poison(const struct lskel *skel, const int *slots, char *insns, __u32 n)
{
	const int shift = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 0 : 4;
	struct { __u8 code, regs; __s16 off; __u32 imm; } insn[2];
	__u32 kind;

	for (; n > 1; n--, insns += sizeof(insn[0])) {
		memcpy(insn, insns, sizeof(insn));
		if (insn[0].code != 0x18 /* BPF_LD | BPF_IMM | BPF_DW */)
			continue;
		kind = insn[0].regs >> shift & 15;
		if ((kind == 5 || kind == 6) /* BPF_PSEUDO_MAP_IDX, BPF_PSEUDO_MAP_IDX_VALUE */ &&
		    insn[0].imm < skel->object->nr_maps && slots[insn[0].imm] == LSKEL_SLOT_SKIP) {
			insn[0].code = 0x85 /* BPF_JMP | BPF_CALL */;
			insn[0].regs = 0;
			insn[0].imm += LSKEL_LEFT_OUT;
			memcpy(insns, insn, sizeof(insn[0]));
			memcpy(insns + sizeof(insn[0]), insn, sizeof(insn[0]));
		}
		n--;
		insns += sizeof(insn[0]);
	}
}

static inline int lskel_prepare_maps(struct lskel *skel, struct lskel_ready *ready, const int *slots)
{
	const struct lskel_object *object = skel->object;
	bool left_out = false;
	__u32 i, n;

	for (i = 0; i < object->nr_maps; i++) {
		left_out = left_out || slots[i] == LSKEL_SLOT_SKIP;
		if (!lskel_has_step(ready->loader, object->maps[i].step))
			continue;
		n = lskel_max_entries(skel, &object->maps[i]);
		lskel_patch(skel, ready, object->maps[i].step,
			    offsetof(struct lskel_map_attr, max_entries), &n, sizeof(n));
	}
	for (i = 0; left_out && i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		if (!lskel_has_step(ready->loader, prog->step))
			continue;
		memcpy(&n, ready->blob + object->steps[prog->step].attr +
		       offsetof(struct lskel_load_attr, insn_cnt), sizeof(n));
		lskel_poison(skel, slots, ready->blob + prog->insns, n);
	}
	return 0;
}

/* Maps that the user brought along have their own number of entries. */
static inline void lskel_take_maps(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	struct lskel_map_info info;
	__u32 i;

	for (i = 0; i < object->nr_maps; i++) {
		struct lskel_map *map = lskel_map_of(skel, &object->maps[i]);

		if (!map)
			continue;
		map->map_fd = slots[i] >= 0 ? slots[i] : -1;
		map->max_entries = lskel_max_entries(skel, &object->maps[i]);
		if (skel->given[i] && slots[i] >= 0 && !lskel_get_map_info(slots[i], &info))
			map->max_entries = info.max_entries;
		slots[i] = LSKEL_SLOT_UNSET;
	}
}

static inline void lskel_maps_tell(struct lskel *skel, const struct lskel_ready *ready,
				   const struct lskel_step *step, int err)
{
	const struct lskel_object *object = skel->object;
	const char *call = strstr(lskel_log(skel), "unknown#2001");
	const __u32 nr = call ? (__u32)strtoul(strchr(call, '#') + 1, NULL, 10) - LSKEL_LEFT_OUT : 0;
	__u32 i;

	if (step->kind == LSKEL_STEP_PROG_LOAD && call && nr < object->nr_maps)
		lskel_go_on(skel, "; it uses map '%s', which is left out", object->maps[nr].name);
	/* A map that has others in it */
	for (i = 0; err == -EBADF && i < object->nr_maps; i++)
		if (ready->slots[i] == LSKEL_SLOT_SKIP)
			lskel_go_on(skel, "; map '%s' is left out", object->maps[i].name);
}

static const struct lskel_part lskel_maps_part = {
	lskel_choose_maps, lskel_prepare_maps, 0, 0, lskel_maps_tell, 0, lskel_open_maps, lskel_destroy_maps,
	lskel_take_maps
};

#endif /* LSKEL_MAPS */
