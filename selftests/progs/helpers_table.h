/* SPDX-License-Identifier: GPL-2.0-only */
/* Context of progs/helpers_table.bpf.c */
#ifndef HELPERS_TABLE_H
#define HELPERS_TABLE_H

#define HELPER_WORD	0x0123456789abcdefULL
#define HELPER_TEXT	"syscall program"

struct helper_args {
	__u64	word;		/* user address of HELPER_WORD */
	__u64	text;		/* user address of HELPER_TEXT */
	__u32	pid;
	__u32	cpus;
	__u32	thread;		/* a number of the caller's own */
};

#endif /* HELPERS_TABLE_H */
