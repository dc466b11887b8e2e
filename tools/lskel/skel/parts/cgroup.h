/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Cgroups: by a link, or where the kernel has none, beside what others attached */
#ifndef LSKEL_CGROUP
#define LSKEL_CGROUP

static inline int lskel_attach_cgroup(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	const __u32 type = lskel_attach_type(prog, where);
	struct lskel_link_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.target = (__u32)where->fd;
	attr.attach_type = type;
	fd = lskel_link(skel, prog, &attr);
	if (fd == -EINVAL)
		return lskel_prog_attach(skel, prog, where->fd, type, 2 /* BPF_F_ALLOW_MULTI */, how);
	return fd < 0 ? lskel_cannot(skel, prog, fd, "LINK_CREATE") : fd;
}

static const struct lskel_attach_kind lskel_cgroup_kind = { lskel_attach_cgroup, 0 };

#endif /* LSKEL_CGROUP */
