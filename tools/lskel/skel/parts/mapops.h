/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Elements of maps */
#ifndef LSKEL_MAPOPS
#define LSKEL_MAPOPS

/* A map, and what its keys and values take. For one key there is one value, or that
 * of each possible processor, in their order, each at a multiple of @stride.
 */
struct lskel_mapops {
	int fd;			/* the caller's */
	bool batch;		/* its elements may be had many at a time */
	__u32 nr_values;
	size_t key_size, stride, size;	/* bytes; size: of all values for one key */
	char name[16];
};

/* Takes an element of a map. A negative result stops. */
typedef int (*lskel_elem_fn)(void *ctx, const void *key, const void *values);

/* Make @map stand for the map @map_fd, whose keys and values have these sizes; -EINVAL
 * if it has others.
 */
static inline int lskel_mapops_init(struct lskel_mapops *map, int map_fd, size_t key_size, size_t value_size)
{
	struct lskel_map_info info;
	int err;

	err = lskel_get_map_info(map_fd, &info);
	if (err)
		return lskel_helper_fail(err, "descriptor %d is no map:", map_fd);
	if (info.key_size != key_size || info.value_size != value_size)
		return lskel_helper_fail(-EINVAL, "map '%.16s' has keys of %u and values of %u bytes, not"
					" %zu and %zu", info.name, info.key_size, info.value_size,
					key_size, value_size);
	memset(map, 0, sizeof(*map));
	memcpy(map->name, info.name, sizeof(map->name));
	map->fd = map_fd;
	map->key_size = key_size;
	map->nr_values = 1;
	map->stride = value_size;
	switch (info.type) {
	case 5:		/* BPF_MAP_TYPE_PERCPU_HASH */
	case 6:		/* BPF_MAP_TYPE_PERCPU_ARRAY */
	case 10:	/* BPF_MAP_TYPE_LRU_PERCPU_HASH */
	case 21:	/* BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE */
		map->nr_values = lskel_entries_cpus(0);
		map->stride = (value_size + 7) / 8 * 8;
	}
	/* Of maps in maps, the kernel of 6.1 does not get over a slot that is empty. */
	switch (info.type) {
	case 1:		/* BPF_MAP_TYPE_HASH */
	case 2:		/* BPF_MAP_TYPE_ARRAY */
	case 5:
	case 6:
	case 9:		/* BPF_MAP_TYPE_LRU_HASH */
	case 10:
	case 11:	/* BPF_MAP_TYPE_LPM_TRIE */
		map->batch = true;
	}
	map->size = map->nr_values * map->stride;
	return 0;
}

/* Value number @nr of an element */
static inline void *lskel_map_value(const struct lskel_mapops *map, const void *values, __u32 nr)
{
	return (char *)(uintptr_t)values + nr * map->stride;
}

static inline int lskel_map_fail(const struct lskel_mapops *map, int err, const char *what)
{
	return lskel_helper_fail(err, "cannot %s map '%.16s':", what, map->name);
}

/* That there is such an element or not is an answer, and has no sentence. */
static inline int lskel_map_answer(const struct lskel_mapops *map, int err, const char *what)
{
	if (err != -ENOENT && err != -EEXIST)
		return err ? lskel_map_fail(map, err, what) : 0;
	errno = -err;
	return err;
}

/* A compiler takes what is const to lskel_elem() for something that has a value. */
static inline int lskel_map_elem(const struct lskel_mapops *map, unsigned int cmd, const void *key,
				 void *value, __u64 flags)
{
	struct lskel_elem_attr attr = {
		(__u32)map->fd, 0, lskel_address(key), lskel_address(value), flags
	};

	return lskel_bpf(cmd, &attr, sizeof(attr));
}

/* @values: map->size bytes. -ENOENT: there is no such key */
static inline int lskel_map_lookup(const struct lskel_mapops *map, const void *key, void *values)
{
	return lskel_map_answer(map, lskel_map_elem(map, LSKEL_MAP_LOOKUP_ELEM, key, values, 0), "look up in");
}

/* @flags: BPF_ANY, BPF_NOEXIST (-EEXIST: there is one) or BPF_EXIST */
static inline int lskel_map_update(const struct lskel_mapops *map, const void *key, const void *values,
				   __u64 flags)
{
	return lskel_map_answer(map, lskel_map_elem(map, LSKEL_MAP_UPDATE_ELEM, key,
						    (void *)(uintptr_t)values, flags), "update");
}

static inline int lskel_map_delete(const struct lskel_mapops *map, const void *key)
{
	return lskel_map_answer(map, lskel_map_elem(map, LSKEL_MAP_DELETE_ELEM, key, NULL, 0), "delete from");
}

