/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Specs made by hand, of any size, and what a test does with them */
#ifndef HAND_H
#define HAND_H

#include <errno.h>
#include <string.h>

#include "emit.h"
#include "replay.h"

struct hand {
	struct arena arena;
	struct sink sink;
	struct spec spec;
	struct plan plan;
	struct loaders loaders;
};

void hand_init(struct hand *hand);
void hand_free(struct hand *hand);

/* Types: 1 is int, 3 a function without arguments that returns it. */
void hand_btf(struct hand *hand);
/* What no kernel takes for BTF */
void hand_bad_btf(struct hand *hand);

/* An array of one element of @size bytes, of the names "m0", "m1" ...; all return
 * the index.
 */
int hand_map(struct hand *hand, uint32_t type, uint32_t size);
/* A section; @bytes NULL: all zero */
int hand_data(struct hand *hand, enum spec_map_kind kind, const void *bytes,
	      uint32_t size);
void hand_slot(struct hand *hand, int map, uint32_t key, int ref);
/* An XDP program that refers to @map, unless that is SPEC_NONE, and to its value
 * if @value
 */
int hand_prog(struct hand *hand, int map, bool value);

/* An extern, and an instruction, or two, at the start of @prog that refer to it */
int hand_extern(struct hand *hand, enum spec_extern_kind kind, const char *name,
		bool weak);
void hand_ksym(struct hand *hand, int prog, int ext);
/* @n instructions at its start */
void hand_gap(struct hand *hand, int prog, uint32_t n);

/* Some of all: 11 maps, of which number 8 is pinned, and 3 programs, of which
 * number 1 has a target and number 2 is optional
 */
void hand_everything(struct hand *hand);

/* Plan and loaders; returns an errno */
int hand_make(struct hand *hand);

/* Steps of this kind in the plan */
unsigned int hand_steps(const struct hand *hand, enum plan_kind kind);

#endif /* HAND_H */
