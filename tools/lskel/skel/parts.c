// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "needs.h"
#include "skel/parts.h"

/* All text is strings that the build made of files. */

const char skel_runtime[] =
#include "runtime.inc"
;

const struct skel_part skel_parts[] = {
	{ NEED_ATTACH, "lskel_attach_part",
#include "parts/attach.inc"
	},
	{ NEED_NOT_ATTACHED, NULL,
#include "parts/not_attached.inc"
	},
	{ NEED_ENTRIES | NEED_MAPOPS, NULL,
#include "parts/entries.inc"
	},
	{ NEED_TARGET | NEED_EXTERN_TYPES | NEED_STRUCT_OPS | NEED_MODULE | NEED_MAPS | NEED_RINGBUF |
	  NEED_PERFBUF | NEED_MAPOPS | NEED_STATS | PART_PROBE | PART_USDT, NULL,
#include "parts/info.inc"
	},
	{ NEED_TARGET | NEED_EXTERN_TYPES | NEED_STRUCT_OPS, NULL,
#include "parts/btf.inc"
	},
	{ NEED_EXTERNS | PART_USDT, NULL,
#include "parts/extern.inc"
	},
	{ NEED_ADDRESSES | NEED_KCONFIG, NULL,
#include "parts/kallsyms.inc"
	},
	{ NEED_ADDRESSES, "lskel_addresses_part",
#include "parts/addresses.inc"
	},
	{ NEED_EXTERNS, "lskel_externs_part",
#include "parts/externs.inc"
	},
	{ NEED_EXTERN_TYPES | NEED_STRUCT_OPS, NULL,
#include "parts/kernel_btf.inc"
	},
	{ NEED_EXTERN_TYPES, "lskel_extern_types_part",
#include "parts/extern_types.inc"
	},
	{ NEED_KCONFIG, "lskel_kconfig_part",
#include "parts/kconfig.inc"
	},
	{ NEED_CONFIG, NULL,
#include "parts/config.inc"
	},
	{ NEED_MODULE, "lskel_module_part",
#include "parts/module.inc"
	},
	{ NEED_MAPS | PART_USDT | NEED_RINGBUF | NEED_PERFBUF | NEED_MAPOPS, NULL,
#include "parts/map_info.inc"
	},
	{ NEED_MAPS | PART_USDT, "lskel_maps_part",
#include "parts/maps.inc"
	},
	{ NEED_PIN, "lskel_pin_part",
#include "parts/pin.inc"
	},
	{ NEED_TARGET, "lskel_target_part",
#include "parts/target.inc"
	},
	{ NEED_BIND, "lskel_bind_part",
#include "parts/bind.inc"
	},
	{ NEED_LINKS, "lskel_links_part",
#include "parts/links.inc"
	},
	{ NEED_RUN, NULL,
#include "parts/run.inc"
	},
	{ NEED_CORE | NEED_KERNELS, "lskel_core_part",
#include "parts/core.inc"
	},
	{ NEED_KERNELS, "lskel_kernels_part",
#include "parts/kernels.inc"
	},
	{ PART_USDT | NEED_PERFBUF | NEED_STRUCT_OPS | NEED_MAPOPS, NULL,
#include "parts/elem.inc"
	},
	{ NEED_STRUCT_OPS, "lskel_struct_ops_part",
#include "parts/struct_ops.inc"
	},
	{ NEED_YOUNG, "lskel_young_part",
#include "parts/young.inc"
	},
	{ NEED_DATA, "lskel_data_part",
#include "parts/data.inc"
	},
	{ PART_PERF | NEED_PERFBUF, NULL,
#include "parts/perf_open.inc"
	},
	{ NEED_RINGBUF | NEED_PERFBUF | NEED_ITER_READ | NEED_MAPOPS | NEED_STATS, NULL,
#include "parts/helper.inc"
	},
	{ NEED_MAPOPS, NULL,
#include "parts/mapops.inc"
	},
	{ NEED_STATS, NULL,
#include "parts/stats.inc"
	},
	{ NEED_ITER_READ, NULL,
#include "parts/iter_read.inc"
	},
	{ NEED_RINGBUF | NEED_PERFBUF, NULL,
#include "parts/rings.inc"
	},
	{ NEED_RINGBUF, NULL,
#include "parts/ringbuf.inc"
	},
	{ NEED_PERFBUF, NULL,
#include "parts/perfbuf.inc"
	},

	/* Attaching */
	{ PART_RAW_TP, NULL,
#include "parts/raw_tp.inc"
	},
	{ PART_LINK, NULL,
#include "parts/link.inc"
	},
	{ PART_NETFILTER, NULL,
#include "parts/netfilter.inc"
	},
	{ PART_FREPLACE, NULL,
#include "parts/freplace.inc"
	},
	{ PART_ITER, NULL,
#include "parts/iter.inc"
	},
	{ PART_PERF, NULL,
#include "parts/perf.inc"
	},
	{ PART_PERF_EVENT, NULL,
#include "parts/perf_event.inc"
	},
	{ PART_TRACEPOINT | PART_MULTI, NULL,
#include "parts/tracefs.inc"
	},
	{ PART_TRACEPOINT, NULL,
#include "parts/tracepoint.inc"
	},
	{ PART_PROBE, NULL,
#include "parts/probe.inc"
	},
	{ PART_KPROBE, NULL,
#include "parts/kprobe.inc"
	},
	{ PART_KSYSCALL, NULL,
#include "parts/ksyscall.inc"
	},
	{ PART_UPROBE | PART_UPROBE_MULTI, NULL,
#include "parts/file.inc"
	},
	{ PART_UPROBE, NULL,
#include "parts/uprobe.inc"
	},
	{ PART_ELF, NULL,
#include "parts/elf.inc"
	},
	{ PART_SYMBOL | PART_UPROBE_MULTI, NULL,
#include "parts/symbol.inc"
	},
	{ PART_SYMBOL, NULL,
#include "parts/uprobe_symbol.inc"
	},
	{ PART_USDT, NULL,
#include "parts/usdt_note.inc"
	},
	{ PART_USDT, NULL,
#include "parts/usdt.inc"
	},
	{ PART_MULTI | PART_UPROBE_MULTI, NULL,
#include "parts/like.inc"
	},
	{ PART_MULTI, NULL,
#include "parts/multi.inc"
	},
	{ PART_UPROBE_MULTI, NULL,
#include "parts/uprobe_multi.inc"
	},
	{ PART_PROG_ATTACH, NULL,
#include "parts/prog_attach.inc"
	},
	{ PART_CGROUP, NULL,
#include "parts/cgroup.inc"
	},
	{ PART_SOCKET, NULL,
#include "parts/socket.inc"
	},
	{ PART_NETLINK, NULL,
#include "parts/netlink.inc"
	},
	{ PART_XDP, NULL,
#include "parts/xdp.inc"
	},
	{ PART_TC, NULL,
#include "parts/tc.inc"
	},
	{ 0, NULL, NULL },
};

