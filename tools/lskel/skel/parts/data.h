/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Maps that are sections of the object: the skeleton points to their variables from
 * open to destroy. Last of the parts, since after the load this cannot be undone.
 */
#ifndef LSKEL_DATA
#define LSKEL_DATA

/* A strict -std= hides it */
#if defined(MAP_ANONYMOUS)
#define LSKEL_MAP_ANONYMOUS	MAP_ANONYMOUS
#elif defined(__mips__) || defined(__xtensa__)
#define LSKEL_MAP_ANONYMOUS	0x800
#elif defined(__alpha__) || defined(__hppa__)
#define LSKEL_MAP_ANONYMOUS	0x10
#else
#define LSKEL_MAP_ANONYMOUS	0x20
#endif

static inline char *lskel_data(const struct lskel *skel, const struct lskel_map_desc *map)
{
	char *data;

	memcpy(&data, lskel_member(skel, map->data), sizeof(data));
	return data;
}

static inline int lskel_open_data(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	void *data;
	__u32 i;

	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];

		if (!map->data)
			continue;
		data = mmap(NULL, lskel_pages(map->data_size), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | LSKEL_MAP_ANONYMOUS, -1, 0);
		if (data == MAP_FAILED)
			return lskel_nomem(skel);
		if (map->data_offset != LSKEL_NONE)
			lskel_unpack(&object->loaders[map->data_loader].blob, map->data_offset,
				     map->data_size, data);
		memcpy(lskel_member(skel, map->data), &data, sizeof(data));
	}
	return 0;
}

static inline void lskel_destroy_data(struct lskel *skel)
{
	__u32 i;

	for (i = 0; i < skel->object->nr_maps; i++) {
		const struct lskel_map_desc *map = &skel->object->maps[i];

		if (map->data && lskel_data(skel, map))
			munmap(lskel_data(skel, map), lskel_pages(map->data_size));
	}
}

static inline int lskel_prepare_data(struct lskel *skel, struct lskel_ready *ready, const int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	(void)slots;
	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];

		if (map->data && map->data_offset != LSKEL_NONE &&
		    ready->loader == &object->loaders[map->data_loader])
			memcpy(ready->blob + map->data_offset, lskel_data(skel, map), map->data_size);
	}
	return 0;
}

static inline int lskel_map_failed(struct lskel *skel, const struct lskel_map_desc *map)
{
	return lskel_fail(skel, -errno, "cannot map the value of map '%s':", map->name);
}

/* Put the values in the place of what the user saw so far: all of them, or none. They
 * are mapped elsewhere first, since that is what may fail; only a kernel out of memory
 * does not move them.
 */
static inline int lskel_map_data(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	char **values = (char **)calloc(object->nr_maps + 1, sizeof(*values));
	const size_t page = lskel_pages(1);
	size_t at;
	int err = values ? 0 : lskel_nomem(skel);
	__u32 i;

	for (i = 0; !err && i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];
		const int prot = map->read_only ? PROT_READ : PROT_READ | PROT_WRITE;
		const size_t size = lskel_pages(map->data_size);
		const char *old;

		/* A map that the user does without */
		if (!map->data || slots[i] < 0)
			continue;
		values[i] = (char *)mmap(NULL, size, prot, MAP_SHARED, slots[i], 0);
		if (values[i] == (char *)MAP_FAILED) {
			values[i] = NULL;
			err = lskel_map_failed(skel, map);
		} else if (map->data_offset == LSKEL_NONE && !map->read_only && !skel->given[i]) {
			for (old = lskel_data(skel, map), at = 0; at < size; at += page)
				if (old[at] || memcmp(old + at, old + at + 1, page - 1))
					memcpy(values[i] + at, old + at, page);
		}
	}
	for (i = 0; values && i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];
		const size_t size = lskel_pages(map->data_size);

		if (!values[i])
			continue;
		if (!err && syscall(__NR_mremap, values[i], size, size,
				    3 /* MREMAP_MAYMOVE | MREMAP_FIXED */, lskel_data(skel, map)) == -1)
			err = lskel_map_failed(skel, map);
		if (err)
			munmap(values[i], size);
	}
	free(values);
	return err;
}

static const struct lskel_part lskel_data_part = {
	0, lskel_prepare_data, lskel_map_data, 0, 0, 0, lskel_open_data, lskel_destroy_data, 0
};

#endif /* LSKEL_DATA */
