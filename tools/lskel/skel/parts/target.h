/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The function of another program that a program extends or traces */
#ifndef LSKEL_TARGET
#define LSKEL_TARGET

/* The id of the function @name in the BTF @btf of @size bytes, or -ENOENT */
static inline int lskel_find_func(const char *btf, __u32 size, const char *name)
{
	struct lskel_btf types;
	struct lskel_type type;
	__u32 at;
	int id;

	if (lskel_btf_init(&types, btf, size))
		return -ENOENT;
	at = types.types;
	for (id = 1; lskel_btf_next(&types, &at, &type); id++)
		if (lskel_btf_kind(&type) == 12 /* BTF_KIND_FUNC */ &&
		    !strcmp(lskel_btf_name(&types, type.name), name))
			return id;
	return -ENOENT;
}

/* The same in the BTF of the program @fd */
static inline int lskel_find_target(int fd, const char *name)
{
	__u32 prog_info[33], id_attr[4];	/* struct bpf_prog_info up to btf_id */
	__u32 size;
	char *btf;
	int btf_fd, ret;

	memset(prog_info, 0, sizeof(prog_info));
	ret = lskel_get_info(fd, prog_info, sizeof(prog_info));
	if (ret)
		return ret;
	memset(id_attr, 0, sizeof(id_attr));
	id_attr[0] = prog_info[32];
	btf_fd = lskel_bpf(19 /* BTF_GET_FD_BY_ID */, id_attr, sizeof(id_attr));
	if (btf_fd < 0)
		return btf_fd;
	ret = lskel_btf_read(btf_fd, &btf, &size);
	if (!ret)
		ret = lskel_find_func(btf, size, name);
	free(btf);
	close(btf_fd);
	return ret;
}

/* To the kernel, attach_prog_fd 0 is none */
static inline int lskel_prepare_targets(struct lskel *skel, struct lskel_ready *ready,
					const int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];
		const char *func = prog->target_func;
		int fd, id;

		if (!prog->target || slots[prog->slot] == LSKEL_SLOT_SKIP ||
		    !lskel_has_step(ready->loader, prog->step))
			continue;
		fd = *lskel_fd(skel, prog->target);
		if (prog->target_name)
			memcpy(&func, lskel_member(skel, prog->target_name), sizeof(func));
		if (fd < 0 || !func)
			return lskel_fail(skel, -EINVAL, "program '%s' (SEC(\"%s\")) needs to know its"
					  " target: set progs.%s.target_fd%s", prog->name, prog->sec,
					  prog->ident, prog->target_name ? " and target_func" : "");
		id = lskel_find_target(fd, func);
		if (id < 0)
			return lskel_fail(skel, id, "cannot find function '%s' in the target of program"
					  " '%s':", func, prog->name);
		if (!fd) {
			if (ready->spare < 0)
				ready->spare = fcntl(fd, 1030 /* F_DUPFD_CLOEXEC */, 1);
			fd = ready->spare;
		}
		lskel_patch(skel, ready, prog->step, offsetof(struct lskel_load_attr, attach_btf_id),
			    &id, sizeof(id));
		lskel_patch(skel, ready, prog->step, offsetof(struct lskel_load_attr, attach_prog_fd),
			    &fd, sizeof(fd));
	}
	return 0;
}

static const struct lskel_part lskel_target_part = { 0, lskel_prepare_targets, 0, 0, 0, 0, 0, 0, 0 };

#endif /* LSKEL_TARGET */
