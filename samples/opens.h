/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of opens agree on */
#ifndef OPENS_H
#define OPENS_H

#include <linux/types.h>

#define ANY_ID ((__u32)-1)

struct opened {
	__u32 pid, uid;
	__s32 result;		/* descriptor, or negative errno */
	char comm[16];
	char file[256];
};

#endif /* OPENS_H */
