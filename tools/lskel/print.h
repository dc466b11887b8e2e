/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A plan, and the loaders made of it, as text.
 *
 * Bytes of names that are not printable ASCII become '?', in JSON \u00XX.
 */
#ifndef LSKEL_PRINT_H
#define LSKEL_PRINT_H

#include <stdio.h>

#include "patch.h"

/* The trace of bpf() calls, for people and for programs. In the text
 *	{x, n bytes}	is the address of data
 *	<x>		is what slot x holds
 *	&<x>		is the address of slot x
 * and attributes that are zero are left out. What CO-RE relocations make of
 * instructions is said for each of @patches, which may be NULL.
 */
void print_plan(FILE *out, const struct plan *plan, const struct patches *patches);
void print_plan_json(FILE *out, const struct plan *plan, const struct patches *patches);

/* The instructions of the loaders with the steps that they do */
void print_loaders(FILE *out, const struct plan *plan,
		   const struct loaders *loaders);

#endif /* LSKEL_PRINT_H */
