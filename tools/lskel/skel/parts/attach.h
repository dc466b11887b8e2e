/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Attach programs, and what else there is, by the kind that each has. First of
 * the parts: nothing goes before it is detached.
 */
#ifndef LSKEL_ATTACH
#define LSKEL_ATTACH

/* Where to attach a program. What of it matters, depends on the kind. */
struct lskel_where {
	const char *name;	/* of a tracepoint, function, or system call */
	const char *group;	/* category of the tracepoint, or file of the function */
	__u64 offset;		/* bytes behind that function; config of a perf event */
	__u64 cookie;		/* for bpf_get_attach_cookie() */
	int fd;			/* of a cgroup, map, socket, ..., or index of an interface, or
				 * the priority of a hook of netfilter
				 */
	__u32 type;		/* to attach as, or of a perf event */
	__u32 flags;
	__u32 priority, handle;	/* of a traffic control filter; handle: or a hook */
	int pid, cpu;		/* -1: any */
	const char *provider;	/* of a tracepoint of a program */
	const char *const *functions;	/* many; type: how many */
	const __u64 *cookies;		/* one for each, or 0 */
	const __u64 *offsets;		/* behind each in a file, or from its beginning */
	const __u64 *ref_ctr_offsets;	/* from there, of what counts who listens, or 0 */
};

/* How to detach a program, beside closing its link */
struct lskel_attached {
	void (*undo)(struct lskel *skel, const struct lskel_prog_desc *prog,
		    const struct lskel_where *at);	/* 0: nothing else is to be done */
	struct lskel_where at;
};

/* One of the means to attach. Returns the descriptor to be the link, or a
 * negative errno with a sentence; @how is empty before.
 */
struct lskel_attach_kind {
	int (*attach)(struct lskel *skel, const struct lskel_prog_desc *prog,
		      const struct lskel_where *where, struct lskel_attached *how);
	__u32 variant;		/* where several have the same function */
};

static const struct lskel_where lskel_nowhere = { 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0, 0 };

static inline const char *lskel_what(const struct lskel *skel, const struct lskel_prog_desc *prog)
{
	return prog - skel->object->progs < (ptrdiff_t)skel->object->nr_progs ? "program" : "table";
}

/* What is told in @format did not work */
__attribute__((format(printf, 4, 5)))
static inline int lskel_cannot(struct lskel *skel, const struct lskel_prog_desc *prog, int err,
			       const char *format, ...)
{
	const __u32 net = skel->object->steps[prog->step].needs & LSKEL_NET;
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	lskel_fail(skel, err, "cannot attach %s '%s' (SEC(\"%s\")): %s:", lskel_what(skel, prog),
		   prog->name, prog->sec, what);
	if (!lskel_tell_rights(skel, err, net) && err == -EPERM && !net)
		lskel_tell_lockdown(skel, true);
	errno = -err;
	return err;
}

static inline int lskel_prog_fd(const struct lskel *skel, const struct lskel_prog_desc *prog)
{
	return *lskel_fd(skel, prog->fd);
}

/* Attach number @nr of what can be. Returns the descriptor that stands for that. */
static inline int lskel_attach(struct lskel *skel, __u32 nr, const struct lskel_where *where)
{
	const struct lskel_prog_desc *prog = &skel->object->progs[nr];
	int *link = lskel_fd(skel, prog->link);
	int fd;

	if (!prog->kind)
		return lskel_fail(skel, -EOPNOTSUPP, "program '%s' is SEC(\"%s\"), %s", prog->name,
				  prog->sec, prog->why_not);
	if (lskel_prog_fd(skel, prog) < 0)
		return lskel_fail(skel, -EINVAL, "%s '%s' is not loaded", lskel_what(skel, prog),
				  prog->name);
	if (*link >= 0)
		return lskel_fail(skel, -EALREADY, "%s '%s' is attached already", lskel_what(skel, prog),
				  prog->name);
	if (!skel->attached)
		skel->attached = (struct lskel_attached *)calloc(skel->object->nr_attach, sizeof(*skel->attached));
	if (!skel->attached)
		return lskel_nomem(skel);
	memset(&skel->attached[nr], 0, sizeof(skel->attached[nr]));
	fd = prog->kind->attach(skel, prog, where ? where : prog->where, &skel->attached[nr]);
	if (fd >= 0)
		*link = fd;
	return fd;
}

static inline void lskel_detach_one(struct lskel *skel, __u32 nr)
{
	const struct lskel_prog_desc *prog = &skel->object->progs[nr];
	int *link = lskel_fd(skel, prog->link);
	const int saved = errno;

	if (*link >= 0 && skel->attached && skel->attached[nr].undo)
		skel->attached[nr].undo(skel, prog, &skel->attached[nr].at);
	lskel_close(link);
	errno = saved;
}

static inline void lskel_detach(struct lskel *skel)
{
	__u32 i;

	for (i = 0; i < skel->object->nr_attach; i++)
		lskel_detach_one(skel, i);
}

/* Attach all that is loaded and needs no argument. -EOPNOTSUPP: there are @others, which
 * says so unless it is 0, or none at all. After any other error none is that was not before; -ENOSYS is what one of
 * them says by -EOPNOTSUPP.
 */
static inline int lskel_attach_all(struct lskel *skel, int (*others)(struct lskel *skel))
{
	const struct lskel_object *object = skel->object;
	bool *mine = (bool *)calloc(object->nr_attach + 1, sizeof(*mine));
	__u32 i, attached = 0;
	int ret = mine ? 0 : lskel_nomem(skel);

	for (i = 0; !ret && i < object->nr_attach; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		if (*lskel_fd(skel, prog->link) >= 0) {
			attached++;
		} else if (prog->where && (!skel->loaded || lskel_prog_fd(skel, prog) >= 0)) {
			ret = lskel_attach(skel, i, NULL);
			mine[i] = ret >= 0;
			attached += mine[i];
			ret = ret == -EOPNOTSUPP ? -ENOSYS : ret < 0 ? ret : 0;
		}
	}
	for (i = 0; ret && mine && i < object->nr_attach; i++)
		if (mine[i])
			lskel_detach_one(skel, i);
	free(mine);
	if (!ret && others)
		ret = others(skel);
	if (!ret && !attached)
		ret = lskel_fail(skel, -EOPNOTSUPP, "no program of it is one to attach");
	if (ret)
		errno = -ret;
	return ret;
}

static inline void lskel_destroy_attach(struct lskel *skel)
{
	lskel_detach(skel);
	free(skel->attached);
}

static const struct lskel_part lskel_attach_part = { 0, 0, 0, 0, 0, 0, 0, lskel_destroy_attach, 0 };

#endif /* LSKEL_ATTACH */
