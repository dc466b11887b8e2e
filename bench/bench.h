/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the benchmarks have in common */
#ifndef BENCH_H
#define BENCH_H

#include <linux/types.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Instructions since the guest of 'vm --icount' began. The counter itself:
 * clock_gettime() would scale it by what the kernel takes for its frequency,
 * which is off by some millionths.
 */
static inline __u64 instructions(void)
{
	__u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (__u64)high << 32 | low;
}

static inline void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

#endif /* BENCH_H */
