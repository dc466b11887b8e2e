/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A plan done by bpf(2), step by step: what a loader does in the kernel. */
#ifndef LSKEL_REPLAY_H
#define LSKEL_REPLAY_H

#include "plan.h"

struct replay {
	const struct plan *plan;
	int *slots;		/* plan->slots of them; see plan.h */

	/* What the caller may change before replay_run(): attributes by step,
	 * and the address of data by data.
	 */
	uint8_t **attr;
	uint8_t **attr_no_btf;	/* [i] NULL: attr[i] serves */
	const void **data;

	uint32_t step;		/* that failed */
	struct btf *kernel;	/* vmlinux's, once it was needed */
};

/* Prepare in the arena of the plan's spec: all slots SLOT_UNSET, nothing
 * changed. Returns 0, -EINVAL if the plan is not for this machine's byte order,
 * or -ENOMEM, with the reason in the sink.
 */
int replay_init(struct replay *replay, const struct plan *plan);

/* Returns 0, or the errno (negative) of the step that failed. The descriptors
 * in the slots are the caller's to close in either case.
 */
int replay_run(struct replay *replay);

void replay_free(struct replay *replay);

#endif /* LSKEL_REPLAY_H */
