/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of execs agree on */
#ifndef EXECS_H
#define EXECS_H

#include <linux/types.h>

#define ARGS_MAX 256
#define ANY_UID ((__u32)-1)

struct exec {
	__u32 pid, ppid, uid;
	__u32 args_size;	/* before they were cut off at ARGS_MAX */
	char comm[16];
	char args[ARGS_MAX];	/* a zero behind each; only as many bytes as there are */
};

#endif /* EXECS_H */
