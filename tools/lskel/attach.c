// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "attach.h"

#define STRING(what, member)	{ "const char *", what, member }
#define U64(what, member)	{ "__u64 ", what, member }
#define U32(what, member)	{ "__u32 ", what, member }
#define INT(what, member)	{ "int ", what, member }
#define FD(of)			INT(of "_fd", "fd")
#define COOKIE			U64("cookie", "cookie")
#define IN_FILE			INT("pid", "pid"), STRING("path", "group")
#define FUNCTION		STRING("function", "name"), U64("offset", "offset")
#define PATTERN			STRING("pattern", "name")
#define FUNCTIONS		{ "const char *const *", "functions", "functions" }
#define U64S(what)		{ "const __u64 *", what, what }
#define COUNT			U32("count", "type")

#define USDT_NAME		STRING("provider", "provider"), STRING("tracepoint", "name")
#define IFINDEX			INT("ifindex", "fd")
#define DIRECTION		{ "enum lskel_direction ", "direction", "type" }
#define NETFILTER		U32("family", "type"), U32("hook", "handle"), INT("priority", "fd")
#define ATTACH_TYPE		U32("attach_type", "type")

#define CGROUP_PARTS	(PART_LINK | PART_PROG_ATTACH | PART_CGROUP)
#define PERF_PARTS	(PART_LINK | PART_PERF)
#define PROBE_PARTS	(PERF_PARTS | PART_TRACEPOINT | PART_PROBE)

/* What needs more than enum spec_attach: iterators that are told of what, and
 * files with a place in them that needs no symbol
 */
enum { ITER_MAP = ATTACH_KINDS, ITER_CGROUP, ITER_TASK, UPROBE_PLACE, URETPROBE_PLACE };

static const struct attach_kind kinds[] = {
	[ATTACH_RUN] = { .says = "which is run, not attached" },
	[ATTACH_RAW_TRACEPOINT] = {
		.kind = "raw_tp", .says = "attached to a tracepoint", .parts = PART_RAW_TP,
		.cmd = BPF_RAW_TRACEPOINT_OPEN,
		.params = { STRING("tracepoint", "name") },
	},
	[ATTACH_TRACING] = {
		.kind = "raw_tp", .says = "attached", .parts = PART_RAW_TP,
		.cmd = BPF_RAW_TRACEPOINT_OPEN,
	},
	[ATTACH_FREPLACE] = {
		.kind = "freplace", .says = "attached",
		.parts = PART_RAW_TP | PART_LINK | PART_FREPLACE,
		.cmd = BPF_RAW_TRACEPOINT_OPEN,
	},
	[ATTACH_ITER] = {
		.kind = "iter", .says = "attached", .parts = PART_LINK | PART_ITER,
		.cmd = BPF_LINK_CREATE,
	},
	[ITER_MAP] = {
		.kind = "iter_map", .says = "attached to a map", .parts = PART_LINK | PART_ITER,
		.params = { FD("map") },
	},
	[ITER_CGROUP] = {
		.kind = "iter_cgroup", .says = "attached to a cgroup",
		.parts = PART_LINK | PART_ITER,
		.params = { FD("cgroup"), U32("order", "type") },
	},
	[ITER_TASK] = {
		.kind = "iter_task", .says = "attached", .parts = PART_LINK | PART_ITER,
		.cmd = BPF_LINK_CREATE,
		.to = { U32("tid", "type"), INT("pid", "pid") },
	},
	[ATTACH_TRACEPOINT] = {
		.kind = "tracepoint", .says = "attached to a tracepoint",
		.parts = PERF_PARTS | PART_TRACEPOINT,
		.params = { STRING("category", "group"), STRING("tracepoint", "name") },
		.to = { STRING("category", "group"), STRING("tracepoint", "name"), COOKIE },
	},
	[ATTACH_PERF_EVENT] = {
		.kind = "perf_event", .says = "attached to a perf event",
		.parts = PERF_PARTS | PART_PERF_EVENT,
		.params = { FD("perf") },
		.to = { U32("type", "type"), U64("config", "offset"), U32("frequency", "flags"),
			INT("pid", "pid"), INT("cpu", "cpu"), COOKIE },
	},
#define KPROBE(kind_, what, part, ...) {				\
		.kind = kind_, .says = "attached to a " what,		\
		.parts = PROBE_PARTS | PART_##part,			\
		.params = { __VA_ARGS__ }, .to = { __VA_ARGS__, COOKIE } }
	[ATTACH_KPROBE] = KPROBE("kprobe", "function of the kernel", KPROBE, FUNCTION),
	[ATTACH_KRETPROBE] = KPROBE("kretprobe", "function of the kernel", KPROBE,
				    STRING("function", "name")),
	[ATTACH_KSYSCALL] = KPROBE("ksyscall", "system call", KSYSCALL, STRING("syscall", "name")),
	[ATTACH_KRETSYSCALL] = KPROBE("kretsyscall", "system call", KSYSCALL,
				      STRING("syscall", "name")),
