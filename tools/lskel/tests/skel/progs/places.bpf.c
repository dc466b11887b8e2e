// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Nothing that needs a symbol of a file */
#include "progs.h"

__u64 hits;

SEC("?uprobe//proc/self/exe:0x40")
int place(void *ctx)
{
	hits++;
	return 0;
}

/* What does not say where */
SEC("kprobe/no+number")
int nowhere(void *ctx)
{
	hits++;
	return 0;
}
