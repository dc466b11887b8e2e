// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kernel's version, for which nobody needs to read its configuration */
#include "progs.h"

extern int LINUX_KERNEL_VERSION __kconfig;

int version;

SEC("raw_tp/sys_enter")
int get_version(void *ctx)
{
	version = LINUX_KERNEL_VERSION;
	return 0;
}
