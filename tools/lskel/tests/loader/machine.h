/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A small interpreter of BPF: the instructions that loaders have, with a blob and
 * slots for their memory. What a helper does is the user's.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>

struct machine {
	bool big_endian;
	uint8_t *blob;
	uint32_t blob_size;		/* bytes */
	int *slots;			/* like all memory in the target's byte order */
	uint32_t nr_slots;
	uint64_t r[11];
	/* A helper is called: r[1] to r[5] in, r[0] out */
	void (*call)(struct machine *m, int helper);
	void *ctx;			/* for it */
	const char *wrong;		/* what was so first, or NULL: it stops there */
};

/* Numbers of @size bytes in memory */
uint64_t machine_load(const struct machine *m, const void *at, uint32_t size);
void machine_store(const struct machine *m, void *at, uint32_t size, uint64_t value);

/* The memory that an instruction may access, or NULL, which is wrong */
void *machine_memory(struct machine *m, uint64_t address, uint32_t size);

/* @what was wrong unless it @is right */
void machine_expect(struct machine *m, const char *what, bool is);

/* Run @insns to their exit, with the slots as their context; returns what they do, or
 * anything if something was wrong
 */
int machine_run(struct machine *m, const struct bpf_insn *insns, uint32_t insn_cnt);

#endif /* MACHINE_H */
