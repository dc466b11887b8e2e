/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What of the blobs differs for each target: instructions with CO-RE relocations
 * applied, and attributes that no longer say anything of these.
 *
 * A change is a run of entries: bytes to leave alone, bytes to replace, these.
 *	u8 skip, size, bytes[size]
 */
#ifndef LSKEL_PATCH_H
#define LSKEL_PATCH_H

#include "emit.h"
#include "resolve.h"

/* Entries that are few enough for one string, from @offset on */
struct patch_piece {
	uint32_t offset;	/* in the blob */
	uint32_t size;		/* of the entries, at most PATCH_PIECE */
	uint8_t *bytes;
};

#define PATCH_PIECE	3072

typedef VEC(struct patch_piece) patch_pieces;

/* The changes for one result of resolve(), by index of loader */
struct patch {
	const struct resolved *resolved;
	patch_pieces *loaders;
};

struct patches {
	VEC(struct patch_target {
		const char *key;	/* as in struct target */
		uint32_t patch;		/* index: targets may have the same */
		const struct lskel_layout *layouts;	/* see layout_find() */
	}) targets;
	VEC(struct patch) patches;
};

/* Make the patches in the arena of the plan's spec from the @n results of resolve()
 * for its targets. Returns 0, or -ENOMEM with that in the sink.
 */
int patches_make(struct patches *patches, const struct plan *plan, const struct loaders *loaders,
		 const struct resolved *resolved, size_t n);

/* Of a step with attr_size_applied: which data are the instructions, and how to
 * apply the relocations to these @bytes
 */
uint32_t patch_data(const struct plan_step *step);
void patch_insns(uint8_t *bytes, const struct plan *plan, const struct plan_step *step,
		 const struct resolved *resolved);

#endif /* LSKEL_PATCH_H */