#define UPROBE(kind_, where, part, ...) {				\
		.kind = kind_, .says = "attached to " where " in a file", \
		.parts = PROBE_PARTS | PART_UPROBE | part,		\
		.params = { IN_FILE, __VA_ARGS__ }, .to = { IN_FILE, __VA_ARGS__, COOKIE } }
	[ATTACH_UPROBE] = UPROBE("uprobe_symbol", "a function", PART_ELF | PART_SYMBOL, FUNCTION),
	[ATTACH_URETPROBE] = UPROBE("uretprobe_symbol", "a function", PART_ELF | PART_SYMBOL, FUNCTION),
	[UPROBE_PLACE] = UPROBE("uprobe", "a place", 0, U64("offset", "offset")),
	[URETPROBE_PLACE] = UPROBE("uretprobe", "a place", 0, U64("offset", "offset")),
#define MULTI(kind_) {							\
		.kind = kind_, .says = "attached to functions of the kernel", \
		.parts = PART_MULTI,					\
		.params = { PATTERN }, .to = { FUNCTIONS, COUNT, U64S("cookies") } }
	[ATTACH_KPROBE_MULTI] = MULTI("kprobe_multi"),
	[ATTACH_KRETPROBE_MULTI] = MULTI("kretprobe_multi"),
#define UPROBE_MULTI(kind_) {						\
		.kind = kind_, .says = "attached to functions of a file", \
		.parts = PART_ELF | PART_UPROBE_MULTI,			\
		.params = { IN_FILE, PATTERN },				\
		.to = { IN_FILE, FUNCTIONS, U64S("offsets"), COUNT,	\
			U64S("ref_ctr_offsets"), U64S("cookies") } }
	[ATTACH_UPROBE_MULTI] = UPROBE_MULTI("uprobe_multi"),
	[ATTACH_URETPROBE_MULTI] = UPROBE_MULTI("uretprobe_multi"),
	[ATTACH_USDT] = {
		.kind = "usdt", .says = "attached to a tracepoint of a file",
		.parts = PROBE_PARTS | PART_UPROBE | PART_ELF | PART_USDT,
		.params = { IN_FILE, USDT_NAME }, .to = { IN_FILE, USDT_NAME, COOKIE },
	},
	[ATTACH_NETNS] = {
		.kind = "link", .says = "attached to a network namespace", .parts = PART_LINK,
		.params = { FD("netns") },
	},
	[ATTACH_CGROUP] = {
		.kind = "cgroup", .says = "attached to a cgroup", .parts = CGROUP_PARTS,
		.params = { FD("cgroup") },
	},
	[ATTACH_CGROUP_ANY] = {
		.kind = "cgroup", .says = "attached to a cgroup", .parts = CGROUP_PARTS,
		.params = { FD("cgroup"), ATTACH_TYPE },
	},
	[ATTACH_XDP] = {
		.kind = "xdp", .says = "attached to an interface",
		.parts = PART_LINK | PART_NETLINK | PART_XDP,
		.params = { IFINDEX }, .to = { IFINDEX, U32("flags", "flags") },
	},
	[ATTACH_DEVMAP] = { .says = "which is named by entries of a device map, not attached" },
	[ATTACH_CPUMAP] = { .says = "which is named by entries of a CPU map, not attached" },
	[ATTACH_TC] = {
		.kind = "tc", .says = "attached to an interface", .parts = PART_NETLINK | PART_TC,
		.params = { IFINDEX, DIRECTION },
		.to = { IFINDEX, DIRECTION, U32("priority", "priority"), U32("handle", "handle") },
	},
	[ATTACH_TC_ACTION] = {
		.kind = "tc_action", .says = "attached to an interface",
		.parts = PART_NETLINK | PART_TC,
		.params = { IFINDEX, DIRECTION },
		.to = { IFINDEX, DIRECTION, U32("priority", "priority"), U32("handle", "handle") },
	},
	[ATTACH_LWT] = {
		.says = "which belongs to a route: pin it, and see 'encap bpf' in ip-route(8)",
	},
	[ATTACH_MAP] = {
		.kind = "target", .says = "attached to a map of sockets", .parts = PART_PROG_ATTACH,
		.params = { FD("map") },
	},
	[ATTACH_MAP_ANY] = {
		.kind = "target", .says = "attached to a map of sockets", .parts = PART_PROG_ATTACH,
		.params = { FD("map"), ATTACH_TYPE },
	},
	[ATTACH_LIRC] = {
		.kind = "target", .says = "attached to an infrared device", .parts = PART_PROG_ATTACH,
		.params = { FD("lirc") },
	},
	[ATTACH_SOCKET] = {
		.kind = "socket", .says = "attached to a socket", .parts = PART_SOCKET,
		.params = { FD("socket") },
	},
	[ATTACH_REUSEPORT] = {
		.kind = "reuseport", .says = "attached to a socket", .parts = PART_SOCKET,
		.params = { FD("socket") },
	},
	[ATTACH_STRUCT_OPS] = { .says = "which is attached with its table of operations" },
	[ATTACH_TCX] = {
		.kind = "tcx", .says = "attached to an interface", .parts = PART_LINK,
		.params = { IFINDEX },
	},
	[ATTACH_NETKIT] = {
		.kind = "netkit", .says = "attached to a netkit interface", .parts = PART_LINK,
		.params = { IFINDEX },
	},
	[ATTACH_NETFILTER] = {
		.kind = "netfilter", .says = "attached to a hook of netfilter",
		.parts = PART_NETFILTER,
		.params = { NETFILTER }, .to = { NETFILTER, U32("flags", "flags") },
	},
};

