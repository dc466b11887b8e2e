/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Maps that are pinned by name */
#ifndef LSKEL_PIN
#define LSKEL_PIN

struct lskel_pin_attr {
	__u64 pathname;
	__u32 bpf_fd, file_flags;
};

static inline const char *lskel_pin_dir(const struct lskel *skel)
{
	const char *dir;

	memcpy(&dir, lskel_member(skel, skel->object->pin_dir), sizeof(dir));
	return dir;
}

static inline int lskel_open_pin(struct lskel *skel)
{
	static const char dir[] = "/sys/fs/bpf", *const at = dir;

	memcpy(lskel_member(skel, skel->object->pin_dir), &at, sizeof(at));
	return 0;
}

static inline char *lskel_pin_path(const struct lskel *skel, const struct lskel_map_desc *map)
{
	const char *dir = lskel_pin_dir(skel);
	char *path, *c;
	size_t size;

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

/* The descriptor of @map if it is pinned already, -ENOENT if not */
static inline int lskel_reuse(struct lskel *skel, const struct lskel_map_desc *map, const char *path)
{
	struct lskel_map_attr attr;
	struct lskel_map_info info;
	struct lskel_pin_attr pin;
	int fd, err;

	memset(&pin, 0, sizeof(pin));
	pin.pathname = lskel_address(path);
	fd = lskel_bpf(7 /* OBJ_GET */, &pin, sizeof(pin));
	if (fd == -ENOENT)
		return fd;
	if (fd < 0)
		return lskel_fail(skel, fd, "cannot open %s, where map '%s' is pinned:", path,
				  map->name);
	err = lskel_get_map_info(fd, &info);
	lskel_planned_map(skel, map, &attr);
	if (err)
		lskel_fail(skel, err, "cannot learn what %s is:", path);
	else if (!lskel_same_sizes(&info, &attr) || info.map_flags != attr.map_flags ||
		 info.map_extra != attr.map_extra ||
		 info.max_entries != lskel_max_entries(skel, map))
		err = lskel_fail(skel, -EINVAL, "%s is not map '%s': its type, flags or sizes differ",
				 path, map->name);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Fill the slots of maps that are pinned already, unless the user has chosen, and
 * note which in skel->given. The one behind them is whether pin_dir was made here.
 */
static inline int lskel_reuse_all(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	char *path;
	__u32 i;
	int fd;

	for (i = 0; i < object->nr_maps; i++) {
		if (!object->maps[i].pin || skel->given[i])
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
		skel->given[i] = true;
		skel->usual = false;
	}
	return 0;
}

static inline int lskel_pin(struct lskel *skel, const struct lskel_map_desc *map, int fd)
{
	char *path = lskel_pin_path(skel, map);
	struct lskel_pin_attr pin;
	int err;

	if (!path)
		return lskel_nomem(skel);
	memset(&pin, 0, sizeof(pin));
	pin.pathname = lskel_address(path);
	pin.bpf_fd = (__u32)fd;
	err = lskel_bpf(6 /* OBJ_PIN */, &pin, sizeof(pin));
	if (err)
		lskel_fail(skel, err, "cannot pin map '%s' as %s:", map->name, path);
	if (err == -EPERM)
		lskel_go_on(skel, "; is it in a BPF file system?");
	free(path);
	return err;
}

/* Undo it for the first @nr maps */
static inline void lskel_unpin(struct lskel *skel, __u32 nr)
{
	char *path;

	while (nr--) {
		if (!skel->object->maps[nr].pin || skel->given[nr])
			continue;
		path = lskel_pin_path(skel, &skel->object->maps[nr]);
		if (path)
			unlink(path);
		free(path);
	}
	if (skel->given[skel->object->nr_maps])
		rmdir(lskel_pin_dir(skel));
}

/* -EEXIST: somebody else has pinned a map since the load began */
static inline int lskel_pin_all(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	int err = 0;
	__u32 i;

	skel->given[object->nr_maps] = !mkdir(lskel_pin_dir(skel), 0700);
	for (i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].pin && !skel->given[i])
			err = lskel_pin(skel, &object->maps[i], slots[i]);
	if (err)
		lskel_unpin(skel, i - 1);
	return err;
}

static inline void lskel_unpin_all(struct lskel *skel)
{
	lskel_unpin(skel, skel->object->nr_maps);
}

static const struct lskel_part lskel_pin_part = {
	lskel_reuse_all, 0, lskel_pin_all, lskel_unpin_all, 0, 0, lskel_open_pin, 0, 0
};

#endif /* LSKEL_PIN */
