/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Filters of a socket, and of a group that shares a port. The skeleton has a
 * duplicate of its descriptor.
 */
#ifndef LSKEL_SOCKET
#define LSKEL_SOCKET

#include <sys/socket.h>
#ifndef SO_ATTACH_BPF
#include <asm/socket.h>
#endif

static inline void lskel_detach_socket(struct lskel *skel, const struct lskel_prog_desc *prog,
				       const struct lskel_where *at)
{
	const int none = 0;

	(void)at;
	setsockopt(*lskel_fd(skel, prog->link), SOL_SOCKET,
		   prog->kind->variant == SO_ATTACH_BPF ? SO_DETACH_FILTER : SO_DETACH_REUSEPORT_BPF,
		   &none, sizeof(none));
}

static inline int lskel_attach_socket(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	int prog_fd = lskel_prog_fd(skel, prog), fd, err;

	fd = fcntl(where->fd, 1030 /* F_DUPFD_CLOEXEC */, 0);
	if (fd < 0)
		return lskel_cannot(skel, prog, -errno, "descriptor %d", where->fd);
	if (setsockopt(fd, SOL_SOCKET, (int)prog->kind->variant, &prog_fd, sizeof(prog_fd))) {
		err = -errno;
		lskel_close(&fd);
		return lskel_cannot(skel, prog, err, "setsockopt");
	}
	how->undo = lskel_detach_socket;
	return fd;
}

static const struct lskel_attach_kind lskel_socket_kind = { lskel_attach_socket, SO_ATTACH_BPF };
static const struct lskel_attach_kind lskel_reuseport_kind = {
	lskel_attach_socket, SO_ATTACH_REUSEPORT_EBPF
};

#endif /* LSKEL_SOCKET */
