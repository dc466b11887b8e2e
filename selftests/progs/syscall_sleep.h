/* SPDX-License-Identifier: GPL-2.0-only */
/* Context of progs/syscall_sleep.bpf.c */
#ifndef SYSCALL_SLEEP_H
#define SYSCALL_SLEEP_H

struct sleep_args {
	__u64	user;		/* in: what to read */
	__s64	before;		/* result of the updates before the read */
	__s64	copied;		/* result of the read */
	__u64	bytes;		/* what was read */
	__u64	sum;		/* of all values, after the read: 100 */
	__s64	after;		/* result of deletion and update afterwards */
	__u64	gone;		/* the deleted value: 0 */
};

#endif /* SYSCALL_SLEEP_H */
