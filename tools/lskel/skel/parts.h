/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parts of the runtime, and which of them a skeleton carries */
#ifndef LSKEL_SKEL_PARTS_H
#define LSKEL_SKEL_PARTS_H

#include "skel.h"

/* What a skeleton needs at run time. The lower half are the ways of attaching:
 * enum attach_part.
 */
#define NEED(n)			(1ULL << (32 + (n)))
#define NEED_ENTRIES		NEED(0)		/* max_entries of the target */
#define NEED_PIN		NEED(1)
#define NEED_MODULE		NEED(2)		/* a function in a module */
#define NEED_TARGET		NEED(3)		/* a program that is traced or replaced */
#define NEED_RUN		NEED(4)		/* SEC("syscall") */
#define NEED_CORE		NEED(5)		/* CO-RE relocations */
#define NEED_KERNELS		NEED(6)		/* resolved beforehand */
#define NEED_EXTERNS		NEED(7)		/* any of the next */
#define NEED_EXTERN_TYPES	NEED(8)		/* variables, functions */
#define NEED_ADDRESSES		NEED(9)
#define NEED_KCONFIG		NEED(10)
#define NEED_CONFIG		NEED(11)	/* CONFIG_*, of the externs in .kconfig */
#define NEED_STRUCT_OPS		NEED(12)	/* tables of operations */
#define NEED_YOUNG		NEED(13)	/* a kernel after 5.10 */
#define NEED_MAPS		NEED(14)	/* any */
#define NEED_LINKS		NEED(15)	/* made by the loader */
#define NEED_BIND		NEED(16)	/* constants that not all programs use */
#define NEED_DATA		NEED(17)	/* sections that the user can reach */
#define NEED_ATTACH		NEED(18)	/* anything */
#define NEED_NOT_ATTACHED	NEED(19)	/* what attach() leaves */
#define NEED_RINGBUF		NEED(20)	/* the rest: asked for */
#define NEED_PERFBUF		NEED(21)
#define NEED_ITER_READ		NEED(22)
#define NEED_MAPOPS		NEED(23)
#define NEED_STATS		NEED(24)

struct skel_part {
	uint64_t needs;		/* it is there for any of these */
	const char *table;	/* its struct lskel_part; NULL: called from tables
				 * or functions of the skeleton
				 */
	const char *text;
};

extern const char skel_runtime[];	/* what every skeleton has, before them */

/* A later one may need an earlier one. The last has no text. */
extern const struct skel_part skel_parts[];

uint64_t skel_needs(const struct skel *skel);

#endif /* LSKEL_SKEL_PARTS_H */
