/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the pieces of a skeleton in C have in common. Each file here prints one of
 * them; ../c.c has their order.
 */
#ifndef LSKEL_SKEL_C_PRINT_H
#define LSKEL_SKEL_C_PRINT_H

#include <stdio.h>

#include "skel.h"

struct printer {
	FILE *out;
	const struct skel *skel;
	uint64_t needs;		/* NEED_* */
	unsigned int pads;	/* gives padding its names */
};

#define P(...) fprintf(p->out, __VA_ARGS__)

/* A string literal of standard C has at most 4095 characters */
#define PIECE_MAX	4000

/* Literals */

/* @size bytes as one string, broken into lines that begin with @indent */
void c_print_bytes(struct printer *p, const uint8_t *bytes, size_t size, const char *indent);
/* A name, for messages: without what could confuse a terminal */
void c_print_name(struct printer *p, const char *name);
/* The same as it is: @name means something to the kernel. NULL: 0 */
void c_print_string(struct printer *p, const char *name);

/* @bytes in an array of struct lskel_piece, NAME__TABLENR, with what of them is not zero.
 * Returns how many elements it has; without any there is no array.
 */
uint32_t c_print_pieces(struct printer *p, const char *table, size_t nr,
			const uint8_t *bytes, size_t size);
/* The struct lskel_image of the @pieces that c_print_pieces() returned; @size: of all bytes */
void c_print_image(struct printer *p, const char *table, size_t nr, uint32_t pieces, size_t size);

/* Types of global data, and the skeleton's struct */
void c_print_types(struct printer *p);
void c_print_struct(struct printer *p);

/* The tables of runtime/object.h. They return 0, or -ENOMEM. */
int c_print_loaders(struct printer *p);
void c_print_steps(struct printer *p);
void c_print_maps(struct printer *p);
void c_print_progs(struct printer *p);
int c_print_ops(struct printer *p);
void c_print_kernels(struct printer *p);
void c_print_externs(struct printer *p);
void c_print_object(struct printer *p);

/* NAME__open() and so on */
void c_print_functions(struct printer *p);

#endif /* LSKEL_SKEL_C_PRINT_H */
