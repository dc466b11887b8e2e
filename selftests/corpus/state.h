/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says of programs and maps, as text */
#ifndef CORPUS_STATE_H
#define CORPUS_STATE_H

#include <stdbool.h>
#include <stdio.h>

/* Write all that can be seen of @nr_progs programs and @nr_maps maps, given by
 * their descriptors (those below 0 are left out): one paragraph each, in an
 * order that does not depend on theirs, without ids and addresses. Two loads of
 * one object are the same if their texts are.
 *
 * @lenient leaves out what the peer's generator takes from the machine it runs
 * on, and what its version of libbpf does otherwise: docs/corpus.md lists it.
 *
 * Returns 0 or a negative errno.
 */
int state_write(FILE *out, const int *progs, int nr_progs, const int *maps,
		int nr_maps, bool lenient);

#endif /* CORPUS_STATE_H */
