/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Tables of operations: structures with functions that the kernel calls, which are
 * programs. Where the running kernel has their members, its types say.
 */
#ifndef LSKEL_STRUCT_OPS
#define LSKEL_STRUCT_OPS

/* A member as the object has it */
struct lskel_ops_member {
	const char *name;
	__u32 offset, size;	/* bytes */
	__u32 kind;		/* BTF_KIND_* */
	__u32 prog;		/* index of the program that it is, or LSKEL_NONE */
};

/* A table: the value of a struct_ops map is struct bpf_struct_ops_TYPE of the kernel, in
 * which is struct TYPE.
 */
struct lskel_ops {
	const char *type;
	__u32 map;		/* index */
	__u32 value;		/* offset of the pointer to what the object has for struct TYPE */
	const struct lskel_ops_member *members;
	__u32 nr_members;
	struct lskel_image image;	/* which is that at first */
	bool link;		/* registers it, not the map's value alone */
};

/* The same in the kernel */
struct lskel_place {
	__u32 index;		/* of the member, or LSKEL_NONE: it is not there */
	__u32 offset;		/* bytes, in the value of the map */
};

struct lskel_layout {
	__u32 type, value_type;	/* ids */
	__u32 value_size;	/* bytes */
	const struct lskel_place *places;	/* by member of the object's */
};

/* What is kept of a table */
struct lskel_table {
	const struct lskel_layout *layout;	/* of the kernel that runs */
	struct lskel_layout own;		/* which was looked for here */
	struct lskel_place *places;
	char *value;		/* of the map, but for the programs */
	int btf_fd;		/* the object's */
	bool spent;		/* the map has its value, which it can get but once */
};

/* Reading the kernel's types. Every type of the index is inside of the data. */

/* Behind the 12 bytes of a structure, 12 bytes per member */
static inline bool lskel_struct_member(const struct lskel_kernel_btf *kernel, __u32 id,
				       const struct lskel_type *type, __u32 nr, __u32 member[3])
{
	if (nr >= (type->info & 0xffff))
		return false;
	memcpy(member, kernel->btf.data + kernel->at[id - 1] + 12 + nr * 12, 12);
	return true;
}

/* struct PREFIXname, which @type becomes; 0: there is none */
static inline __u32 lskel_find_struct(const struct lskel_kernel_btf *kernel, const char *prefix,
				      const char *name, struct lskel_type *type)
{
	const size_t len = strlen(prefix);
	const char *found;
	__u32 at, id;

	for (id = 1; id <= kernel->nr; id++) {
		at = kernel->at[id - 1];
		if (!lskel_btf_next(&kernel->btf, &at, type) || lskel_btf_kind(type) != 4)
			continue;
		found = lskel_btf_name(&kernel->btf, type->name);
		if (!strncmp(found, prefix, len) && !strcmp(found + len, name))
			return id;
	}
	return 0;
}

/* In bytes; 0: none, or absurd */
static inline __u64 lskel_type_size(const struct lskel_kernel_btf *kernel, __u32 id)
{
	struct lskel_type type;
	__u64 n = 1;
	__u32 array[3];		/* type, type of the index, elements */
	int depth;

	for (depth = 0; depth < 64 && n <= UINT32_MAX; depth++) {
		id = lskel_behind(kernel, id, &type);
		if (!id)
			break;
		switch (lskel_btf_kind(&type)) {
		case 1:		/* integer */
		case 4:		/* struct */
		case 5:		/* union */
		case 6:		/* enum */
		case 16:	/* float */
		case 19:	/* enum of 64 bits */
			return n * type.type;
		case 2:		/* pointer */
			return n * 8;
		case 3:
			memcpy(array, kernel->btf.data + kernel->at[id - 1] + 12, sizeof(array));
			n *= array[2];
			id = array[0];
			break;
		default:
			return 0;
		}
	}
	return 0;
}

/* A sentence without its beginning */
struct lskel_why {
	char text[300];
};

__attribute__((format(printf, 3, 4)))
static inline int lskel_because(struct lskel_why *why, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return err;
}

/* Where struct @type, which is struct TYPE of @ops and @at bytes behind the start of the
 * value of @size bytes, has @member
 */
