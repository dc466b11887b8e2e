/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Attach programs, and what else there is, by the kind that each has */

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
	lskel_fail(skel, err, "cannot attach %s '%s' (SEC(\"%s\")): %s: %s (errno %d)",
		   lskel_what(skel, prog), prog->name, prog->sec, what, strerror(-err), -err);
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

/* Say that the programs in @others are not attached, all of them as far as there is room */
static inline int lskel_not_attached(struct lskel *skel, const bool *others)
{
	const struct lskel_object *object = skel->object;
	char text[700];
	__u32 i, said = 0, n = 0;

	for (i = 0; i < object->nr_progs; i++)
		n += others[i];
	lskel_fail(skel, -EOPNOTSUPP, "not attached:");
	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		if (!others[i])
			continue;
		snprintf(text, sizeof(text), "%s%s (SEC(\"%s\")%s%s", said ? ", " : " ", prog->name, prog->sec,
			 prog->kind ? ") needs an argument" : ", ", prog->kind ? "" : prog->why_not);
		if (strlen(skel->error) + strlen(text) + sizeof(")), and 4294967295 more") > sizeof(skel->error))
			break;
		lskel_go_on(skel, "%s%s", text, prog->kind ? "" : ")");
		said++;
	}
	if (said < n)
		lskel_go_on(skel, ", and %u more", n - said);
	return -EOPNOTSUPP;
}

/* Attach all that is loaded and needs no argument. -EOPNOTSUPP: there are others, or
 * none at all. After any other error none is that was not before; -ENOSYS is what one of
 * them says by -EOPNOTSUPP.
 */
static inline int lskel_attach_all(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	bool *mine = (bool *)calloc(object->nr_attach + 1, sizeof(*mine));
	bool *others = (bool *)calloc(object->nr_attach + 1, sizeof(*others));
	__u32 i, attached = 0;
	int err = 0, ret = 0;

	if (!mine || !others)
		ret = lskel_nomem(skel);
	for (i = 0; !ret && i < object->nr_attach; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		if (*lskel_fd(skel, prog->link) >= 0) {
			attached++;
		} else if (skel->loaded && lskel_prog_fd(skel, prog) < 0) {
			continue;
		} else if (prog->where) {
			ret = lskel_attach(skel, i, NULL);
			mine[i] = ret >= 0;
			attached += mine[i];
			ret = ret == -EOPNOTSUPP ? -ENOSYS : ret < 0 ? ret : 0;
		} else if (!prog->called) {
			others[i] = true;
			err = -EOPNOTSUPP;
		}
	}
	for (i = 0; ret && mine && i < object->nr_attach; i++)
		if (mine[i])
			lskel_detach_one(skel, i);
	if (!ret && !err && !attached)
		ret = lskel_fail(skel, -EOPNOTSUPP, "no program of it is one to attach");
	if (!ret && err)
		ret = lskel_not_attached(skel, others);
	free(mine);
	free(others);
	if (ret)
		errno = -ret;
	return ret;
}
