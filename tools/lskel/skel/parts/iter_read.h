/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What iterators write */
#ifndef LSKEL_ITER_READ
#define LSKEL_ITER_READ

/* A descriptor, the caller's, from which read(2) gets what the iterator of the link
 * @link_fd writes, from its beginning; close-on-exec
 */
static inline int lskel_iter_open(int link_fd)
{
	struct {
		__u32 link_fd, flags;
	} attr = { (__u32)link_fd, 0 };
	const int fd = lskel_bpf(33 /* ITER_CREATE */, &attr, sizeof(attr));

	if (fd < 0)
		return lskel_helper_fail(fd, "descriptor %d is no link of an iterator:", link_fd);
	return fd;
}

/* Let @record have all that the iterator of the link @link_fd writes, in pieces that
 * may end anywhere. Returns 0, a negative result of @record, which stops, or a negative
 * errno.
 */
static inline int lskel_iter_read(int link_fd, lskel_record_fn record, void *ctx)
{
	int fd = lskel_iter_open(link_fd), ret = fd < 0 ? fd : 0;
	char piece[4096];
	ssize_t n;

	while (ret >= 0) {
		n = read(fd, piece, sizeof(piece));
		if (!n)
			break;
		if (n > 0)
			ret = record(ctx, piece, (size_t)n);
		/* EAGAIN: nothing yet, for very many elements */
		else if (errno != EAGAIN)
			ret = lskel_helper_fail(-errno, "cannot read an iterator:");
	}
	lskel_close(&fd);
	return ret < 0 ? ret : 0;
}

#endif /* LSKEL_ITER_READ */
