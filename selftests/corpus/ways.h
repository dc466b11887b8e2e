/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways to load an object that the runner compares */
#ifndef CORPUS_WAYS_H
#define CORPUS_WAYS_H

#include <bpf/libbpf.h>
#include <linux/types.h>
#include <stdbool.h>

/* What came of one load; in memory that the child shares with the runner */
struct outcome {
	int err;
	char why[300];
	int progs, maps;
	__u32 insns, blob;	/* of the loader: instructions, bytes of data */
	bool leaked;

	/* Found out by the way that has the object open: what it needs */
	bool btf_refused;
	bool kconfig;
	bool without_btf;	/* libbpf loaded it so, though it has BTF */
};

/* Load the object PATH.o, hand its descriptors to keep_state(), and let go of
 * everything. Run in a child.
 */
void way_libbpf(const char *path, struct outcome *out);
void way_peer(const char *path, struct outcome *out);	/* from PATH.lskel.h */
void way_loader(const char *path, struct outcome *out);	/* lskel's loader */
void way_target(const char *path, struct outcome *out);	/* CO-RE resolved for it */
void way_replay(const char *path, struct outcome *out);	/* lskel's plan, directly */

/* runner.c, for the ways */

/* Write down what the load made, as state_write() takes it */
void keep_state(struct outcome *out, const int *progs, int nr_progs,
		const int *maps, int nr_maps);

/* The first line of @text becomes the reason */
void because_of(struct outcome *out, const char *text);

/* The last line of a verifier's @log that is not statistics; NULL: none */
const char *last_line(char *log);

/* The whole of a file, with a NUL behind it, to be freed; NULL: cannot be read */
char *read_file(const char *path, size_t *size);

extern bool verbose;

#define LOG_SIZE (1 << 20)

#endif /* CORPUS_WAYS_H */
