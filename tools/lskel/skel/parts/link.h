/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Links to a target with a number: what has a descriptor, or an interface */
#ifndef LSKEL_LINK
#define LSKEL_LINK

struct lskel_link_attr {
	__u32 prog_fd, target, attach_type, flags;
	__u64 more;		/* depends on the type */
	__u32 more_len, padding;
};

/* A link of program @prog; @attr has what else it is told */
static inline int lskel_link(const struct lskel *skel, const struct lskel_prog_desc *prog,
			     struct lskel_link_attr *attr)
{
	attr->prog_fd = (__u32)lskel_prog_fd(skel, prog);
	return lskel_bpf(28 /* LINK_CREATE */, attr, sizeof(*attr));
}

static inline int lskel_attach_link(struct lskel *skel, const struct lskel_prog_desc *prog,
				    const struct lskel_where *where, struct lskel_attached *how)
{
	const __u32 release = prog->kind->variant;
	struct lskel_link_attr attr;
	char needs[64];
	int fd;

	(void)how;
	memset(&attr, 0, sizeof(attr));
	attr.target = (__u32)where->fd;
	attr.attach_type = prog->attach_type;
	fd = lskel_link(skel, prog, &attr);
	if (fd >= 0)
		return fd;
	lskel_cannot(skel, prog, fd, "LINK_CREATE");
	if (fd == -EINVAL && lskel_release() < release) {
		snprintf(needs, sizeof(needs), "such a link needs Linux %u.%u", release >> 8, release & 255);
		lskel_tell_release(skel, needs);
	}
	return fd;
}

/* The variant is the oldest release that has such links, if they are younger than loaders */
static const struct lskel_attach_kind lskel_link_kind = { lskel_attach_link, 0 };
static const struct lskel_attach_kind lskel_tcx_kind = { lskel_attach_link, 0x606 };
static const struct lskel_attach_kind lskel_netkit_kind = { lskel_attach_link, 0x607 };

#endif /* LSKEL_LINK */
