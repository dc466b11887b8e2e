// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* More than the 4096 instructions that a program without rights may have */
#include "progs.h"

SEC("socket")
int wide(void *ctx)
{
	asm volatile(".rept 5000\n"
		     "r1 = r0\n"
		     ".endr" : : : "r1");
	return 0;
}
