/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Maps that are pinned by name */

static inline char *lskel_pin_path(const struct lskel *skel, const struct lskel_map_desc *map)
{
	const char *dir;
	char *path, *c;
	size_t size;

	memcpy(&dir, lskel_member(skel, skel->object->pin_dir), sizeof(dir));
	size = strlen(dir) + 1 + strlen(map->name) + 1;
	path = (char *)malloc(size);
	if (!path)
		return NULL;
	snprintf(path, size, "%s/%s", dir, map->name);
	/* The BPF file system has no names with a dot */
	for (c = path + strlen(dir) + 1; *c; c++)
		if (*c == '.' || *c == '/')
			*c = '_';
	return path;
}

static inline bool lskel_has_step(const struct lskel_loader *loader, __u32 step)
{
	return step >= loader->first && step - loader->first < loader->nr_steps;
}

/* The descriptor of @map if it is pinned already, -ENOENT if not */
static inline int lskel_reuse(struct lskel *skel, const struct lskel_map_desc *map, const char *path)
{
	const struct lskel_object *object = skel->object;
	const struct lskel_loader *loader = object->loaders;
	struct lskel_map_attr attr;
	struct lskel_map_info info;
	struct lskel_info_attr get;
	struct lskel_pin_attr pin;
	int fd, err;

	memset(&pin, 0, sizeof(pin));
	pin.pathname = lskel_address(path);
	fd = lskel_bpf(LSKEL_OBJ_GET, &pin, sizeof(pin));
	if (fd == -ENOENT)
		return fd;
	if (fd < 0)
		return lskel_fail(skel, fd, "cannot open %s, where map '%s' is pinned: %s (errno %d)",
				  path, map->name, strerror(-fd), -fd);
	memset(&info, 0, sizeof(info));
	memset(&get, 0, sizeof(get));
	get.bpf_fd = (__u32)fd;
	get.info_len = sizeof(info);
	get.info = lskel_address(&info);
	err = lskel_bpf(LSKEL_OBJ_GET_INFO_BY_FD, &get, sizeof(get));
	memset(&attr, 0, sizeof(attr));
	while (!lskel_has_step(loader, map->step))
		loader++;
	lskel_unpack(&loader->blob, object->steps[map->step].attr, sizeof(attr), &attr);
	if (err)
		lskel_fail(skel, err, "cannot learn what %s is: %s (errno %d)", path, strerror(-err), -err);
	else if (info.type != attr.map_type || info.key_size != attr.key_size ||
		 info.value_size != attr.value_size || info.map_flags != attr.map_flags ||
		 info.map_extra != attr.map_extra ||
		 info.max_entries != lskel_max_entries(skel, map))
		err = lskel_fail(skel, -EINVAL, "%s is not map '%s': its type, flags or sizes differ",
				 path, map->name);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Fill the slots of maps that are pinned already, and note which */
static inline int lskel_reuse_all(struct lskel *skel, int *slots, bool *reused)
{
	const struct lskel_object *object = skel->object;
	char *path;
	__u32 i;
	int fd;

	for (i = 0; i < object->nr_maps; i++) {
		reused[i] = false;
		if (!object->maps[i].pin)
			continue;
		path = lskel_pin_path(skel, &object->maps[i]);
		if (!path)
			return lskel_nomem(skel);
		fd = lskel_reuse(skel, &object->maps[i], path);
		free(path);
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd;
		slots[i] = fd;
		reused[i] = true;
	}
	return 0;
}

static inline int lskel_pin(struct lskel *skel, const struct lskel_map_desc *map, int fd)
{
	char *path = lskel_pin_path(skel, map);
	struct lskel_pin_attr pin;
	const char *dir;
	int err;

	if (!path)
		return lskel_nomem(skel);
	memcpy(&dir, lskel_member(skel, skel->object->pin_dir), sizeof(dir));
	mkdir(dir, 0700);
	memset(&pin, 0, sizeof(pin));
	pin.pathname = lskel_address(path);
	pin.bpf_fd = (__u32)fd;
	err = lskel_bpf(LSKEL_OBJ_PIN, &pin, sizeof(pin));
	if (err)
		lskel_fail(skel, err, "cannot pin map '%s' as %s: %s (errno %d)%s", map->name, path,
			   strerror(-err), -err, err == -EPERM ? "; is it in a BPF file system?" : "");
	free(path);
	return err;
}

static inline void lskel_unpin(const struct lskel *skel, const struct lskel_map_desc *map)
{
	char *path = lskel_pin_path(skel, map);

	if (path)
		unlink(path);
	free(path);
}

static inline int lskel_pin_all(struct lskel *skel, const int *slots, const bool *reused)
{
	const struct lskel_object *object = skel->object;
	__u32 i;
	int err;

	for (i = 0; i < object->nr_maps; i++) {
		if (!object->maps[i].pin || reused[i])
			continue;
		err = lskel_pin(skel, &object->maps[i], slots[i]);
		if (!err)
			continue;
		while (i--)
			if (object->maps[i].pin && !reused[i])
				lskel_unpin(skel, &object->maps[i]);
		return err;
	}
	return 0;
}
