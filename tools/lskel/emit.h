/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From a plan to loader programs, each with its blob.
 *
 * A loader is a BPF_PROG_TYPE_SYSCALL program. Its context is
 *	int slot[plan.slots]
 * and it refers to one map by index 0: an array with one value, the blob,
 * which holds attributes and data. It returns the errno (-4095 to -1) that is
 * also in the slot of the step that failed, or any other number if none did.
 *
 * Nothing that the caller may choose is in the instructions. Before it runs
 * the loader, the caller may overwrite in the blob: fields of attributes (at
 * attr[step] and, if twin, at attr[step] + twin), such as max_entries or the
 * log of the verifier; and data that is a map's initial value. If a step has
 * attr_size_applied, it may apply the CO-RE relocations: change instructions in
 * the data, make core_relo_cnt 0, and the byte behind the attributes too. It may
 * also replace instructions that refer to a map which it does without.
 *
 * A plan whose blob exceeds the value of an array (4 MiB) or whose instructions
 * exceed the verifier's limits becomes several loaders, to be run in order with
 * the same slots. A single piece of data that is larger has a loader of its own.
 *
 * The instructions of a loader for a target of the other byte order are still
 * numbers of this host: whoever writes them out uses insn_encode().
 */
#ifndef LSKEL_EMIT_H
#define LSKEL_EMIT_H

#include "plan.h"

#define NOT_HERE	UINT32_MAX
#define BLOB_MAX	(4u << 20)	/* bytes; more only for a single datum */

struct loader_code {
	struct bpf_insn *insns;	/* host byte order */
	uint32_t insn_cnt;
	uint32_t *first_insn;	/* of each step, or NOT_HERE */
};

struct loader {
	/* For any choice of the caller's; and less for one who makes none: all
	 * slots are SLOT_UNSET but those of optional programs, which are
	 * SLOT_SKIP. No insns: there is nothing to choose.
	 */
	struct loader_code any, usual;

	/* The blob has blob_size bytes: those that are here, and zeroes */
	uint8_t *blob;
	uint32_t blob_len, blob_size;
	uint32_t first, steps;	/* of the plan */

	/* Offsets in the blob, by step and by data of the plan; NOT_HERE: in
	 * another. MAP_FREEZE may have those of the step before.
	 */
	uint32_t *attr;
	uint32_t *data;
	uint32_t twin;		/* distance from the attributes of a step with
				 * attr_no_btf to these; 0: no step has any
				 */
};

struct loaders {
	VEC(struct loader) loader;
};

/* Make the loaders of @plan in the arena of its spec. Returns 0 or a negative
 * errno with the reason in the sink.
 */
int emit(struct loaders *loaders, const struct plan *plan);

#endif /* LSKEL_EMIT_H */
