// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "needs.h"

#define RELEASE(major, minor)	((major) << 8 | (minor))

static uint32_t max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

struct needs map_needs(const struct spec_map *map)
{
	struct needs needs = { .release = map->map_extra ? RELEASE(5, 16) : 0 };

	switch (map->type) {
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_XSKMAP:
		needs.net_admin = true;
		break;
	case BPF_MAP_TYPE_TASK_STORAGE:
		needs.release = max(needs.release, RELEASE(5, 11));
		break;
	case BPF_MAP_TYPE_BLOOM_FILTER:
		needs.release = RELEASE(5, 16);
		break;
	case BPF_MAP_TYPE_USER_RINGBUF:
		needs.release = RELEASE(6, 1);
		break;
	case BPF_MAP_TYPE_STRUCT_OPS:
		needs.release = map->ops && map->ops->link ? RELEASE(6, 4) : 0;
		break;
	case MAP_TYPE_CGRP_STORAGE:
		needs.release = RELEASE(6, 2);
		break;
	case MAP_TYPE_ARENA:
		needs.release = RELEASE(6, 9);
		break;
	}
	return needs;
}

struct needs prog_needs(const struct spec_prog *prog)
{
	struct needs needs = { 0 };

	switch (prog->type) {
	case BPF_PROG_TYPE_CGROUP_SKB:
		needs.net_admin = true;
		break;
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_XDP:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
	case BPF_PROG_TYPE_SK_SKB:
	case BPF_PROG_TYPE_SK_MSG:
	case BPF_PROG_TYPE_LIRC_MODE2:
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
	case BPF_PROG_TYPE_CGROUP_DEVICE:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
	case BPF_PROG_TYPE_SOCK_OPS:
		needs.net_admin = needs.net_or_sys = true;
		break;
	case BPF_PROG_TYPE_EXT:
		needs.net_or_sys = true;
		break;
	case PROG_TYPE_NETFILTER:
		needs.net_admin = needs.net_or_sys = true;
		needs.release = RELEASE(6, 4);
		break;
	}
	if (prog->type == BPF_PROG_TYPE_LSM && prog->expected_attach_type == BPF_LSM_CGROUP)
		needs.release = RELEASE(6, 0);
	if (prog->flags & BPF_F_XDP_HAS_FRAGS)
		needs.release = RELEASE(5, 18);
	return needs;
}

struct needs step_needs(const struct spec *spec, const struct plan_step *step)
{
	switch (step->kind) {
	case PLAN_MAP_CREATE:
		return map_needs(&spec->maps.items[step->map]);
	case PLAN_PROG_LOAD:
		return prog_needs(&spec->progs.items[step->prog]);
	default:
		return (struct needs){ 0 };
	}
}

uint32_t needs_word(struct needs needs)
{
	return needs.release << 8 | needs.net_or_sys << 1 | needs.net_admin;
}
