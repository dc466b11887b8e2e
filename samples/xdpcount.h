/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of xdpcount agree on */
#ifndef XDPCOUNT_H
#define XDPCOUNT_H

#include <linux/types.h>

/* Protocols of IP have numbers up to 255; this one is for what is no IP. */
#define NOT_IP 256
#define PROTOCOLS 257

struct sample {
	__u32 size;		/* of the packet with all its headers */
	__u16 protocol;		/* as above */
	__u16 family;		/* of the addresses; 0 if there are none */
	__u8 from[16], to[16];	/* of IPv4, the first four bytes */
};

#endif /* XDPCOUNT_H */
