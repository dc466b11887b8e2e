/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes at an offset in a file */
#ifndef LSKEL_UPROBE
#define LSKEL_UPROBE

/* @where->offset counts from the beginning of the file @path */
static inline int lskel_attach_file(struct lskel *skel, const struct lskel_prog_desc *prog,
				    const struct lskel_where *where, const char *path, __u64 offset,
				    struct lskel_attached *how)
{
	const int event = lskel_open_probe(skel, prog, path, offset, where->pid, how);

	if (event < 0)
		return lskel_cannot(skel, prog, event, "probe of %s at offset 0x%llx", path,
				    (unsigned long long)offset);
	return lskel_attach_probe(skel, prog, event, where->cookie, how);
}

static inline int lskel_attach_uprobe(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	char path[4096];

	return lskel_attach_file(skel, prog, where, lskel_find_file(where->group, path, sizeof(path)),
				 where->offset, how);
}

static const struct lskel_attach_kind lskel_uprobe_kind = {
	lskel_attach_uprobe, LSKEL_PROBE_USER
};
static const struct lskel_attach_kind lskel_uretprobe_kind = {
	lskel_attach_uprobe, LSKEL_PROBE_USER | LSKEL_PROBE_RETURN
};

#endif /* LSKEL_UPROBE */
