// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "attach.h"

#define FD(of)		{ "int ", of "_fd", "fd" }

/* Iterators that are told of what, behind enum spec_attach */
enum { ITER_MAP = ATTACH_KINDS, ITER_CGROUP, ITER_TASK };

static const struct attach_kind kinds[] = {
	[ATTACH_RUN] = { .says = "which is run, not attached" },
	[ATTACH_RAW_TRACEPOINT] = {
		.kind = "raw_tp", .says = "attached to a tracepoint", .parts = PART_RAW_TP,
		.params = { { "const char *", "tracepoint", "name" } },
	},
	[ATTACH_TRACING] = {
		.kind = "raw_tp", .says = "attached", .parts = PART_RAW_TP,
	},
	[ATTACH_ITER] = {
		.kind = "iter", .says = "attached", .parts = PART_LINK | PART_ITER,
	},
	[ITER_MAP] = {
		.kind = "iter_map", .says = "attached to a map", .parts = PART_LINK | PART_ITER,
		.params = { FD("map") },
	},
	[ITER_CGROUP] = {
		.kind = "iter_cgroup", .says = "attached to a cgroup",
		.parts = PART_LINK | PART_ITER,
		.params = { FD("cgroup"), { "__u32 ", "order", "type" } },
	},
	[ITER_TASK] = {
		.kind = "iter_task", .says = "attached", .parts = PART_LINK | PART_ITER,
		.to = { { "__u32 ", "tid", "type" }, { "int ", "pid", "pid" } },
	},
	[ATTACH_NETNS] = {
		.kind = "link", .says = "attached to a network namespace", .parts = PART_LINK,
		.params = { FD("netns") },
	},
	[ATTACH_CGROUP] = {
		.kind = "link", .says = "attached to a cgroup", .parts = PART_LINK,
		.params = { FD("cgroup") },
	},
	[ATTACH_XDP] = {
		.kind = "link", .says = "attached to an interface", .parts = PART_LINK,
		.params = { { "int ", "ifindex", "fd" } },
	},
};

static const struct attach_kind not_yet = { .says = "which the light skeleton does not attach" };

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

const struct attach_kind *attach_find(const struct spec_prog *prog,
				      struct attach_where *where)
{
	const char *arg = prog->attach_arg && prog->attach_arg[0] ? prog->attach_arg : NULL;
	int kind = prog->attach;

	*where = (struct attach_where){};
	switch (kind) {
	case ATTACH_TRACING:
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
	}
	return kinds[kind].says ? &kinds[kind] : &not_yet;
}