static inline int lskel_find_member(const struct lskel_kernel_btf *kernel, const struct lskel_ops *ops,
				    const struct lskel_layout *layout, const struct lskel_type *type,
				    __u32 at, const struct lskel_ops_member *member,
				    struct lskel_place *place, struct lskel_why *why)
{
	__u32 found[3] = { 0, 0, 0 }, kind, offset, i;	/* name, type, offset in bits */
	struct lskel_type behind;

	place->index = LSKEL_NONE;
	place->offset = 0;
	for (i = 0; lskel_struct_member(kernel, layout->type, type, i, found); i++)
		if (member->name[0] && !strcmp(lskel_btf_name(&kernel->btf, found[0]), member->name))
			break;
	if (i == (type->info & 0xffff))
		return 0;
	/* With this flag, the upper byte is the number of bits if it is a bit-field. */
	offset = type->info >> 31 ? found[2] & 0xffffff : found[2];
	if (offset != found[2] || offset % 8)
		return lskel_because(why, -EINVAL, "member '%s' of struct %s is a bit-field in the kernel",
				     member->name, ops->type);
	kind = lskel_essence(kernel, found[1]);
	if (!lskel_same_kind(member->kind, kind))
		return lskel_because(why, -EINVAL, "member '%s' of struct %s is %s in the kernel, not %s",
				     member->name, ops->type, lskel_kind_name(kind),
				     lskel_kind_name(member->kind));
	if (lskel_type_size(kernel, found[1]) != member->size)
		return lskel_because(why, -EINVAL, "member '%s' of struct %s has %llu bytes in the kernel,"
				     " not %u", member->name, ops->type,
				     (unsigned long long)lskel_type_size(kernel, found[1]), member->size);
	if (member->prog != LSKEL_NONE &&
	    (!lskel_behind(kernel, found[1], &behind) || lskel_essence(kernel, behind.type) != 13))
		return lskel_because(why, -EINVAL, "member '%s' of struct %s points to no function in the"
				     " kernel", member->name, ops->type);
	place->index = i;
	place->offset = at + offset / 8;
	if ((__u64)at + offset / 8 + member->size > layout->value_size)
		return lskel_because(why, -EINVAL, "struct %s exceeds what it is in", ops->type);
	return 0;
}

/* What @kernel has for @ops. @places is room for all members. */
static inline int lskel_find_layout(const struct lskel_kernel_btf *kernel, const struct lskel_ops *ops,
				    struct lskel_layout *layout, struct lskel_place *places,
				    struct lskel_why *why)
{
	struct lskel_type type, value;
	__u32 member[3] = { 0, 0, 0 }, i;
	int err = 0;

	layout->places = places;
	layout->type = lskel_find_struct(kernel, "", ops->type, &type);
	if (!layout->type)
		return lskel_because(why, -ENOENT, "the kernel has no struct %s", ops->type);
	layout->value_type = lskel_find_struct(kernel, "bpf_struct_ops_", ops->type, &value);
	if (!layout->value_type)
		return lskel_because(why, -ENOENT, "struct %s is nothing that the kernel takes programs for",
				     ops->type);
	layout->value_size = value.type;
	for (i = 0; lskel_struct_member(kernel, layout->value_type, &value, i, member); i++)
		if (member[1] == layout->type)
			break;
	/* What is absurd would wrap around where memory is allocated for it. */
	if (i == (value.info & 0xffff) || member[2] % 8 || value.type > INT32_MAX)
		return lskel_because(why, -EINVAL, "struct bpf_struct_ops_%s is not what it was", ops->type);
	for (i = 0; i < ops->nr_members && !err; i++)
		err = lskel_find_member(kernel, ops, layout, &type, member[2] / 8, &ops->members[i],
					&places[i], why);
	return err;
}

/* The life of tables */

/* The program that @member is, or NULL */
static inline const struct lskel_prog_desc *lskel_ops_prog(const struct lskel *skel,
							   const struct lskel_ops_member *member)
{
	return member->prog == LSKEL_NONE ? NULL : &skel->object->progs[member->prog];
}

