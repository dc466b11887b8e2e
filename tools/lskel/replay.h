/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A plan done by bpf(2), step by step: what a loader does in the kernel. */
#ifndef LSKEL_REPLAY_H
#define LSKEL_REPLAY_H

#include "patch.h"

struct replay {
	const struct plan *plan;
	int *slots;		/* plan->slots of them; see plan.h */

	/* What the caller may change before replay_run(): attributes by step,
	 * and the address of data by data.
	 */
	uint8_t **attr;
	uint8_t **attr_no_btf;	/* [i] NULL: attr[i] serves */
	const void **data;

	/* Is told of every step once it is over, SLOT_UNSET: left out; or NULL */
	void (*tell)(struct replay *replay, uint32_t step, int result);

	uint32_t step;		/* that failed */
	bool applied;		/* the attributes for CO-RE are left out */
	struct target kernel;	/* that runs, once it was needed */
};

/* Prepare in the arena of the plan's spec: all slots SLOT_UNSET, nothing
 * changed. The plan is for this machine's byte order. Returns 0, or -ENOMEM with
 * that in the sink.
 */
int replay_init(struct replay *replay, const struct plan *plan);

/* Apply CO-RE relocations, after the caller has set @attr if it does. Returns 0
 * or -ENOMEM with that in the sink.
 */
int replay_apply(struct replay *replay, const struct resolved *resolved);

/* Returns 0, or the errno (negative) of the step that failed. The descriptors
 * in the slots are the caller's to close in either case.
 */
int replay_run(struct replay *replay);

void replay_free(struct replay *replay);

#endif /* LSKEL_REPLAY_H */