static bool is_one_of(const char *name, const char *const *names)
{
	while (*names && strcmp(name, *names))
		names++;
	return *names;
}

/* The iterators of 5.10 that walk a map must know it; those of later kernels that
 * walk cgroups or tasks may be told which.
 */
static int iter_kind(const char *name)
{
	static const char *const maps[] = { "bpf_map_elem", "bpf_sk_storage_map", "sockmap", NULL };
	static const char *const tasks[] = { "task", "task_file", "task_vma", NULL };

	if (!strcmp(name, "cgroup"))
		return ITER_CGROUP;
	return is_one_of(name, maps) ? ITER_MAP : is_one_of(name, tasks) ? ITER_TASK : ATTACH_ITER;
}

/* A number of C at all of @text */
static bool is_number(const char *text, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*number = strtoull(text, &end, 0);
	return !*end;
}

/* FUNCTION[+OFFSET] */
static bool parse_function(struct arena *arena, struct attach_where *where, const char *arg)
{
	const size_t len = strcspn(arg, "+");

	if (!len || (arg[len] && !is_number(arg + len + 1, &where->offset)))
		return true;
	where->name = arena_printf(arena, "%.*s", (int)len, arg);
	where->given = true;
	return where->name;
}

/* CATEGORY/NAME, or PATH:FUNCTION[+OFFSET], or PATH:OFFSET, or PATH:PATTERN. What is not one of them
 * does not say where. False: no memory
 */
