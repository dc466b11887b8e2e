// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The second program is in the second slot, whether or not the first is loaded */
#include "progs.h"

const volatile __u32 pid;
__u64 entries, exits;

SEC("?raw_tp/sys_enter")
int aaa(void *ctx)
{
	if (IS_MINE)
		entries++;
	return 0;
}

SEC("raw_tp/sys_exit")
int bbb(void *ctx)
{
	if (IS_MINE)
		exits++;
	return 0;
}
