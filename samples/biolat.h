/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of biolat agree on */
#ifndef BIOLAT_H
#define BIOLAT_H

enum { READS, WRITES, OTHERS, KINDS };

/* Of a histogram; slot n counts what took from 2^n to 2^(n+1) - 1 us, slot 0
 * what took less too, and the last one what took more.
 */
#define SLOTS 27

#define ANY_DISK ((__u32)-1)

#endif /* BIOLAT_H */
