/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Many places of a file by one link (Linux 6.6): of a list, or the functions that a
 * pattern fits
 */
#ifndef LSKEL_UPROBE_MULTI
#define LSKEL_UPROBE_MULTI

struct lskel_uprobe_multi_attr {
	__u32 prog_fd, target, attach_type, flags;
	__u64 path, offsets, ref_ctr_offsets, cookies;
	__u32 count, multi_flags, pid, padding;
};

LSKEL_ASSERT(sizeof(struct lskel_uprobe_multi_attr) == 64);

struct lskel_places {
	__u64 *offsets;		/* from the beginning of the file */
	__u32 count, room;
};

static inline int lskel_places_add(struct lskel_places *places, __u64 offset)
{
	const __u32 room = places->room ? places->room * 2 : 64;
	__u64 *offsets = places->offsets;

	if (places->count == places->room) {
		offsets = (__u64 *)realloc(offsets, room * sizeof(*offsets));
		if (!offsets)
			return -ENOMEM;
		places->offsets = offsets;
		places->room = room;
	}
	offsets[places->count++] = offset;
	return 0;
}

static inline int lskel_compare_offsets(const void *a, const void *b)
{
	const __u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

/* Where the functions that are called like @pattern begin. One may have several names,
 * and be in several sections, but the program is to run once.
 */
static inline int lskel_places_like(struct lskel_elf *elf, const char *pattern,
				    struct lskel_places *places)
{
	struct lskel_symbols symbols;
	__u64 nr, i, offset;
	const char *name;
	__u32 n = 0, k;
	int err = 0;

	for (nr = 0; !err && nr < elf->nr_sections; nr++) {
		lskel_symbols_begin(elf, nr, &symbols);
		for (i = 0; !err && i < symbols.n; i++) {
			name = lskel_symbols_function(elf, &symbols, i);
			if (!name || !lskel_is_like(name, pattern))
				continue;
			err = lskel_elf_offset(elf, LSKEL_ELF(elf, Sym, symbols.table, i, st_value), 0, &offset);
			if (!err)
				err = lskel_places_add(places, offset);
		}
		lskel_symbols_end(&symbols);
	}
	if (places->count)
		qsort(places->offsets, places->count, sizeof(*places->offsets), lskel_compare_offsets);
	for (k = 0; k < places->count; k++)
		if (!n || places->offsets[n - 1] != places->offsets[k])
			places->offsets[n++] = places->offsets[k];
	places->count = n;
	if (elf->no_memory)
		return -ENOMEM;
	return err || n ? err : -ENOENT;
}

/* Where @where->functions begin, and @where->offsets behind that if there are any;
 * *@missing: the one that was not found
 */
static inline int lskel_places_of(struct lskel_elf *elf, const struct lskel_where *where,
				  struct lskel_places *places, const char **missing)
{
	__u64 offset;
	__u32 i;
	int err = 0;

	for (i = 0; !err && i < where->type; i++) {
		*missing = where->functions[i];
		err = lskel_elf_function(elf, *missing, &offset);
		if (!err)
			err = lskel_places_add(places, offset + (where->offsets ? where->offsets[i] : 0));
	}
	return err;
}

static inline int lskel_attach_places(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, const char *path, const __u64 *offsets,
				      __u32 count)
{
	struct lskel_uprobe_multi_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (__u32)lskel_prog_fd(skel, prog);
	attr.attach_type = prog->attach_type;
	attr.path = lskel_address(path);
	attr.offsets = lskel_address(offsets);
	attr.ref_ctr_offsets = lskel_address(where->ref_ctr_offsets);
	attr.cookies = lskel_address(where->cookies);
	attr.count = count;
	attr.multi_flags = prog->kind->variant;
	/* To the kernel, 0 means all */
	attr.pid = where->pid < 0 ? 0 : (__u32)(where->pid ? where->pid : getpid());
	fd = lskel_bpf(28 /* LINK_CREATE */, &attr, sizeof(attr));
	if (fd >= 0)
		return fd;
	lskel_cannot(skel, prog, fd, "LINK_CREATE for %u place%s in %s", count, count == 1 ? "" : "s", path);
	if (fd == -EINVAL && lskel_release() < 0x606)
		lskel_tell_release(skel, "such a link needs Linux 6.6");
	return fd;
}

/* Attach to all functions that are called like @where->name; without it, to
 * @where->functions, or without these to @where->offsets in the file
 */
static inline int lskel_attach_uprobe_multi(struct lskel *skel, const struct lskel_prog_desc *prog,
					    const struct lskel_where *where, struct lskel_attached *how)
{
	char found[4096];
	const char *path = lskel_find_file(where->group, found, sizeof(found)), *name = where->name;
	struct lskel_places places;
	struct lskel_elf elf;
	int ret;

	(void)how;
	if (!name && !where->functions)
		return lskel_attach_places(skel, prog, where, path, where->offsets, where->type);
	memset(&places, 0, sizeof(places));
	ret = lskel_elf_open(&elf, fopen(path, "re"));
	if (ret)
		return lskel_cannot(skel, prog, ret, "%s", path);
	ret = name ? lskel_places_like(&elf, name, &places) : lskel_places_of(&elf, where, &places, &name);
	lskel_elf_close(&elf);
	if (ret)
		lskel_no_function(skel, prog, ret, name, path);
	else
		ret = lskel_attach_places(skel, prog, where, path, places.offsets, places.count);
	free(places.offsets);
	if (ret < 0)
		errno = -ret;
	return ret;
}

static const struct lskel_attach_kind lskel_uprobe_multi_kind = { lskel_attach_uprobe_multi, 0 };
static const struct lskel_attach_kind lskel_uretprobe_multi_kind = {
	lskel_attach_uprobe_multi, 1 /* BPF_F_UPROBE_MULTI_RETURN */
};

#endif /* LSKEL_UPROBE_MULTI */
