/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What is attached to a descriptor without a link: the skeleton has a duplicate */
#ifndef LSKEL_PROG_ATTACH
#define LSKEL_PROG_ATTACH

struct lskel_prog_attach_attr {
	__u32 target_fd, prog_fd, attach_type, flags, replaced_fd;
};

static inline int lskel_prog_attach_call(unsigned int cmd, const struct lskel *skel,
					 const struct lskel_prog_desc *prog, int target, __u32 type,
					 __u32 flags)
{
	struct lskel_prog_attach_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (__u32)target;
	attr.prog_fd = (__u32)lskel_prog_fd(skel, prog);
	attr.attach_type = type;
	attr.flags = flags;
	return lskel_bpf(cmd, &attr, sizeof(attr));
}

static inline void lskel_prog_detach(struct lskel *skel, const struct lskel_prog_desc *prog,
				     const struct lskel_where *at)
{
	lskel_prog_attach_call(9 /* PROG_DETACH */, skel, prog, *lskel_fd(skel, prog->link), at->type, 0);
}

static inline int lskel_prog_attach(struct lskel *skel, const struct lskel_prog_desc *prog, int target,
				    __u32 type, __u32 flags, struct lskel_attached *how)
{
	int fd = fcntl(target, 1030 /* F_DUPFD_CLOEXEC */, 0), err;

	if (fd < 0)
		return lskel_cannot(skel, prog, -errno, "descriptor %d", target);
	err = lskel_prog_attach_call(8 /* PROG_ATTACH */, skel, prog, target, type, flags);
	if (err) {
		lskel_close(&fd);
		return lskel_cannot(skel, prog, err, "PROG_ATTACH");
	}
	how->undo = lskel_prog_detach;
	how->at.type = type;
	return fd;
}

/* If the program may be attached as several, the user says as what */
static inline __u32 lskel_attach_type(const struct lskel_prog_desc *prog, const struct lskel_where *where)
{
	return where->type ? where->type : prog->attach_type;
}

static inline int lskel_attach_target(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	return lskel_prog_attach(skel, prog, where->fd, lskel_attach_type(prog, where), 0, how);
}

static const struct lskel_attach_kind lskel_target_kind = { lskel_attach_target, 0 };

#endif /* LSKEL_PROG_ATTACH */