static inline __u32 lskel_nr_tables(const struct lskel *skel)
{
	return skel->object->nr_attach - skel->object->nr_progs;
}

static inline int lskel_open_tables(struct lskel *skel)
{
	const __u32 n = lskel_nr_tables(skel);
	void *value;
	__u32 i;

	skel->tables = (struct lskel_table *)calloc(n, sizeof(*skel->tables));
	for (i = 0; skel->tables && i < n; i++)
		skel->tables[i].btf_fd = -1;
	for (i = 0; skel->tables && i < n; i++) {
		const struct lskel_ops *ops = &skel->object->ops[i];

		value = calloc(1, ops->image.size + 1);
		skel->tables[i].places = (struct lskel_place *)calloc(ops->nr_members + 1,
								      sizeof(struct lskel_place));
		if (!value || !skel->tables[i].places) {
			free(value);
			return lskel_nomem(skel);
		}
		lskel_unpack(&ops->image, 0, ops->image.size, value);
		memcpy(lskel_member(skel, ops->value), &value, sizeof(value));
	}
	return skel->tables ? 0 : lskel_nomem(skel);
}

static inline void lskel_destroy_tables(struct lskel *skel)
{
	void *value;
	__u32 i;

	for (i = 0; skel->tables && i < lskel_nr_tables(skel); i++) {
		struct lskel_table *table = &skel->tables[i];

		memcpy(&value, lskel_member(skel, skel->object->ops[i].value), sizeof(value));
		free(value);
		free(table->places);
		free(table->value);
		lskel_close(&table->btf_fd);
	}
	free(skel->tables);
}

static inline int lskel_table_failed(struct lskel *skel, const struct lskel_ops *ops, int err,
				     const char *why)
{
	return lskel_fail(skel, err, "table '%s': %s:", skel->object->maps[ops->map].name, why);
}

static inline bool lskel_table_left_out(const struct lskel *skel, __u32 nr, const int *slots)
{
	return slots[skel->object->ops[nr].map] == LSKEL_SLOT_SKIP;
}

static inline int lskel_find_layouts(struct lskel *skel, const int *slots)
{
	struct lskel_kernel_btf kernel;
	struct lskel_why why;
	bool all = true;
	__u32 i;
	int err;

	for (i = 0; i < lskel_nr_tables(skel); i++) {
		if (skel->layouts)
			skel->tables[i].layout = &skel->layouts[i];
		all = all && (skel->tables[i].layout || lskel_table_left_out(skel, i, slots));
	}
	if (all)
		return 0;
	err = lskel_kernel_btf_open(&kernel);
	if (err)
		return lskel_table_failed(skel, skel->object->ops, err,
					  err == -EOPNOTSUPP ? "the kernel's BTF has kinds of types that are"
					  " not known here" : "cannot read /sys/kernel/btf/vmlinux");
	for (i = 0; !err && i < lskel_nr_tables(skel); i++) {
		struct lskel_table *table = &skel->tables[i];

		if (table->layout || lskel_table_left_out(skel, i, slots))
			continue;
		err = lskel_find_layout(&kernel, &skel->object->ops[i], &table->own, table->places, &why);
		if (err)
			lskel_table_failed(skel, &skel->object->ops[i], err, why.text);
		else
			table->layout = &table->own;
	}
	lskel_kernel_btf_close(&kernel);
	return err;
}

static inline bool lskel_all_zero(const char *bytes, __u32 size)
{
	return !size || (!bytes[0] && !memcmp(bytes, bytes + 1, size - 1));
}

/* Bring the members to their places. Those that the kernel does not have must be zero. */
static inline int lskel_fill_table(struct lskel *skel, const struct lskel_ops *ops,
				   struct lskel_table *table, const int *slots)
{
	struct lskel_why why;
	const char *from;
	__u32 i;

