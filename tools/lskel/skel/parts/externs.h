/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the programs expect to find in the kernel. Only what is wanted is looked
 * for.
 */
#ifndef LSKEL_EXTERNS
#define LSKEL_EXTERNS

/* Does a program that is to be loaded refer to @ext? */
static inline bool lskel_is_wanted(const struct lskel_object *object,
				   const struct lskel_extern *ext, const int *slots)
{
	__u32 i;

	for (i = ext->user; i < ext->user + ext->nr_users; i++)
		if (slots[object->progs[object->users[i]].slot] != LSKEL_SLOT_SKIP)
			return true;
	return false;
}

static inline int lskel_skip_externs(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_externs; i++) {
		const struct lskel_extern *ext = &object->externs[i];

		if (ext->slot != LSKEL_NONE && !lskel_is_wanted(object, ext, slots))
			slots[ext->slot] = LSKEL_SLOT_SKIP;
	}
	return 0;
}

/* Weak symbols may be missing, but for no other reason than that they are. */
static inline int lskel_check_weak(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_externs; i++) {
		const struct lskel_extern *ext = &object->externs[i];
		const int slot = ext->slot == LSKEL_NONE ? 0 : slots[ext->slot];

		if (ext->weak && slot < 0 && slot != -ENOENT && slot >= -4095)
			return lskel_fail(skel, slot, "cannot find out whether the kernel has '%s':",
					  ext->name);
	}
	return 0;
}

static const struct lskel_part lskel_externs_part = {
	lskel_skip_externs, 0, lskel_check_weak, 0, 0, 0, 0, 0, 0
};

#endif /* LSKEL_EXTERNS */
