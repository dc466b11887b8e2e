// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <linux/btf.h>
#include <string.h>

#include "sections.h"

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
 *
 * cgroup/skb does not say in which direction, so nothing can be linked; what is
 * in a device or CPU map is not linked either.
 */
static const struct section_def sections[] = {
	SECTION("socket", SOCKET_FILTER, 0, NONE),
	SECTION("sk_reuseport/migrate", SK_REUSEPORT,
		BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, NONE),
	SECTION("sk_reuseport", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, NONE),

	SECTION("kprobe", KPROBE, 0, NONE, ARG),
	SECTION("kretprobe", KPROBE, 0, NONE, ARG),
	SECTION("uprobe", KPROBE, 0, NONE, ARG),
	SECTION("uprobe.s", KPROBE, 0, NONE, ARG, SLEEPABLE),
	SECTION("uretprobe", KPROBE, 0, NONE, ARG),
	SECTION("uretprobe.s", KPROBE, 0, NONE, ARG, SLEEPABLE),
	SECTION("kprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, NONE, ARG),
	SECTION("kretprobe.multi", KPROBE, BPF_TRACE_KPROBE_MULTI, NONE, ARG),
	SECTION("ksyscall", KPROBE, 0, NONE, ARG),
	SECTION("kretsyscall", KPROBE, 0, NONE, ARG),
	SECTION("usdt", KPROBE, 0, NONE, ARG),
	SECTION("tracepoint", TRACEPOINT, 0, NONE, ARG),
	SECTION("tp", TRACEPOINT, 0, NONE, ARG),
	SECTION("perf_event", PERF_EVENT, 0, NONE),

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
	SECTION("freplace", EXT, 0, TRACING, BTF_FUNC("")),
	SECTION("lsm", LSM, BPF_LSM_MAC, TRACING, BTF_FUNC("bpf_lsm_")),
	SECTION("lsm.s", LSM, BPF_LSM_MAC, TRACING, BTF_FUNC("bpf_lsm_"), SLEEPABLE),
	SECTION("lsm_cgroup", LSM, BPF_LSM_CGROUP, LINK, BTF_FUNC("bpf_lsm_")),
	SECTION("iter", TRACING, BPF_TRACE_ITER, ITER, BTF_FUNC("bpf_iter_")),
	SECTION("iter.s", TRACING, BPF_TRACE_ITER, ITER, BTF_FUNC("bpf_iter_"), SLEEPABLE),

	SECTION("syscall", SYSCALL, 0, NONE, SLEEPABLE),
	SECTION("struct_ops", STRUCT_OPS, 0, NONE, ARG),

	SECTION("tc", SCHED_CLS, 0, NONE),
	SECTION("classifier", SCHED_CLS, 0, NONE),
	SECTION("action", SCHED_ACT, 0, NONE),
	SECTION("xdp", XDP, BPF_XDP, LINK),
	SECTION("xdp/devmap", XDP, BPF_XDP_DEVMAP, NONE),
	SECTION("xdp/cpumap", XDP, BPF_XDP_CPUMAP, NONE),
	SECTION("xdp.frags", XDP, BPF_XDP, LINK, FRAGS),
	SECTION("xdp.frags/devmap", XDP, BPF_XDP_DEVMAP, NONE, FRAGS),
	SECTION("xdp.frags/cpumap", XDP, BPF_XDP_CPUMAP, NONE, FRAGS),
	SECTION("lwt_in", LWT_IN, 0, NONE),
	SECTION("lwt_out", LWT_OUT, 0, NONE),
	SECTION("lwt_xmit", LWT_XMIT, 0, NONE),
	SECTION("lwt_seg6local", LWT_SEG6LOCAL, 0, NONE),
	SECTION("sk_skb", SK_SKB, 0, NONE),
	SECTION("sk_skb/stream_parser", SK_SKB, BPF_SK_SKB_STREAM_PARSER, NONE),
	SECTION("sk_skb/stream_verdict", SK_SKB, BPF_SK_SKB_STREAM_VERDICT, NONE),
	SECTION("sk_msg", SK_MSG, BPF_SK_MSG_VERDICT, NONE),
	SECTION("sk_lookup", SK_LOOKUP, BPF_SK_LOOKUP, LINK),
	SECTION("flow_dissector", FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, LINK),
	SECTION("lirc_mode2", LIRC_MODE2, BPF_LIRC_MODE2, NONE),

	SECTION("sockops", SOCK_OPS, BPF_CGROUP_SOCK_OPS, LINK),
	SECTION("cgroup_skb/ingress", CGROUP_SKB, BPF_CGROUP_INET_INGRESS, LINK),
	SECTION("cgroup_skb/egress", CGROUP_SKB, BPF_CGROUP_INET_EGRESS, LINK),
	SECTION("cgroup/skb", CGROUP_SKB, 0, NONE),
	SECTION("cgroup/sock", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, LINK),
	SECTION("cgroup/sock_create", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, LINK),
	SECTION("cgroup/sock_release", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, LINK),
	SECTION("cgroup/post_bind4", CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, LINK),
	SECTION("cgroup/post_bind6", CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, LINK),
	SECTION("cgroup/bind4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, LINK),
	SECTION("cgroup/bind6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, LINK),
	SECTION("cgroup/connect4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, LINK),
	SECTION("cgroup/connect6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT, LINK),
	SECTION("cgroup/sendmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG, LINK),
	SECTION("cgroup/sendmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG, LINK),
	SECTION("cgroup/recvmsg4", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG, LINK),
	SECTION("cgroup/recvmsg6", CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG, LINK),
	SECTION("cgroup/getpeername4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME, LINK),
	SECTION("cgroup/getpeername6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME, LINK),
	SECTION("cgroup/getsockname4", CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME, LINK),
	SECTION("cgroup/getsockname6", CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME, LINK),
	SECTION("cgroup/sysctl", CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, LINK),
	SECTION("cgroup/getsockopt", CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, LINK),
	SECTION("cgroup/setsockopt", CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, LINK),
	SECTION("cgroup/dev", CGROUP_DEVICE, BPF_CGROUP_DEVICE, LINK),
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