/* Key by key */
static inline int lskel_map_walk(const struct lskel_mapops *map, bool drain, lskel_elem_fn elem, void *ctx)
{
	const size_t value_room = (map->size + 7) / 8 * 8, key_room = (map->key_size + 7) / 8 * 8;
	char *values = (char *)malloc(value_room + 2 * key_room + 1);
	char *key = values + value_room, *next = key + key_room;
	int err = values ? lskel_map_elem(map, LSKEL_MAP_GET_NEXT_KEY, NULL, next, 0) : -ENOMEM, got, ret = 0;

	while (!err && ret >= 0) {
		memcpy(key, next, map->key_size);
		/* Before it may be gone */
		err = lskel_map_elem(map, LSKEL_MAP_GET_NEXT_KEY, key, next, 0);
		got = lskel_map_elem(map, LSKEL_MAP_LOOKUP_ELEM, key, values, 0);
		if (!got && drain)
			got = lskel_map_elem(map, LSKEL_MAP_DELETE_ELEM, key, NULL, 0);
		if (!got)
			ret = elem(ctx, key, values);
		else if (got != -ENOENT)
			err = got;
	}
	free(values);
	if (ret >= 0)
		ret = err == -ENOENT ? 0 : lskel_map_fail(map, err, drain ? "drain" : "read");
	return ret;
}

enum { LSKEL_ENOTSUPP = 524 };	/* which is the kernel's own */

/* As many at a time as fit, or -ENOTSUPP. What is drained is handed over even if @elem
 * wants to stop, as the map has it no longer.
 */
static inline int lskel_map_batches(const struct lskel_mapops *map, bool drain, lskel_elem_fn elem, void *ctx)
{
	struct {
		__u64 in_batch, out_batch, keys, values;
		__u32 count, map_fd;
		__u64 elem_flags, flags;
	} attr;
	/* Where the kernel goes on from: a key, or 4 bytes */
	const size_t one = map->key_size + map->size, position = (map->key_size + 15) / 8 * 8;
	__u32 room = one < 2048 ? (__u32)(65536 / one) : 32, i;
	char *buf = (char *)malloc(position + 8 + room * one);
	int err = buf ? 0 : -ENOMEM, ret = 0, answer;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (__u32)map->fd;
	while (!err && !ret) {
		const char *values = buf + position, *keys = values + (room * map->size + 7) / 8 * 8;

		attr.in_batch = attr.in_batch ? lskel_address(buf) : 0;
		attr.out_batch = lskel_address(buf);
		attr.values = lskel_address(values);
		attr.keys = lskel_address(keys);
		attr.count = room;
		err = lskel_bpf(drain ? 25 /* MAP_LOOKUP_AND_DELETE_BATCH */ : 24 /* MAP_LOOKUP_BATCH */,
				&attr, sizeof(attr));
		if (err == -ENOSPC) {
			/* Not even one bucket of the hash table fits */
			char *larger = (char *)realloc(buf, position + 8 + 2 * room * one);

			err = larger ? 0 : -ENOMEM;
			buf = larger ? larger : buf;
			room *= 2;
			continue;
		}
		if (err && err != -ENOENT && err != -EINTR)
			break;
		for (i = 0; i < attr.count && (!ret || drain); i++) {
			answer = elem(ctx, keys + i * map->key_size, values + i * map->size);
			if (!ret && answer < 0)
				ret = answer;
		}
		if (attr.count)
			attr.in_batch = attr.out_batch;
		/* Others delete what it was about to read */
		err = err == -EINTR ? 0 : err;
	}
	free(buf);
	if (!ret && err != -ENOENT)
		ret = err == -LSKEL_ENOTSUPP ? err : lskel_map_fail(map, err, drain ? "drain" : "read");
	return ret;
}

static inline int lskel_map_read(const struct lskel_mapops *map, bool drain, lskel_elem_fn elem, void *ctx)
{
	int ret = map->batch ? lskel_map_batches(map, drain, elem, ctx) : -LSKEL_ENOTSUPP;

	return ret == -LSKEL_ENOTSUPP ? lskel_map_walk(map, drain, elem, ctx) : ret;
}

/* Let @elem have every element that is there. Returns 0, a negative result of @elem, or
 * a negative errno. What others add or delete meanwhile may be among them or not.
 */
static inline int lskel_map_each(const struct lskel_mapops *map, lskel_elem_fn elem, void *ctx)
{
	return lskel_map_read(map, false, elem, ctx);
}

/* The same, and delete them */
static inline int lskel_map_drain(const struct lskel_mapops *map, lskel_elem_fn elem, void *ctx)
{
	return lskel_map_read(map, true, elem, ctx);
}

#endif /* LSKEL_MAPOPS */
