/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of calls agree on */
#ifndef CALLS_H
#define CALLS_H

#include <linux/types.h>

#define ARGS 3

struct call {
	__u32 pid, thread;
	__u64 args[ARGS];
	__u32 nr_args, is_function;
	__u64 begin, end;	/* of a function: in ns since some time */
	__s64 result;
	char comm[16];
	char text[64];		/* that the first argument points to, if it is wanted */
};

#endif /* CALLS_H */
