// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <linux/btf.h>
#include <string.h>

#include "sections.h"

/* Of kernels that the headers need not be of */
#define BPF_PROG_TYPE_NETFILTER	PROG_TYPE_NETFILTER
#define BPF_NETFILTER		45
#define BPF_TCX_INGRESS		46
#define BPF_TCX_EGRESS		47
#define BPF_TRACE_UPROBE_MULTI	48
#define BPF_NETKIT_PRIMARY	54
#define BPF_NETKIT_PEER		55

#define SECTION(name_, type_, attach_type_, attach_, ...) {		\
	.name = name_, .type = BPF_PROG_TYPE_##type_,			\
	.attach_type = attach_type_, .attach = ATTACH_##attach_,	\
	##__VA_ARGS__ }

#define ARG		.has_arg = true
#define SLEEPABLE	.flags = BPF_F_SLEEPABLE
#define FRAGS		.flags = BPF_F_XDP_HAS_FRAGS
#define BTF_FUNC(prefix) \
	.has_arg = true, .btf_prefix = prefix, .btf_kind = BTF_KIND_FUNC
#define BTF_TYPEDEF(prefix) \
	.has_arg = true, .btf_prefix = prefix, .btf_kind = BTF_KIND_TYPEDEF

/* At most one fits a name, as no name with an argument begins another with '/'.
 */
