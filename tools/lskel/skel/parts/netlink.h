/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Requests to the network. A socket is for the network namespace where it was made. */
#ifndef LSKEL_NETLINK
#define LSKEL_NETLINK

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

struct lskel_request {
	struct nlmsghdr header;
	__u32 body[128];
	struct tcmsg answer;	/* the last one, of traffic control */
	char said[128];		/* by the kernel, about why not */
};

/* Returns the body, whose first @size bytes are to be filled in */
static inline void *lskel_new_request(struct lskel_request *request, __u16 type, __u16 flags, __u32 size)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = (__u16)(NLM_F_REQUEST | flags);
	request->header.nlmsg_len = (__u32)sizeof(request->header) + size;
	return request->body;
}

/* Add an attribute. Those that follow are in it if lskel_nest_end() is called with
 * what this returns.
 */
static inline struct nlattr *lskel_attribute(struct lskel_request *request, __u16 type,
					     const void *value, size_t size)
{
	struct nlattr *attribute = (struct nlattr *)(void *)((char *)request + request->header.nlmsg_len);

	attribute->nla_type = type;
	attribute->nla_len = (__u16)(sizeof(*attribute) + size);
	if (size)
		memcpy(attribute + 1, value, size);
	request->header.nlmsg_len += (__u32)((sizeof(*attribute) + size + 3) / 4 * 4);
	return attribute;
}

static inline void lskel_nest_end(struct lskel_request *request, struct nlattr *nest)
{
	nest->nla_len = (__u16)((char *)request + request->header.nlmsg_len - (char *)nest);
}

/* A message of the kernel that may come with an error */
static inline void lskel_said(struct lskel_request *request, const struct nlmsghdr *header)
{
	__u32 at = (__u32)(sizeof(*header) + sizeof(struct nlmsgerr));
	struct nlattr attribute;

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	while (at + sizeof(attribute) <= header->nlmsg_len) {
		memcpy(&attribute, (const char *)header + at, sizeof(attribute));
		if (attribute.nla_len < sizeof(attribute) || attribute.nla_len > header->nlmsg_len - at)
			return;
		if (attribute.nla_type == NLMSGERR_ATTR_MSG)
			snprintf(request->said, sizeof(request->said), " (%.*s)",
				 (int)(attribute.nla_len - sizeof(attribute)),
				 (const char *)header + at + sizeof(attribute));
		at += (attribute.nla_len + 3U) / 4 * 4;
	}
}

/* Returns how many objects came back, or the kernel's negative errno */
static inline int lskel_talk(int fd, struct lskel_request *request)
{
	__u32 buffer[2048];
	const struct nlmsghdr *header;
	ssize_t len, at;
	int n = 0, err;

	if ((request->header.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		request->header.nlmsg_flags |= NLM_F_ACK;
	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		len = recv(fd, buffer, sizeof(buffer), 0);
		if (len < 0)
			return -errno;
		for (at = 0; at + (ssize_t)sizeof(*header) <= len; at += (header->nlmsg_len + 3) / 4 * 4) {
			header = (const struct nlmsghdr *)(const void *)((const char *)buffer + at);
			if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > (size_t)(len - at))
				return -EBADMSG;
			if (header->nlmsg_type == NLMSG_DONE)
				return n;
			if (header->nlmsg_type == NLMSG_ERROR) {
				memcpy(&err, header + 1, sizeof(err));
				if (err)
					lskel_said(request, header);
				return err ? err : n;
			}
			if (header->nlmsg_len >= sizeof(*header) + sizeof(request->answer))
				memcpy(&request->answer, header + 1, sizeof(request->answer));
			n++;
		}
	}
}

static inline int lskel_netlink(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	const int yes = 1;

	if (fd < 0)
		return -errno;
	setsockopt(fd, 270 /* SOL_NETLINK */, NETLINK_CAP_ACK, &yes, sizeof(yes));
	setsockopt(fd, 270, NETLINK_EXT_ACK, &yes, sizeof(yes));
	return fd;
}

#endif /* LSKEL_NETLINK */
