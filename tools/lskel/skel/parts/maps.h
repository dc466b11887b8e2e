/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Maps that the user of the skeleton brings along, or does without */
#ifndef LSKEL_MAPS
#define LSKEL_MAPS

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
		lskel_fail(skel, copy, "descriptor %d cannot be map '%s': %s (errno %d)", fd, map->name,
			   strerror(-copy), -copy);
	return copy;
}

/* What the slots of the maps say of the user's choices. First of the parts that
 * know maps, since it makes skel->given.
 */
static inline int lskel_choose_maps(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;
	int fd;

	if (!skel->given)
		skel->given = (bool *)calloc(object->nr_maps + 1, sizeof(*skel->given));
	if (!skel->given)
		return lskel_nomem(skel);
	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];
		const struct lskel_map *member = (struct lskel_map *)lskel_member(skel, map->member);

		skel->given[i] = map->member && (member->map_fd >= 0 || !member->autocreate);
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
	struct {
		__u8 code, regs;
		__s16 off;
		__s32 imm;
	} insn, call;
	__u32 i, kind;

	for (i = 0; i + 1 < n; i++) {
		memcpy(&insn, insns + i * sizeof(insn), sizeof(insn));
		if (insn.code != 0x18 /* BPF_LD | BPF_IMM | BPF_DW */)
			continue;
		kind = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? insn.regs & 15 : insn.regs >> 4;
		i++;
		if ((kind != 5 && kind != 6) /* BPF_PSEUDO_MAP_IDX, BPF_PSEUDO_MAP_IDX_VALUE */ ||
		    (__u32)insn.imm >= skel->object->nr_maps || slots[insn.imm] != LSKEL_SLOT_SKIP)
			continue;
		memset(&call, 0, sizeof(call));
		call.code = 0x85 /* BPF_JMP | BPF_CALL */;
		call.imm = LSKEL_LEFT_OUT + insn.imm;
		memcpy(insns + (i - 1) * sizeof(call), &call, sizeof(call));
		memcpy(insns + i * sizeof(call), &call, sizeof(call));
	}
}

static inline int lskel_leave_out(struct lskel *skel, struct lskel_ready *ready, const int *slots)
{
	const struct lskel_object *object = skel->object;
	bool any = false;
	__u32 i, n;

	for (i = 0; i < object->nr_maps; i++)
		any = any || slots[i] == LSKEL_SLOT_SKIP;
	for (i = 0; any && i < object->nr_progs; i++) {
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
static inline int lskel_learn_entries(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	struct lskel_map_info info;
	__u32 i;

	for (i = 0; i < object->nr_maps; i++)
		if (skel->given[i] && slots[i] >= 0 && !lskel_get_map_info(slots[i], &info))
			((struct lskel_map *)lskel_member(skel, object->maps[i].member))->max_entries =
				info.max_entries;
	return 0;
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
	lskel_choose_maps, lskel_leave_out, lskel_learn_entries, 0, lskel_maps_tell, 0, 0, 0
};

#endif /* LSKEL_MAPS */
