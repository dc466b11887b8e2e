/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Perf events, which programs of tracepoints and probes belong to as well */
#ifndef LSKEL_PERF
#define LSKEL_PERF

#include <sys/ioctl.h>

/* Attach @prog to the event @event by a link, which holds the event then; or by
 * the event itself if the kernel has no such links, and return @event.
 */
static inline int lskel_attach_perf(struct lskel *skel, const struct lskel_prog_desc *prog,
				    int event, __u64 cookie)
{
	struct lskel_link_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.attach_type = 41;	/* BPF_PERF_EVENT */
	attr.target = (__u32)-1;
	if (lskel_link(skel, prog, &attr) == -EBADF) {
		attr.target = (__u32)event;
		attr.more = cookie;
		fd = lskel_link(skel, prog, &attr);
		if (fd < 0)
			return lskel_cannot(skel, prog, fd, "LINK_CREATE");
	} else {
		if (cookie)
			return lskel_cannot(skel, prog, -EOPNOTSUPP, "a cookie needs Linux 5.15");
		fd = event;
		if (ioctl(event, PERF_EVENT_IOC_SET_BPF, lskel_prog_fd(skel, prog)))
			return lskel_cannot(skel, prog, -errno, "PERF_EVENT_IOC_SET_BPF");
	}
	if (!ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		return fd;
	lskel_cannot(skel, prog, -errno, "PERF_EVENT_IOC_ENABLE");
	if (fd != event)
		lskel_close(&fd);
	return -errno;
}

/* The same to an event of the skeleton's own, which is closed if it is not needed */
static inline int lskel_attach_own_perf(struct lskel *skel, const struct lskel_prog_desc *prog,
					int event, __u64 cookie)
{
	const int fd = lskel_attach_perf(skel, prog, event, cookie);

	if (fd != event)
		lskel_close(&event);
	return fd;
}

#endif /* LSKEL_PERF */
