// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Nothing but a probe that is not attached */
#include "progs.h"

SEC("uprobe.multi//bin/true:f*")
int probe(void *ctx)
{
	return 0;
}
