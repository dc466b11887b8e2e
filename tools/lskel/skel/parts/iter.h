/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Iterators, of everything or of what they are told */
#ifndef LSKEL_ITER
#define LSKEL_ITER

enum { LSKEL_ITER_ALL, LSKEL_ITER_MAP, LSKEL_ITER_CGROUP, LSKEL_ITER_TASK };

static inline int lskel_attach_iter(struct lskel *skel, const struct lskel_prog_desc *prog,
				    const struct lskel_where *where, struct lskel_attached *how)
{
	struct lskel_link_attr attr;
	__u32 info[4];		/* union bpf_iter_link_info */
	int fd;

	(void)how;
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = prog->attach_type;
	memset(info, 0, sizeof(info));
	switch (prog->kind->variant) {
	case LSKEL_ITER_MAP:
		info[0] = (__u32)where->fd;
		attr.more_len = sizeof(info[0]);
		break;
	case LSKEL_ITER_CGROUP:
		info[0] = where->type;
		info[1] = (__u32)where->fd;
		attr.more_len = sizeof(info);
		break;
	case LSKEL_ITER_TASK:
		if (where->pid < 0)
			break;
		info[0] = where->type;
		info[1] = (__u32)where->pid;
		attr.more_len = sizeof(info);
		break;
	}
	attr.more = attr.more_len ? lskel_address(info) : 0;
	fd = lskel_link(skel, prog, &attr);
	if (fd == -E2BIG)
		return lskel_cannot(skel, prog, fd, "LINK_CREATE: this needs Linux 6.1");
	return fd < 0 ? lskel_cannot(skel, prog, fd, "LINK_CREATE") : fd;
}

static const struct lskel_attach_kind lskel_iter_kind = { lskel_attach_iter, LSKEL_ITER_ALL };
static const struct lskel_attach_kind lskel_iter_map_kind = { lskel_attach_iter, LSKEL_ITER_MAP };
static const struct lskel_attach_kind lskel_iter_cgroup_kind = { lskel_attach_iter, LSKEL_ITER_CGROUP };
static const struct lskel_attach_kind lskel_iter_task_kind = { lskel_attach_iter, LSKEL_ITER_TASK };

#endif /* LSKEL_ITER */
