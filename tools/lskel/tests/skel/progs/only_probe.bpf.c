// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Nothing to attach but a kprobe */
#include "progs.h"

SEC("kprobe/" TARGET)
int probe(void *ctx)
{
	return 0;
}