static const struct section_def sections[] = {
	SECTION("socket", SOCKET_FILTER, 0, SOCKET),
	SECTION("sk_reuseport/migrate", SK_REUSEPORT,
		BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, REUSEPORT),
	SECTION("sk_reuseport", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, REUSEPORT),

	SECTION("kprobe", KPROBE, 0, KPROBE, ARG),
	SECTION("kretprobe", KPROBE, 0, KRETPROBE, ARG),
	SECTION("uprobe", KPROBE, 0, UPROBE, ARG),
	SECTION("uprobe.s", KPROBE, 0, UPROBE, ARG, SLEEPABLE),
	SECTION("uretprobe", KPROBE, 0, URETPROBE, ARG),
	SECTION("uretprobe.s", KPROBE, 0, URETPROBE, ARG, SLEEPABLE),
	SECTION("kprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, KPROBE_MULTI, ARG),
	SECTION("kretprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, KRETPROBE_MULTI, ARG),
	SECTION("ksyscall", KPROBE, 0, KSYSCALL, ARG),
	SECTION("kretsyscall", KPROBE, 0, KRETSYSCALL, ARG),
	SECTION("usdt", KPROBE, 0, USDT, ARG),
	SECTION("tracepoint", TRACEPOINT, 0, TRACEPOINT, ARG),
	SECTION("tp", TRACEPOINT, 0, TRACEPOINT, ARG),
	SECTION("perf_event", PERF_EVENT, 0, PERF_EVENT),

	SECTION("raw_tracepoint", RAW_TRACEPOINT, 0, RAW_TRACEPOINT, ARG),
	SECTION("raw_tp", RAW_TRACEPOINT, 0, RAW_TRACEPOINT, ARG),
	SECTION("raw_tracepoint.w", RAW_TRACEPOINT_WRITABLE, 0, RAW_TRACEPOINT, ARG),
	SECTION("raw_tp.w", RAW_TRACEPOINT_WRITABLE, 0, RAW_TRACEPOINT, ARG),

	SECTION("tp_btf", TRACING, BPF_TRACE_RAW_TP, TRACING, BTF_TYPEDEF("btf_trace_")),
	SECTION("fentry", TRACING, BPF_TRACE_FENTRY, TRACING, BTF_FUNC("")),
	SECTION("fentry.s", TRACING, BPF_TRACE_FENTRY, TRACING, BTF_FUNC(""), SLEEPABLE),
	SECTION("fexit", TRACING, BPF_TRACE_FEXIT, TRACING, BTF_FUNC("")),
	SECTION("fexit.s", TRACING, BPF_TRACE_FEXIT, TRACING, BTF_FUNC(""), SLEEPABLE),
	SECTION("fmod_ret", TRACING, BPF_MODIFY_RETURN, TRACING, BTF_FUNC("")),
	SECTION("fmod_ret.s", TRACING, BPF_MODIFY_RETURN, TRACING, BTF_FUNC(""), SLEEPABLE),
	SECTION("freplace", EXT, 0, FREPLACE, BTF_FUNC("")),
	SECTION("lsm", LSM, BPF_LSM_MAC, TRACING, BTF_FUNC("bpf_lsm_")),
	SECTION("lsm.s", LSM, BPF_LSM_MAC, TRACING, BTF_FUNC("bpf_lsm_"), SLEEPABLE),
	SECTION("lsm_cgroup", LSM, BPF_LSM_CGROUP, CGROUP, BTF_FUNC("bpf_lsm_")),
	SECTION("iter", TRACING, BPF_TRACE_ITER, ITER, BTF_FUNC("bpf_iter_")),
	SECTION("iter.s", TRACING, BPF_TRACE_ITER, ITER, BTF_FUNC("bpf_iter_"), SLEEPABLE),

	SECTION("syscall", SYSCALL, 0, RUN, SLEEPABLE),
	SECTION("struct_ops", STRUCT_OPS, 0, STRUCT_OPS, ARG),

	SECTION("tc", SCHED_CLS, 0, TC),
	SECTION("classifier", SCHED_CLS, 0, TC),
	SECTION("action", SCHED_ACT, 0, TC_ACTION),
	SECTION("xdp", XDP, BPF_XDP, XDP),
	SECTION("xdp/devmap", XDP, BPF_XDP_DEVMAP, DEVMAP),
	SECTION("xdp/cpumap", XDP, BPF_XDP_CPUMAP, CPUMAP),
	SECTION("xdp.frags", XDP, BPF_XDP, XDP, FRAGS),
	SECTION("xdp.frags/devmap", XDP, BPF_XDP_DEVMAP, DEVMAP, FRAGS),
	SECTION("xdp.frags/cpumap", XDP, BPF_XDP_CPUMAP, CPUMAP, FRAGS),
	SECTION("lwt_in", LWT_IN, 0, LWT),
	SECTION("lwt_out", LWT_OUT, 0, LWT),
	SECTION("lwt_xmit", LWT_XMIT, 0, LWT),
	SECTION("lwt_seg6local", LWT_SEG6LOCAL, 0, LWT),
	SECTION("sk_skb", SK_SKB, 0, MAP_ANY),
	SECTION("sk_skb/stream_parser", SK_SKB, BPF_SK_SKB_STREAM_PARSER, MAP),
	SECTION("sk_skb/stream_verdict", SK_SKB, BPF_SK_SKB_STREAM_VERDICT, MAP),
	SECTION("sk_msg", SK_MSG, BPF_SK_MSG_VERDICT, MAP),
	SECTION("sk_lookup", SK_LOOKUP, BPF_SK_LOOKUP, NETNS),
	SECTION("flow_dissector", FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, NETNS),
	SECTION("lirc_mode2", LIRC_MODE2, BPF_LIRC_MODE2, LIRC),

	SECTION("sockops", SOCK_OPS, BPF_CGROUP_SOCK_OPS, CGROUP),
	SECTION("cgroup_skb/ingress", CGROUP_SKB, BPF_CGROUP_INET_INGRESS, CGROUP),
	SECTION("cgroup_skb/egress", CGROUP_SKB, BPF_CGROUP_INET_EGRESS, CGROUP),
	SECTION("cgroup/skb", CGROUP_SKB, 0, CGROUP_ANY),
	SECTION("cgroup/sock", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, CGROUP),
	SECTION("cgroup/sock_create", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, CGROUP),
	SECTION("cgroup/sock_release", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, CGROUP),
	SECTION("cgroup/post_bind4", CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, CGROUP),
	SECTION("cgroup/post_bind6", CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, CGROUP),
	SECTION("cgroup/bind4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, CGROUP),
	SECTION("cgroup/bind6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, CGROUP),
	SECTION("cgroup/connect4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, CGROUP),
	SECTION("cgroup/connect6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT, CGROUP),
	SECTION("cgroup/sendmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG, CGROUP),
	SECTION("cgroup/sendmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG, CGROUP),
	SECTION("cgroup/recvmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG, CGROUP),
	SECTION("cgroup/recvmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG, CGROUP),
	SECTION("cgroup/getpeername4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME, CGROUP),
	SECTION("cgroup/getpeername6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME, CGROUP),
	SECTION("cgroup/getsockname4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME, CGROUP),
	SECTION("cgroup/getsockname6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME, CGROUP),
	SECTION("cgroup/sysctl", CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, CGROUP),
	SECTION("cgroup/getsockopt", CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, CGROUP),
	SECTION("cgroup/setsockopt", CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, CGROUP),
	SECTION("cgroup/dev", CGROUP_DEVICE, BPF_CGROUP_DEVICE, CGROUP),

	/* Those that came after */
	SECTION("uprobe.multi", KPROBE, BPF_TRACE_UPROBE_MULTI, UPROBE_MULTI, ARG),
	SECTION("uprobe.multi.s", KPROBE, BPF_TRACE_UPROBE_MULTI, UPROBE_MULTI, ARG, SLEEPABLE),
	SECTION("uretprobe.multi", KPROBE, BPF_TRACE_UPROBE_MULTI, URETPROBE_MULTI, ARG),
	SECTION("uretprobe.multi.s", KPROBE, BPF_TRACE_UPROBE_MULTI, URETPROBE_MULTI, ARG, SLEEPABLE),
	SECTION("tcx/ingress", SCHED_CLS, BPF_TCX_INGRESS, TCX),
	SECTION("tcx/egress", SCHED_CLS, BPF_TCX_EGRESS, TCX),
	SECTION("netkit/primary", SCHED_CLS, BPF_NETKIT_PRIMARY, NETKIT),
	SECTION("netkit/peer", SCHED_CLS, BPF_NETKIT_PEER, NETKIT),
	SECTION("netfilter", NETFILTER, BPF_NETFILTER, NETFILTER),
};

const struct section_def *section_next(const struct section_def *def)
{
	def = def ? def + 1 : sections;
	return def < sections + sizeof(sections) / sizeof(sections[0]) ? def : NULL;
}

const struct section_def *section_find(const char *name)
{
	const struct section_def *def = NULL;

	while ((def = section_next(def))) {
		size_t len = strlen(def->name);

		if (strncmp(name, def->name, len))
			continue;
		if (!name[len] || (def->has_arg && name[len] == '/'))
			return def;
	}
	return NULL;
}
