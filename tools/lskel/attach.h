/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a light skeleton attaches programs: by which part of the runtime, and what
 * that has to be told.
 */
#ifndef LSKEL_ATTACH_H
#define LSKEL_ATTACH_H

#include "spec.h"

/* Parts of the runtime, in skel/parts/ */
enum attach_part {
	PART_RAW_TP	= 1 << 0,
	PART_LINK	= 1 << 1,
	PART_ITER	= 1 << 2,
	PART_PERF	= 1 << 3,
	PART_PERF_EVENT	= 1 << 4,
	PART_TRACEPOINT	= 1 << 5,
	PART_PROBE	= 1 << 6,
	PART_KPROBE	= 1 << 7,
	PART_KSYSCALL	= 1 << 8,
	PART_UPROBE	= 1 << 9,
	PART_SYMBOL	= 1 << 10,
	PART_PROG_ATTACH = 1 << 11,
	PART_CGROUP	= 1 << 12,
	PART_SOCKET	= 1 << 13,
	PART_NETLINK	= 1 << 14,
	PART_XDP	= 1 << 15,
	PART_TC		= 1 << 16,
	PART_FREPLACE	= 1 << 17,
	PART_ELF	= 1 << 18,
	PART_USDT	= 1 << 19,
	PART_MULTI	= 1 << 20,
	PART_NETFILTER	= 1 << 21,
	PART_UPROBE_MULTI = 1 << 22,
};

/* A parameter of a function, and the member of struct lskel_where it is for */
struct attach_param {
	const char *declaration;	/* "int ", which its name follows */
	const char *name, *member;
};

#define ATTACH_MAX_PARAMS	7

struct attach_kind {
	const char *kind;	/* the runtime's lskel_*_kind; NULL: is not attached */
	const char *says;	/* that it is "attached ...", or else why not: "which is ..." */
	uint32_t parts;		/* enum attach_part */
	uint32_t cmd;		/* of bpf(2), by which a loader attaches it as well, if
				 * the section's name says it all; 0: it cannot
				 */
	/* Of attach(), if the section's name does not say it all; and of
	 * attach_to(), which there is if it has any. Both end with an empty one.
	 */
	struct attach_param params[ATTACH_MAX_PARAMS + 1];
	struct attach_param to[ATTACH_MAX_PARAMS + 1];
};

/* What the section's name says */
struct attach_where {
	bool given;		/* enough */
	const char *name, *group;	/* or NULL; without both nothing else */
	const char *provider;
	uint64_t offset;
};

/* How @prog is attached; @where is filled in. NULL: no memory, as the sink says */
const struct attach_kind *attach_find(const struct spec *spec, const struct spec_prog *prog,
				      struct attach_where *where);

#endif /* LSKEL_ATTACH_H */
