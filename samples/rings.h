/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How tools wait for records. It is included after the skeleton, whose helpers it calls. */
#ifndef RINGS_H
#define RINGS_H

#include "tool.h"

/* Have records shown until it is to end. Returns 0 or a negative errno. */
static inline int show_records(struct lskel_rings *rings)
{
	int ret;

	do
		ret = lskel_rings_poll(rings, 100);
	while (!stopped && (ret >= 0 || ret == -EINTR));
	return ret < 0 && ret != -EINTR ? ret : 0;
}

#endif /* RINGS_H */
