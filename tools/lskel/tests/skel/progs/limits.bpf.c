// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is too much for the verifier */
#include "progs.h"

/* One path of more instructions than it looks at, and of more than the log holds */
SEC("?raw_tp/sys_enter")
int endless(void *ctx)
{
	__u64 n = 0;
	__u32 i;

	for (i = 0; i < 2000; i++)
		asm volatile(".rept 1000\n"
			     "%0 += 1\n"
			     ".endr" : "+r"(n));
	return 0;
}

/* More branches than it keeps in mind */
SEC("?raw_tp/sys_enter")
int branches(void *ctx)
{
	asm volatile("r0 = %0\n"
		     ".rept 9000\n"
		     "if r0 == 7 goto +0\n"
		     ".endr" : : "r"(bpf_get_prandom_u32()) : "r0");
	return 0;
}
