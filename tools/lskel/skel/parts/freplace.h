/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Extensions of BPF programs */
#ifndef LSKEL_FREPLACE
#define LSKEL_FREPLACE

/* The kernel knows the target from the load, but forgets it when it is detached.
 * So it is told again, unless the user has closed the target.
 */
static inline int lskel_attach_freplace(struct lskel *skel, const struct lskel_prog_desc *prog,
					const struct lskel_where *where, struct lskel_attached *how)
{
	/* To the kernel, 0 is none */
	int target = fcntl(*lskel_fd(skel, prog->target), 1030 /* F_DUPFD_CLOEXEC */, 1);
	const char *func = prog->target_func;
	struct lskel_link_attr attr;
	int fd, id;

	if (prog->target_name)
		memcpy(&func, lskel_member(skel, prog->target_name), sizeof(func));
	id = lskel_find_target(target, func);
	if (id < 0) {
		lskel_close(&target);
		return lskel_attach_raw_tp(skel, prog, where, how);
	}
	memset(&attr, 0, sizeof(attr));
	attr.target = (__u32)target;
	attr.attach_type = prog->attach_type;
	memcpy(&attr.more, &id, sizeof(id));
	fd = lskel_link(skel, prog, &attr);
	lskel_close(&target);
	return fd < 0 ? lskel_cannot(skel, prog, fd, "LINK_CREATE") : fd;
}

static const struct lskel_attach_kind lskel_freplace_kind = { lskel_attach_freplace, 0 };

#endif /* LSKEL_FREPLACE */
