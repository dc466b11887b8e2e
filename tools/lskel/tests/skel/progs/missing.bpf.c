// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A function that no kernel has */
#include "progs.h"

SEC("fentry/lskel_no_such_function")
int nowhere(void *ctx)
{
	return 0;
}
