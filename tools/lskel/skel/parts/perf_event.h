/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Perf events of the user's choice */
#ifndef LSKEL_PERF_EVENT
#define LSKEL_PERF_EVENT

/* To @where->fd, or if there is a frequency (flags) to an event that is opened here */
static inline int lskel_attach_perf_event(struct lskel *skel, const struct lskel_prog_desc *prog,
					  const struct lskel_where *where, struct lskel_attached *how)
{
	struct perf_event_attr attr;
	int event = where->fd, fd;

	(void)how;
	if (where->flags) {
		memset(&attr, 0, sizeof(attr));
		attr.type = where->type;
		attr.config = where->offset;
		attr.freq = 1;
		attr.sample_freq = where->flags;
		event = lskel_perf_event_open(&attr, where->pid, where->cpu);
		if (event < 0)
			return lskel_cannot(skel, prog, event, "perf_event_open, type %u, config %llu",
					    where->type, (unsigned long long)where->offset);
		return lskel_attach_own_perf(skel, prog, event, where->cookie);
	}
	if (fcntl(event, F_SETFD, FD_CLOEXEC))
		return lskel_cannot(skel, prog, -errno, "a perf event is needed");
	fd = lskel_attach_perf(skel, prog, event, where->cookie);
	if (fd >= 0 && fd != event)
		lskel_close(&event);
	return fd;
}

static const struct lskel_attach_kind lskel_perf_event_kind = { lskel_attach_perf_event, 0 };

#endif /* LSKEL_PERF_EVENT */
