/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Traffic control: a filter at the clsact qdisc, which is made if it is not there */
#ifndef LSKEL_TC
#define LSKEL_TC

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/tc_act/tc_bpf.h>

enum lskel_direction { LSKEL_INGRESS, LSKEL_EGRESS };

/* A request about @at: its interface, what it hangs from, handle and priority */
static inline void lskel_tc_request(struct lskel_request *request, __u16 type, __u16 flags,
				    const struct lskel_where *at)
{
	const __u16 order = 1;
	struct tcmsg *tc = (struct tcmsg *)lskel_new_request(request, type, flags, sizeof(*tc));

	tc->tcm_ifindex = at->fd;
	tc->tcm_parent = at->type;
	tc->tcm_handle = at->handle;
	/* All protocols, in network order */
	tc->tcm_info = at->priority << 16 | (*(const char *)&order ? ETH_P_ALL << 8 : ETH_P_ALL);
}

static inline int lskel_tc_qdisc(int netlink, struct lskel_request *request, __u16 type, __u16 flags,
				 int ifindex)
{
	struct lskel_where at = lskel_nowhere;
	struct tcmsg *tc = (struct tcmsg *)(void *)request->body;

	at.fd = ifindex;
	at.type = TC_H_CLSACT;
	at.handle = TC_H_MAKE(TC_H_CLSACT, 0U);
	lskel_tc_request(request, type, flags, &at);
	tc->tcm_info = 0;
	lskel_attribute(request, TCA_KIND, "clsact", sizeof("clsact"));
	return lskel_talk(netlink, request);
}

/* Remove it again, unless somebody else has put filters there since */
static inline void lskel_tc_remove_qdisc(int netlink, int ifindex)
{
	struct lskel_where at = lskel_nowhere;
	struct lskel_request request;
	__u32 minor;

	at.fd = ifindex;
	for (minor = TC_H_MIN_INGRESS; minor <= TC_H_MIN_EGRESS; minor++) {
		at.type = TC_H_MAKE(TC_H_CLSACT, minor);
		lskel_tc_request(&request, RTM_GETTFILTER, NLM_F_DUMP, &at);
		((struct tcmsg *)(void *)request.body)->tcm_info = 0;
		if (lskel_talk(netlink, &request))
			return;
	}
	lskel_tc_qdisc(netlink, &request, RTM_DELQDISC, 0, ifindex);
}

static inline void lskel_detach_tc(struct lskel *skel, const struct lskel_prog_desc *prog,
				   const struct lskel_where *at)
{
	const int netlink = *lskel_fd(skel, prog->link);
	struct lskel_request request;

	lskel_tc_request(&request, RTM_DELTFILTER, 0, at);
	lskel_attribute(&request, TCA_KIND, "bpf", sizeof("bpf"));
	lskel_talk(netlink, &request);
	if (at->flags)
		lskel_tc_remove_qdisc(netlink, at->fd);
}

/* What the filter does: run the program; or match anything, and run it as an action */
static inline void lskel_tc_options(struct lskel_request *request, const struct lskel_prog_desc *prog,
				    int prog_fd)
{
	const struct sock_filter all = { BPF_RET | BPF_K, 0, 0, 0xffffffff };
	const __u32 flags = TCA_BPF_FLAG_ACT_DIRECT;
	struct nlattr *options, *actions, *action, *nest;
	const __u16 insns = 1;
	struct tc_act_bpf parms;

	options = lskel_attribute(request, TCA_OPTIONS, NULL, 0);
	if (!prog->kind->variant) {
		lskel_attribute(request, TCA_BPF_FD, &prog_fd, sizeof(prog_fd));
		lskel_attribute(request, TCA_BPF_NAME, prog->name, strlen(prog->name) + 1);
		lskel_attribute(request, TCA_BPF_FLAGS, &flags, sizeof(flags));
	} else {
		memset(&parms, 0, sizeof(parms));
		parms.action = TC_ACT_PIPE;
		lskel_attribute(request, TCA_BPF_OPS_LEN, &insns, sizeof(insns));
		lskel_attribute(request, TCA_BPF_OPS, &all, sizeof(all));
		actions = lskel_attribute(request, TCA_BPF_ACT, NULL, 0);
		action = lskel_attribute(request, 1, NULL, 0);
		lskel_attribute(request, TCA_ACT_KIND, "bpf", sizeof("bpf"));
		nest = lskel_attribute(request, TCA_ACT_OPTIONS, NULL, 0);
		lskel_attribute(request, TCA_ACT_BPF_FD, &prog_fd, sizeof(prog_fd));
		lskel_attribute(request, TCA_ACT_BPF_NAME, prog->name, strlen(prog->name) + 1);
		lskel_attribute(request, TCA_ACT_BPF_PARMS, &parms, sizeof(parms));
		lskel_nest_end(request, nest);
		lskel_nest_end(request, action);
		lskel_nest_end(request, actions);
	}
	lskel_nest_end(request, options);
}

static inline int lskel_attach_tc(struct lskel *skel, const struct lskel_prog_desc *prog,
				  const struct lskel_where *where, struct lskel_attached *how)
{
	struct lskel_where *at = &how->at;
	struct lskel_request request;
	int fd, err;

	if (where->type > LSKEL_EGRESS)
		return lskel_cannot(skel, prog, -EINVAL, "neither LSKEL_INGRESS nor LSKEL_EGRESS");
	fd = lskel_netlink();
	if (fd < 0)
		return lskel_cannot(skel, prog, fd, "a netlink socket");
	err = lskel_tc_qdisc(fd, &request, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, where->fd);
	*at = *where;
	at->flags = !err;	/* the qdisc is to be removed */
	at->type = TC_H_MAKE(TC_H_CLSACT, where->type == LSKEL_INGRESS ? TC_H_MIN_INGRESS :
			     TC_H_MIN_EGRESS);
	if (!err || err == -EEXIST) {
		lskel_tc_request(&request, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO, at);
		lskel_attribute(&request, TCA_KIND, "bpf", sizeof("bpf"));
		lskel_tc_options(&request, prog, lskel_prog_fd(skel, prog));
		err = lskel_talk(fd, &request);
		if (!err)
			err = -EBADMSG;
	}
	if (err < 0) {
		if (at->flags)
			lskel_tc_remove_qdisc(fd, where->fd);
		lskel_close(&fd);
		return lskel_cannot(skel, prog, err, "interface %d%s", where->fd, request.said);
	}
	at->priority = request.answer.tcm_info >> 16;
	at->handle = request.answer.tcm_handle;
	how->undo = lskel_detach_tc;
	return fd;
}

static const struct lskel_attach_kind lskel_tc_kind = { lskel_attach_tc, 0 };
static const struct lskel_attach_kind lskel_tc_action_kind = { lskel_attach_tc, 1 };

#endif /* LSKEL_TC */
