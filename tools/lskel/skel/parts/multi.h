/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Many functions of the kernel by one link (Linux 5.18): of a list, or all that a
 * pattern fits
 */
#ifndef LSKEL_MULTI
#define LSKEL_MULTI

struct lskel_multi_attr {
	__u32 prog_fd, target, attach_type, flags;
	__u32 multi_flags, count;
	__u64 names, addresses, cookies;
};

LSKEL_ASSERT(sizeof(struct lskel_multi_attr) == 48);

struct lskel_functions {
	char **names;
	__u32 count, room;
};

static inline void lskel_functions_end(struct lskel_functions *functions)
{
	while (functions->count)
		free(functions->names[--functions->count]);
	free(functions->names);
}

static inline int lskel_functions_add(struct lskel_functions *functions, const char *name)
{
	const __u32 room = functions->room ? functions->room * 2 : 64;
	char **names = functions->names, *copy;

	if (functions->count == functions->room) {
		names = (char **)realloc(names, room * sizeof(*names));
		if (!names)
			return -ENOMEM;
		functions->names = names;
		functions->room = room;
	}
	copy = (char *)malloc(strlen(name) + 1);
	if (!copy)
		return -ENOMEM;
	strcpy(copy, name);
	names[functions->count++] = copy;
	return 0;
}

static inline int lskel_compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The functions that can be traced and are called like @pattern, those of @modules as
 * well or not; each name once, as the kernel refuses a list that has one twice
 */
static inline int lskel_functions_like(struct lskel_functions *functions, const char *pattern, bool modules)
{
	FILE *file = lskel_tracefs_open("available_filter_functions", "re");
	char line[1024];
	__u32 i, n = 0;
	int err = 0;

	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file)) {
		/* Behind it there may be the name of its module, in brackets */
		if (strchr(line, '[') && !modules)
			continue;
		line[strcspn(line, " \t\n")] = 0;
		/* What has no name any more, as it was discarded, is called so */
		if (strncmp(line, "__ftrace_invalid_address_", strlen("__ftrace_invalid_address_")) &&
		    lskel_is_like(line, pattern))
			err = lskel_functions_add(functions, line);
	}
	fclose(file);
	if (functions->count)
		qsort(functions->names, functions->count, sizeof(*functions->names), lskel_compare_names);
	for (i = 0; i < functions->count; i++) {
		if (n && !strcmp(functions->names[n - 1], functions->names[i]))
			free(functions->names[i]);
		else
			functions->names[n++] = functions->names[i];
	}
	functions->count = n;
	return err;
}

static inline int lskel_attach_names(struct lskel *skel, const struct lskel_prog_desc *prog,
				     const char *const *names, __u32 count, const __u64 *cookies)
{
	struct lskel_multi_attr attr;
	__u64 *addresses = (__u64 *)calloc(count + 1ULL, sizeof(*addresses));
	char others[32] = "";
	__u32 i;
	int fd;

	if (!addresses)
		return lskel_nomem(skel);
	/* The kernel's pointers may be wider */
	for (i = 0; i < count; i++)
		addresses[i] = lskel_address(names[i]);
	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (__u32)lskel_prog_fd(skel, prog);
	attr.attach_type = prog->attach_type;
	attr.multi_flags = prog->kind->variant;
	attr.count = count;
	attr.names = lskel_address(addresses);
	attr.cookies = lskel_address(cookies);
	fd = lskel_bpf(28 /* LINK_CREATE */, &attr, sizeof(attr));
	free(addresses);
	if (fd >= 0)
		return fd;
	if (count > 1)
		snprintf(others, sizeof(others), " and %u more", count - 1);
	lskel_cannot(skel, prog, fd, "LINK_CREATE for '%s'%s", count ? names[0] : "", others);
	if (fd == -EINVAL && lskel_release() < 0x512)
		lskel_tell_release(skel, "such a link needs Linux 5.18");
	else if (fd == -EOPNOTSUPP)
		lskel_go_on(skel, "; the kernel may have been built without CONFIG_FPROBE");
	return fd;
}

static inline int lskel_attach_pattern(struct lskel *skel, const struct lskel_prog_desc *prog,
				       const char *pattern, bool modules)
{
	struct lskel_functions like;
	int ret;

	/* Of several names for one function the file has only one */
	if (!strpbrk(pattern, "*?"))
		return lskel_attach_names(skel, prog, &pattern, 1, NULL);
	memset(&like, 0, sizeof(like));
	ret = lskel_functions_like(&like, pattern, modules);
	if (ret)
		lskel_cannot(skel, prog, ret, "available_filter_functions in tracefs");
	else if (!like.count)
		ret = lskel_cannot(skel, prog, -ENOENT, "no function that can be traced is called '%s'",
				   pattern);
	else
		ret = lskel_attach_names(skel, prog, (const char *const *)(void *)like.names, like.count, NULL);
	lskel_functions_end(&like);
	if (ret < 0)
		errno = -ret;
	return ret;
}

/* Attach to all functions that are called like @where->name, in modules too, unless the
 * kernel does not look for names there; or without it, to @where->functions
 */
static inline int lskel_attach_multi(struct lskel *skel, const struct lskel_prog_desc *prog,
				     const struct lskel_where *where, struct lskel_attached *how)
{
	int ret;

	(void)how;
	if (!where->name)
		return lskel_attach_names(skel, prog, where->functions, where->type, where->cookies);
	ret = lskel_attach_pattern(skel, prog, where->name, true);
	return ret == -ESRCH ? lskel_attach_pattern(skel, prog, where->name, false) : ret;
}

static const struct lskel_attach_kind lskel_kprobe_multi_kind = { lskel_attach_multi, 0 };
static const struct lskel_attach_kind lskel_kretprobe_multi_kind = {
	lskel_attach_multi, 1 /* BPF_F_KPROBE_MULTI_RETURN */
};

#endif /* LSKEL_MULTI */
