/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From names to numbers: fill, sort once, then look up. */
#ifndef LSKEL_NAMES_H
#define LSKEL_NAMES_H

#include <stdint.h>

#include "arena.h"

#define NAMES_NONE	UINT32_MAX

struct names {
	VEC(struct names_entry {
		const char *name;
		uint32_t number;
	}) entries;
};

/* Returns 0 or -ENOMEM. @name is not copied. */
int names_add(struct arena *arena, struct names *names, const char *name,
	      uint32_t number);
void names_sort(struct names *names);

/* The smallest number of @name, or NAMES_NONE */
uint32_t names_find(const struct names *names, const char *name);

#endif /* LSKEL_NAMES_H */
