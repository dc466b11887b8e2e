/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* After -EPERM: true if that may have been the limit, which is now higher. Maps and
 * programs count against it before 5.11.
 */
static inline bool lskel_raise_memlock(struct lskel *skel)
{
	struct rlimit limit, unlimited;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    lskel_release() >= 0x50b)
		return false;
	unlimited.rlim_cur = unlimited.rlim_max = RLIM_INFINITY;
	if (!setrlimit(RLIMIT_MEMLOCK, &unlimited))
		return true;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		return !setrlimit(RLIMIT_MEMLOCK, &limit);
	}
	if (skel->denied)
		lskel_go_on(skel, "; RLIMIT_MEMLOCK is %llu KiB, which may be too little, and raising it needs"
			    " CAP_SYS_RESOURCE",
			    (unsigned long long)limit.rlim_cur >> 10);
	return false;
}
