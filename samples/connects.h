/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of connects agree on */
#ifndef CONNECTS_H
#define CONNECTS_H

#include <linux/types.h>

/* An address of IPv4 is in the first four bytes. */
struct connect {
	__u32 pid;
	__u16 family, from_port, to_port;	/* in the host's order */
	__u8 from[16], to[16];
	char comm[16];
};

#endif /* CONNECTS_H */
