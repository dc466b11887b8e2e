/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Tracepoints, and events of tracefs that are used like them */
#ifndef LSKEL_TRACEPOINT
#define LSKEL_TRACEPOINT

/* Open @file in tracefs, wherever that is mounted; NULL: errno */
static inline FILE *lskel_tracefs_open(const char *file, const char *mode)
{
	static const char *const mounts[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	int err = ENOENT;
	char path[512];
	FILE *stream;
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", mounts[i], file) >= sizeof(path)) {
			err = ENAMETOOLONG;
			break;
		}
		stream = fopen(path, mode);
		if (stream)
			return stream;
		if (errno != ENOENT)
			err = errno;
	}
	errno = err;
	return NULL;
}

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

static inline bool lskel_has_tracefs(void)
{
	FILE *file = lskel_tracefs_open("available_events", "re");

	if (file)
		fclose(file);
	return file || errno != ENOENT;
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
