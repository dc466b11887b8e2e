/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Attach programs */

/* Attach program number @nr. @tracepoint and @target are for those kinds that
 * need to be told. Returns the link's descriptor.
 */
static inline int lskel_attach(struct lskel *skel, __u32 nr, const char *tracepoint, int target)
{
	const struct lskel_prog_desc *prog = &skel->object->progs[nr];
	const int prog_fd = *lskel_fd(skel, prog->fd);
	int *link = lskel_fd(skel, prog->link);
	struct lskel_raw_tp_attr raw_tp;
	struct lskel_link_attr attr;
	__u32 map_fd = (__u32)target;
	int fd;

	if (prog->how <= LSKEL_ATTACH_RUN)
		return lskel_fail(skel, -EOPNOTSUPP, "program '%s' is SEC(\"%s\"), %s", prog->name,
				  prog->sec, prog->how == LSKEL_ATTACH_RUN ?
				  "which is run, not attached" :
				  "which the light skeleton does not attach");
	if (prog_fd < 0)
		return lskel_fail(skel, -EINVAL, "program '%s' is not loaded", prog->name);
	if (*link >= 0)
		return lskel_fail(skel, -EALREADY, "program '%s' is attached already", prog->name);
	if (prog->how <= LSKEL_ATTACH_RAW_TP_NAME) {
		memset(&raw_tp, 0, sizeof(raw_tp));
		raw_tp.name = lskel_address(prog->how == LSKEL_ATTACH_RAW_TP ? prog->tracepoint :
					    tracepoint);
		raw_tp.prog_fd = (__u32)prog_fd;
		fd = lskel_bpf(LSKEL_RAW_TRACEPOINT_OPEN, &raw_tp, sizeof(raw_tp));
	} else {
		memset(&attr, 0, sizeof(attr));
		attr.prog_fd = (__u32)prog_fd;
		attr.attach_type = prog->attach_type;
		if (prog->how == LSKEL_ATTACH_ITER_MAP) {
			attr.iter_info = lskel_address(&map_fd);
			attr.iter_info_len = sizeof(map_fd);
		} else if (prog->how != LSKEL_ATTACH_ITER) {
			attr.target = (__u32)target;
		}
		fd = lskel_bpf(LSKEL_LINK_CREATE, &attr, sizeof(attr));
	}
	if (fd < 0)
		return lskel_fail(skel, fd, "cannot attach program '%s' (SEC(\"%s\")): %s (errno %d)",
				  prog->name, prog->sec, strerror(-fd), -fd);
	*link = fd;
	return fd;
}

/* Say that program @prog is among those that were not attached */
static inline void lskel_not_attached(struct lskel *skel, const struct lskel_prog_desc *prog, bool first)
{
	lskel_go_on(skel, "%s%s (SEC(\"%s\")%s)", first ? " " : ", ", prog->name, prog->sec,
		    prog->how == LSKEL_ATTACH_NOT ? "" : " needs an argument");
	memcpy(lskel_failure_1.error, skel->error, sizeof(skel->error));
}

/* Attach all programs that are loaded and need no argument. -EOPNOTSUPP: there
 * are others, or none at all. After any other error none is that was not before.
 */
static inline int lskel_attach_all(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	bool *mine = (bool *)calloc(object->nr_progs + 1, sizeof(*mine));
	bool *others = (bool *)calloc(object->nr_progs + 1, sizeof(*others));
	__u32 i, attached = 0;
	int err = 0, ret = 0;

	if (!mine || !others)
		ret = lskel_nomem(skel);
	for (i = 0; !ret && i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		if (*lskel_fd(skel, prog->link) >= 0) {
			attached++;
		} else if (skel->loaded && *lskel_fd(skel, prog->fd) < 0) {
			continue;
		} else if (prog->how == LSKEL_ATTACH_RAW_TP || prog->how == LSKEL_ATTACH_ITER) {
			ret = lskel_attach(skel, i, NULL, 0);
			mine[i] = ret >= 0;
			attached += mine[i];
			ret = ret < 0 ? ret : 0;
		} else if (prog->how != LSKEL_ATTACH_RUN && !prog->called) {
			others[i] = true;
			err = -EOPNOTSUPP;
		}
	}
	for (i = 0; ret && mine && i < object->nr_progs; i++)
		if (mine[i])
			lskel_close(lskel_fd(skel, object->progs[i].link));
	if (!ret && !err && !attached)
		ret = lskel_fail(skel, -EOPNOTSUPP, "no program of it is one to attach");
	if (!ret && err) {
		bool first = true;

		ret = lskel_fail(skel, err, "not attached:");
		for (i = 0; i < object->nr_progs; i++) {
			if (others[i])
				lskel_not_attached(skel, &object->progs[i], first);
			first = first && !others[i];
		}
	}
	free(mine);
	free(others);
	if (ret)
		errno = -ret;
	return ret;
}