	memcpy(&from, lskel_member(skel, ops->value), sizeof(from));
	free(table->value);
	table->value = (char *)calloc(1, table->layout->value_size + 1);
	if (!table->value)
		return lskel_nomem(skel);
	for (i = 0; i < ops->nr_members; i++) {
		const struct lskel_ops_member *member = &ops->members[i];
		const struct lskel_place *place = &table->layout->places[i];
		const struct lskel_prog_desc *prog = lskel_ops_prog(skel, member);
		const bool zero = prog ? slots[prog->slot] == LSKEL_SLOT_SKIP :
				  lskel_all_zero(from + member->offset, member->size);

		if (place->index == LSKEL_NONE && !zero) {
			lskel_because(&why, 0, "struct %s of the kernel has no member '%s', which is %s%s",
				      ops->type, member->name, prog ? "program " : "not zero",
				      prog ? prog->name : "");
			return lskel_table_failed(skel, ops, -ENOENT, why.text);
		}
		if (!prog && !zero)
			memcpy(table->value + place->offset, from + member->offset, member->size);
	}
	return 0;
}

static inline int lskel_begin_tables(struct lskel *skel, int *slots)
{
	int err = lskel_find_layouts(skel, slots);
	__u32 i;

	for (i = 0; !err && i < lskel_nr_tables(skel); i++)
		if (!lskel_table_left_out(skel, i, slots))
			err = lskel_fill_table(skel, &skel->object->ops[i], &skel->tables[i], slots);
	return err;
}

/* What says in the attributes what a map, and what a program is for */
static inline int lskel_prepare_tables(struct lskel *skel, struct lskel_ready *ready, const int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i, j;

	(void)slots;
	for (i = 0; i < lskel_nr_tables(skel); i++) {
		const struct lskel_layout *layout = skel->tables[i].layout;
		const struct lskel_ops *ops = &object->ops[i];
		const __u32 step = object->maps[ops->map].step;

		/* Nobody has looked for the members of a table that is left out. */
		if (!layout)
			continue;
		if (lskel_has_step(ready->loader, step)) {
			lskel_patch(skel, ready, step, offsetof(struct lskel_map_attr, value_size),
				    &layout->value_size, sizeof(layout->value_size));
			lskel_patch(skel, ready, step,
				    offsetof(struct lskel_map_attr, btf_vmlinux_value_type_id),
				    &layout->value_type, sizeof(layout->value_type));
		}
		for (j = 0; j < ops->nr_members; j++) {
			const struct lskel_prog_desc *prog = lskel_ops_prog(skel, &ops->members[j]);

			if (!prog || !lskel_has_step(ready->loader, prog->step))
				continue;
			lskel_patch(skel, ready, prog->step,
				    offsetof(struct lskel_load_attr, attach_btf_id), &layout->type,
				    sizeof(layout->type));
			lskel_patch(skel, ready, prog->step,
				    offsetof(struct lskel_load_attr, expected_attach_type),
				    &layout->places[j].index, sizeof(layout->places[j].index));
		}
	}
	return 0;
}

static inline void lskel_undo_tables(struct lskel *skel)
{
	__u32 i;

	for (i = 0; i < lskel_nr_tables(skel); i++)
		lskel_close(&skel->tables[i].btf_fd);
}

/* Keep the object's BTF, for another map */
static inline int lskel_end_tables(struct lskel *skel, const int *slots)
{
	const struct lskel_step *step = skel->object->steps;
	__u32 i;
	int err;

	while (step->kind != LSKEL_STEP_BTF_LOAD)
		step++;
	for (i = 0; i < lskel_nr_tables(skel); i++) {
		struct lskel_table *table = &skel->tables[i];

		table->spent = false;
		table->btf_fd = fcntl(slots[step->slot], 1030 /* F_DUPFD_CLOEXEC */, 1);
		if (table->btf_fd >= 0)
			continue;
		err = lskel_table_failed(skel, &skel->object->ops[i], -errno, "cannot keep its BTF");
		lskel_undo_tables(skel);
		return err;
	}
	return 0;
}

static inline void lskel_tell_tables(struct lskel *skel, const struct lskel_ready *ready,
				     const struct lskel_step *step, int err)
{
	(void)ready;
	if (step->kind == LSKEL_STEP_MAP_CREATE && err == -524 /* ENOTSUPP */)
		lskel_go_on(skel, "; the kernel has the types of this table, but takes none");
}

static const struct lskel_part lskel_struct_ops_part = {
	lskel_begin_tables, lskel_prepare_tables, lskel_end_tables, lskel_undo_tables,
	lskel_tell_tables, 0, lskel_open_tables, lskel_destroy_tables, 0
};

