/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Types of maps and programs that are younger than the oldest kernel with loaders */
#ifndef LSKEL_YOUNG
#define LSKEL_YOUNG

static inline void lskel_young_tell(struct lskel *skel, const struct lskel_ready *ready,
				    const struct lskel_step *step, int err)
{
	const __u32 release = step->needs >> 8;
	char needs[64];

	(void)ready;
	if ((err != -EINVAL && err != -E2BIG) || lskel_release() >= release)
		return;
	snprintf(needs, sizeof(needs), "its kind needs Linux %u.%u", release >> 8, release & 255);
	lskel_tell_release(skel, needs);
}

static const struct lskel_part lskel_young_part = { 0, 0, 0, 0, lskel_young_tell, 0, 0, 0, 0 };

#endif /* LSKEL_YOUNG */
