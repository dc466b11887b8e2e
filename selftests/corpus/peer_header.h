/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is in a light skeleton that bpftool made, read from its text */
#ifndef CORPUS_PEER_HEADER_H
#define CORPUS_PEER_HEADER_H

#include <linux/types.h>
#include <stdbool.h>

struct peer_header {
	char *insns, *data;	/* the loader and its blob */
	__u32 insns_sz, data_sz;	/* bytes */
	int nr_maps, nr_progs;
};

/* False if @text is no such skeleton, or memory ran out. What is read is for
 * peer_header_free() in either case.
 */
bool peer_header_read(struct peer_header *header, const char *text);
void peer_header_free(struct peer_header *header);

#endif /* CORPUS_PEER_HEADER_H */