/* Attaching */

/* Another map like the one that was registered, with its number */
static inline int lskel_renew_table(const struct lskel *skel, const struct lskel_ops *ops,
				    struct lskel_table *table, int map_fd)
{
	struct lskel_map_attr attr;
	int fd, err = 0;

	lskel_planned_map(skel, &skel->object->maps[ops->map], &attr);
	attr.value_size = table->layout->value_size;
	attr.btf_vmlinux_value_type_id = table->layout->value_type;
	attr.btf_fd = (__u32)table->btf_fd;
	fd = lskel_bpf(LSKEL_MAP_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		return fd;
	if (syscall(__NR_dup3, fd, map_fd, LSKEL_O_CLOEXEC) < 0)
		err = -errno;
	else
		table->spent = false;
	lskel_close(&fd);
	return err;
}

/* Deleting the element of a map without a link undoes what setting it did. */
static inline void lskel_unregister(int map_fd)
{
	const __u32 key = 0;

	lskel_elem(LSKEL_MAP_DELETE_ELEM, map_fd, &key, NULL);
}

static inline void lskel_detach_table(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *at)
{
	(void)at;
	lskel_unregister(*lskel_fd(skel, prog->link));
}

static inline const char *lskel_taken(int err)
{
	return err == -EEXIST ? ": something is registered by that name" : "";
}

static inline int lskel_register_table(const struct lskel *skel, const struct lskel_ops *ops,
				       const struct lskel_table *table, int map_fd)
{
	const __u32 key = 0;
	__u64 fd;
	__u32 i;

	for (i = 0; i < ops->nr_members; i++) {
		const struct lskel_prog_desc *prog = lskel_ops_prog(skel, &ops->members[i]);

		/* To the kernel, 0 is none; no program has that. */
		if (!prog || lskel_prog_fd(skel, prog) < 0)
			continue;
		fd = (__u32)lskel_prog_fd(skel, prog);
		memcpy(table->value + table->layout->places[i].offset, &fd, sizeof(fd));
	}
	return lskel_elem(LSKEL_MAP_UPDATE_ELEM, map_fd, &key, table->value);
}

static inline int lskel_link_table(int map_fd)
{
	__u32 attr[4] = { (__u32)map_fd, 0, 44 /* BPF_STRUCT_OPS */, 0 };

	return lskel_bpf(28 /* LINK_CREATE */, attr, sizeof(attr));
}

static inline int lskel_attach_table(struct lskel *skel, const struct lskel_prog_desc *prog,
				     const struct lskel_where *where, struct lskel_attached *how)
{
	const ptrdiff_t nr = prog - skel->object->progs - (ptrdiff_t)skel->object->nr_progs;
	const struct lskel_ops *ops = &skel->object->ops[nr];
	struct lskel_table *table = &skel->tables[nr];
	const int map_fd = lskel_prog_fd(skel, prog);
	int fd, err = 0;

	(void)where;
	if (table->spent && !ops->link)
		err = lskel_renew_table(skel, ops, table, map_fd);
	if (err)
		return lskel_cannot(skel, prog, err, "MAP_CREATE");
	if (!table->spent)
		err = lskel_register_table(skel, ops, table, map_fd);
	if (err)
		return lskel_cannot(skel, prog, err, "MAP_UPDATE_ELEM%s", lskel_taken(err));
	table->spent = true;
	if (ops->link) {
		fd = lskel_link_table(map_fd);
		return fd < 0 ? lskel_cannot(skel, prog, fd, "LINK_CREATE%s", lskel_taken(fd)) : fd;
	}
	fd = fcntl(map_fd, 1030 /* F_DUPFD_CLOEXEC */, 0);
	if (fd < 0) {
		err = -errno;
		lskel_unregister(map_fd);
		return lskel_cannot(skel, prog, err, "descriptor %d", map_fd);
	}
	how->undo = lskel_detach_table;
	return fd;
}

static const struct lskel_attach_kind lskel_struct_ops_kind = { lskel_attach_table, 0 };

#endif /* LSKEL_STRUCT_OPS */
