/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* CO-RE relocations, and what becomes of them */
#ifndef LSKEL_CORE
#define LSKEL_CORE

/* How many of them are left to the kernel */
static inline __u32 lskel_relocations(const struct lskel_ready *ready, const struct lskel_step *step)
{
	__u32 n = 0;

	if (step->kind == LSKEL_STEP_PROG_LOAD)
		memcpy(&n, ready->blob + step->attr +
		       offsetof(struct lskel_load_attr, core_relo_cnt), sizeof(n));
	return n;
}

/* In which instruction the verifier found a call of the helper that stands for what
 * does not exist; or LSKEL_NONE
 */
static inline __u32 lskel_poisoned(const char *log)
{
	const char *call = strstr(log, ": (85) call unknown#195896080");

	while (call && call > log && call[-1] >= '0' && call[-1] <= '9')
		call--;
	return call ? (__u32)strtoul(call, NULL, 10) : LSKEL_NONE;
}

/* A kernel that has never heard of them says so by an errno that also means other
 * things; but then the verifier said more.
 */
static inline void lskel_core_tell(struct lskel *skel, const struct lskel_ready *ready,
				   const struct lskel_step *step, int err)
{
	const __u32 insn = lskel_poisoned(lskel_log(skel));

	if (step->kind == LSKEL_STEP_PROG_LOAD && insn != LSKEL_NONE)
		lskel_go_on(skel, "; this kernel has nothing that fits instruction %u", insn);
	if (!lskel_relocations(ready, step) || (err != -E2BIG && err != -EINVAL) || lskel_log(skel)[0])
		return;
	if (lskel_release() < 0x511)
		lskel_tell_release(skel, "CO-RE relocations need Linux 5.17, or 5.10 with the series");
	lskel_tell_btf(skel, err);
}

static const struct lskel_part lskel_core_part = { 0, 0, 0, 0, lskel_core_tell, 0, 0, 0, 0 };

#endif /* LSKEL_CORE */
