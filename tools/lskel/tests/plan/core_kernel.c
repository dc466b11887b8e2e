// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The types of two kernels, as core.bpf.c may find them. In the NEW one members
 * have moved, and one is gone.
 */
struct mm_struct {
	int users;
	unsigned int flags : 3;
	struct {
#ifdef NEW
		long rss[2];
#else
		int rss[4];
#endif
	} stat;
} mm;

struct task_struct {
#ifdef NEW
	long state;
#endif
	struct mm_struct *mm;
	int pid;
} task;

enum event {
#ifdef NEW
	EVENT_ADDED,
#endif
	EVENT_FIRST,
	EVENT_LAST,
} event;
