/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a target has the members of tables of operations, as what is emitted into
 * skeletons finds it.
 */
#ifndef LSKEL_LAYOUT_H
#define LSKEL_LAYOUT_H

#include "target.h"

struct lskel_layout;
struct lskel_ops;

/* The tables of @spec, as a skeleton has them, in the order of its maps, but for the
 * members of the skeleton that they refer to. Returns NULL if there was no memory.
 */
struct lskel_ops *layout_ops(const struct spec *spec);

/* Where a target has member number @nr of the table that is map number @map */
struct layout_place {
	uint32_t type, value_type, value_size;	/* as in struct lskel_layout */
	uint32_t index, offset;	/* as in struct lskel_place */
	bool missing;		/* it does not have that member */
};

struct layout_place layout_place(const struct lskel_layout *layouts, const struct spec *spec,
				 int map, uint32_t nr);

/* Find the layouts of all tables of @spec in the types of @target, in the same order.
 * Those of members that it does not have are LSKEL_NONE. Returns 0, or a negative
 * errno with the reason in the sink of @spec, in whose arena the result is; NULL, if
 * there are no tables.
 */
int layout_find(const struct lskel_layout **layouts, const struct spec *spec,
		const struct target *target);

#endif /* LSKEL_LAYOUT_H */
