/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of egress agree on */
#ifndef EGRESS_H
#define EGRESS_H

#include <linux/types.h>

struct traffic {
	__u64 packets, bytes;
};

#endif /* EGRESS_H */
