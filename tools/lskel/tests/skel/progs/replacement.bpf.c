// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* For a function of a program that only the user knows */
#include "progs.h"

__u64 calls, returns;

SEC("freplace/answer")
int other_answer(int x)
{
	calls++;
	return 42;
}

/* For any */
SEC("?fexit")
int seen(void *ctx)
{
	returns++;
	return 0;
}
