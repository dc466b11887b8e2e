/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Skeletons that are included behind this ask the test before each bpf(). */
#ifndef REFUSE_H
#define REFUSE_H

#include <stdarg.h>

#include "skel_test.h"

/* The errno that bpf() is to end with, or 0: the kernel shall do it. Every test that
 * includes this has its own.
 */
static int refused(int cmd, const void *attr);

static long syscall_unless_refused(long number, ...)
{
	long arg[6];
	va_list args;
	int i;

	va_start(args, number);
	for (i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (number == __NR_bpf) {
		int error = refused((int)arg[0], (const void *)arg[1]);

		if (error) {
			errno = error;
			return -1;
		}
	}
	return syscall(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

#define syscall syscall_unless_refused

#endif /* REFUSE_H */
