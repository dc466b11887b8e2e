/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes at an offset in a file */
#ifndef LSKEL_UPROBE
#define LSKEL_UPROBE

/* @name in one of the folders of @list, which are separated by ':' */
static inline bool lskel_find_in(const char *list, const char *name, char *path, size_t size)
{
	int len;

	for (; list && *list; list += list[len] ? len + 1 : len) {
		len = (int)strcspn(list, ":");
		if (len && (size_t)snprintf(path, size, "%.*s/%s", len, list, name) < size &&
		    !access(path, R_OK))
			return true;
	}
	return false;
}

/* Where the file is that @name means: a path, or a library or command to be
 * searched for. Returns @name if it is not found.
 */
static inline const char *lskel_find_file(const char *name, char *path, size_t size)
{
	const char *so = strstr(name, ".so");
	struct utsname uts;
	char multiarch[200];

	if (strchr(name, '/'))
		return name;
	if (!so || (so[3] && so[3] != '.'))
		return lskel_find_in(getenv("PATH"), name, path, size) ||
		       lskel_find_in("/usr/bin:/usr/sbin:/bin:/sbin", name, path, size) ? path : name;
	uname(&uts);
	snprintf(multiarch, sizeof(multiarch), "/usr/lib/%s-linux-gnu:/lib/%s-linux-gnu", uts.machine,
		 uts.machine);
	return lskel_find_in(getenv("LD_LIBRARY_PATH"), name, path, size) ||
	       lskel_find_in(multiarch, name, path, size) ||
	       lskel_find_in("/usr/lib64:/lib64:/usr/lib:/lib", name, path, size) ? path : name;
}

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
