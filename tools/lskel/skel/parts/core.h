/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* CO-RE relocations that the kernel is to apply */
#ifndef LSKEL_CORE
#define LSKEL_CORE

/* A kernel that has never heard of them says so by an errno that also means too
 * much of something; but then the verifier said more.
 */
static inline void lskel_core_tell(struct lskel *skel, const struct lskel_ready *ready,
				   const struct lskel_step *step, int err)
{
	__u32 n;

	if (step->kind != LSKEL_STEP_PROG_LOAD || err != -E2BIG || lskel_log(skel)[0])
		return;
	memcpy(&n, ready->blob + step->attr + offsetof(struct lskel_load_attr, core_relo_cnt),
	       sizeof(n));
	if (n)
		lskel_go_on(skel, "; it has CO-RE relocations, which the kernel cannot apply");
}

static const struct lskel_part lskel_core_part = { 0, 0, 0, 0, lskel_core_tell, 0 };

#endif /* LSKEL_CORE */