static uint64_t needs_of_map(const struct skel_map *skel_map)
{
	const struct spec_map *map = skel_map->map;

	return NEED_MAPS | (skel_map->section == SPEC_NONE ? 0 : NEED_DATA) |
	       (map->entries != ENTRIES_FIXED ? NEED_ENTRIES : 0) |
	       (map->pin_by_name ? NEED_PIN : 0) | (map->ops ? NEED_STRUCT_OPS | NEED_ATTACH : 0) |
	       (map_needs(map).release ? NEED_YOUNG : 0);
}

static uint64_t needs_of_prog(const struct skel_prog *skel_prog)
{
	const struct spec_prog *prog = skel_prog->prog;

	return NEED_ATTACH | skel_prog->attach->parts |
	       (skel_prog->where.given || skel_prog_is_called(skel_prog) ? 0 : NEED_NOT_ATTACHED) |
	       (prog->btf_target_module ? NEED_MODULE : 0) |
	       (prog->target_prog ? NEED_TARGET : 0) |
	       (prog->type == BPF_PROG_TYPE_SYSCALL ? NEED_RUN : 0) |
	       (prog->core.n ? NEED_CORE : 0) |
	       (prog_needs(prog).release ? NEED_YOUNG : 0);
}

static uint64_t needs_of_extern(const struct spec_extern *ext)
{
	switch (ext->kind) {
	case EXTERN_ADDRESS:
		return NEED_EXTERNS | NEED_ADDRESSES;
	case EXTERN_KCONFIG:
		return NEED_EXTERNS | NEED_KCONFIG |
		       (strncmp(ext->name, "CONFIG_", strlen("CONFIG_")) ? 0 : NEED_CONFIG);
	default:
		return NEED_EXTERNS | NEED_EXTERN_TYPES;
	}
}

static uint64_t needs_of_helpers(uint32_t with)
{
	return (with & WITH_RINGBUF ? NEED_RINGBUF : 0) |
	       (with & WITH_PERFBUF ? NEED_PERFBUF : 0) |
	       (with & WITH_ITER ? NEED_ITER_READ : 0) |
	       (with & WITH_MAPOPS ? NEED_MAPOPS : 0) |
	       (with & WITH_STATS ? NEED_STATS : 0);
}

/* Does a program not refer to all constants? */
static bool needs_bind(const struct skel *skel)
{
	const struct spec_map_ref *ref;
	const struct skel_prog *prog;
	const struct skel_map *map;

	vec_for_each(map, &skel->maps) {
		if (map->map->kind != MAP_RODATA)
			continue;
		vec_for_each(prog, &skel->progs) {
			bool refers = false;

			vec_for_each(ref, &prog->prog->map_refs)
				refers |= ref->map == map - skel->maps.items;
			if (!refers)
				return true;
		}
	}
	return false;
}

uint64_t skel_needs(const struct skel *skel)
{
	uint64_t needs = needs_of_helpers(skel->with) |
			 (skel->plan->links != PLAN_NO_SLOT ? NEED_LINKS : 0) |
			 (needs_bind(skel) ? NEED_BIND : 0);
	const struct skel_extern *ext;
	const struct skel_prog *prog;
	const struct skel_map *map;

	vec_for_each(map, &skel->maps)
		needs |= needs_of_map(map);
	vec_for_each(prog, &skel->progs)
		needs |= needs_of_prog(prog);
	vec_for_each(ext, &skel->externs)
		needs |= needs_of_extern(ext->ext);
	if (skel->patches && needs & (NEED_CORE | NEED_STRUCT_OPS))
		needs |= NEED_KERNELS;
	return needs;
}
