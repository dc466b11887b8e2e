/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* XDP: by a link, or where the kernel has none, if the interface has no program yet */
#ifndef LSKEL_XDP
#define LSKEL_XDP

#include <linux/if_link.h>

/* The program is @fd now, if it was @expected; or if there was none, for -1 */
static inline int lskel_set_xdp(int netlink, struct lskel_request *request, int ifindex, __u32 flags,
				int fd, int expected)
{
	struct ifinfomsg *info = (struct ifinfomsg *)lskel_new_request(request, RTM_SETLINK, 0, sizeof(*info));
	struct nlattr *nest;

	flags |= expected < 0 ? XDP_FLAGS_UPDATE_IF_NOEXIST : XDP_FLAGS_REPLACE;
	info->ifi_index = ifindex;
	nest = lskel_attribute(request, NLA_F_NESTED | IFLA_XDP, NULL, 0);
	lskel_attribute(request, IFLA_XDP_FD, &fd, sizeof(fd));
	lskel_attribute(request, IFLA_XDP_FLAGS, &flags, sizeof(flags));
	if (expected >= 0)
		lskel_attribute(request, IFLA_XDP_EXPECTED_FD, &expected, sizeof(expected));
	lskel_nest_end(request, nest);
	return lskel_talk(netlink, request);
}

static inline void lskel_detach_xdp(struct lskel *skel, const struct lskel_prog_desc *prog,
				    const struct lskel_where *at)
{
	struct lskel_request request;

	lskel_set_xdp(*lskel_fd(skel, prog->link), &request, at->fd, at->flags, -1,
		      lskel_prog_fd(skel, prog));
}

static inline int lskel_attach_xdp(struct lskel *skel, const struct lskel_prog_desc *prog,
				   const struct lskel_where *where, struct lskel_attached *how)
{
	struct lskel_request request;
	struct lskel_link_attr attr;
	int fd, err;

	memset(&attr, 0, sizeof(attr));
	attr.target = (__u32)where->fd;
	attr.attach_type = prog->attach_type;
	attr.flags = where->flags;
	fd = lskel_link(skel, prog, &attr);
	if (fd >= 0)
		return fd;
	if (fd != -EINVAL)
		return lskel_cannot(skel, prog, fd, "LINK_CREATE");
	fd = lskel_netlink();
	if (fd < 0)
		return lskel_cannot(skel, prog, fd, "a netlink socket");
	err = lskel_set_xdp(fd, &request, where->fd, where->flags, lskel_prog_fd(skel, prog), -1);
	if (err < 0) {
		lskel_close(&fd);
		return lskel_cannot(skel, prog, err, "interface %d%s", where->fd, request.said);
	}
	how->undo = lskel_detach_xdp;
	how->at = *where;
	return fd;
}

static const struct lskel_attach_kind lskel_xdp_kind = { lskel_attach_xdp, 0 };

#endif /* LSKEL_XDP */