static bool parse_tracepoint(struct arena *arena, struct attach_where *where, const char *arg)
{
	const char *slash = strchr(arg, '/');

	if (!slash || slash == arg || !slash[1])
		return true;
	where->group = arena_printf(arena, "%.*s", (int)(slash - arg), arg);
	where->name = slash + 1;
	where->given = true;
	return where->group;
}

static bool parse_file(struct arena *arena, struct attach_where *where, const char *arg, bool pattern)
{
	const char *colon = strrchr(arg, ':');

	if (!colon || colon == arg)
		return true;
	where->group = arena_printf(arena, "%.*s", (int)(colon - arg), arg);
	if (pattern) {
		where->name = colon + 1;
		where->given = colon[1];
		return where->group;
	}
	where->given = is_number(colon + 1, &where->offset);
	if (!where->group || where->given)
		return where->group;
	return parse_function(arena, where, colon + 1);
}

/* PATH:PROVIDER:NAME */
static bool parse_usdt(struct arena *arena, struct attach_where *where, const char *arg)
{
	const char *name = strrchr(arg, ':'), *provider = name;

	while (provider && provider > arg && provider[-1] != ':')
		provider--;
	if (!provider || provider == name || provider < arg + 2 || !name[1])
		return true;
	where->group = arena_printf(arena, "%.*s", (int)(provider - 1 - arg), arg);
	where->provider = arena_printf(arena, "%.*s", (int)(name - provider), provider);
	where->name = name + 1;
	where->given = true;
	return where->group && where->provider;
}

const struct attach_kind *attach_find(const struct spec *spec, const struct spec_prog *prog,
				      struct attach_where *where)
{
	const char *arg = prog->attach_arg && prog->attach_arg[0] ? prog->attach_arg : NULL;
	struct arena *arena = spec->arena;
	int kind = prog->attach;
	bool fine = true;

	*where = (struct attach_where){};
	if (!arg && kind != ATTACH_TRACING && kind != ATTACH_FREPLACE && kind != ATTACH_ITER)
		return &kinds[kind];
	switch (kind) {
	case ATTACH_TRACING:
	case ATTACH_FREPLACE:
		where->given = true;
		break;
	case ATTACH_RAW_TRACEPOINT:
		where->given = arg;
		where->name = arg;
		break;
	case ATTACH_ITER:
		kind = arg ? iter_kind(arg) : ATTACH_ITER;
		where->given = !kinds[kind].params[0].name;
		break;
	case ATTACH_TRACEPOINT:
		fine = parse_tracepoint(arena, where, arg);
		break;
	case ATTACH_UPROBE_MULTI:
	case ATTACH_URETPROBE_MULTI:
		fine = parse_file(arena, where, arg, true);
		break;
	case ATTACH_USDT:
		fine = parse_usdt(arena, where, arg);
		break;
	case ATTACH_KSYSCALL:
	case ATTACH_KRETSYSCALL:
	case ATTACH_KPROBE_MULTI:
	case ATTACH_KRETPROBE_MULTI:
		where->given = true;
		where->name = arg;
		break;
	case ATTACH_KPROBE:
	case ATTACH_KRETPROBE:
		fine = parse_function(arena, where, arg);
		break;
	case ATTACH_UPROBE:
	case ATTACH_URETPROBE:
		fine = parse_file(arena, where, arg, false);
		if (where->given && !where->name)
			kind = kind == ATTACH_UPROBE ? UPROBE_PLACE : URETPROBE_PLACE;
		break;
	}
	if (!fine)
		return NULL;
	if (!where->given)
		*where = (struct attach_where){};
	return &kinds[kind];
}
