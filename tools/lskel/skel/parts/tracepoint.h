/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Tracepoints, and events of tracefs that are used like them */
#ifndef LSKEL_TRACEPOINT
#define LSKEL_TRACEPOINT

/* An event for the tracepoint @group/@name, or a negative errno */
static inline int lskel_open_tracepoint(const char *group, const char *name, int pid, int cpu)
{
	struct perf_event_attr attr;
	char path[400], line[16] = "";
	FILE *file;

	if ((size_t)snprintf(path, sizeof(path), "events/%s/%s/id", group, name) >= sizeof(path))
		return -ENAMETOOLONG;
	file = lskel_tracefs_open(path, "re");
	if (!file)
		return -errno;
	memset(&attr, 0, sizeof(attr));
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = fgets(line, sizeof(line), file) ? strtoul(line, NULL, 10) : 0;
	fclose(file);
	if (!attr.config)
		return -EINVAL;
	return lskel_perf_event_open(&attr, pid, cpu);
}

static inline int lskel_attach_tracepoint(struct lskel *skel, const struct lskel_prog_desc *prog,
					  const struct lskel_where *where, struct lskel_attached *how)
{
	int event;

	(void)how;
	/* On whatever processor: the event of one stands for all */
	event = lskel_open_tracepoint(where->group, where->name, -1, 0);
	if (event == -ENOENT && !lskel_has_tracefs())
		return lskel_cannot(skel, prog, event, "tracefs is not mounted");
	if (event < 0)
		return lskel_cannot(skel, prog, event, "tracepoint %s/%s", where->group, where->name);
	return lskel_attach_own_perf(skel, prog, event, where->cookie);
}

static const struct lskel_attach_kind lskel_tracepoint_kind = { lskel_attach_tracepoint, 0 };

#endif /* LSKEL_TRACEPOINT */
