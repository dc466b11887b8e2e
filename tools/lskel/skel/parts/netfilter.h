/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Hooks of netfilter, in the network namespace of the caller (Linux 6.4) */
#ifndef LSKEL_NETFILTER
#define LSKEL_NETFILTER

struct lskel_netfilter_attr {
	__u32 prog_fd, target, attach_type, link_flags;
	__u32 family, hook;
	__s32 priority;
	__u32 flags;
};

static inline int lskel_attach_netfilter(struct lskel *skel, const struct lskel_prog_desc *prog,
					 const struct lskel_where *where, struct lskel_attached *how)
{
	struct lskel_netfilter_attr attr;
	int fd;

	(void)how;
	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (__u32)lskel_prog_fd(skel, prog);
	attr.attach_type = prog->attach_type;
	attr.family = where->type;
	attr.hook = where->handle;
	attr.priority = where->fd;
	attr.flags = where->flags;
	fd = lskel_bpf(28 /* LINK_CREATE */, &attr, sizeof(attr));
	return fd < 0 ? lskel_cannot(skel, prog, fd, "LINK_CREATE for hook %u of family %u, priority %d",
				     where->handle, where->type, where->fd) : fd;
}

static const struct lskel_attach_kind lskel_netfilter_kind = { lskel_attach_netfilter, 0 };

#endif /* LSKEL_NETFILTER */
