/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A program being written, and the blob of bytes that goes with it.
 *
 * Errors stick: whatever follows one has no effect, and asm_finish() tells. Only
 * what it hands out may be read.
 */
#ifndef LSKEL_ASM_H
#define LSKEL_ASM_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/arena.h"

/* Jumps go forward, to a label that is bound later. */
struct asm_label {
	VEC(uint32_t) jumps;	/* instructions that wait for it */
	bool bound;
};

struct asm_buf {
	struct arena *arena;
	uint32_t reach;		/* of a jump, in instructions */
	int err;
	VEC(struct bpf_insn) insns;
	VEC(struct asm_label) labels;
	uint8_t *blob;
	size_t blob_size, blob_len, blob_cap;
};

struct asm_code {
	struct bpf_insn *insns;
	uint32_t insn_cnt;
	uint8_t *blob;
	uint32_t blob_len;	/* bytes that are there */
	uint32_t blob_size;	/* with zeroes behind them */
};

void asm_init(struct asm_buf *a, struct arena *arena);

static inline uint32_t asm_pos(const struct asm_buf *a)
{
	return a->insns.n;
}

void asm_insn(struct asm_buf *a, struct bpf_insn insn);
uint32_t asm_label(struct asm_buf *a);
/* The label is the next instruction. */
void asm_bind(struct asm_buf *a, uint32_t label);
/* @jump gets its offset when @label is bound. */
void asm_jump(struct asm_buf *a, struct bpf_insn jump, uint32_t label);

/* Carry on jumps that have become half as long as they can be. Between two calls
 * there must be less than the other half.
 */
void asm_relay(struct asm_buf *a);

/* Room for @size bytes in the blob, zero, at a multiple of @align, which is a
 * power of two. Returns its offset. It takes memory only up to what was put.
 */
uint32_t asm_room(struct asm_buf *a, uint32_t size, uint32_t align);
void asm_put(struct asm_buf *a, uint32_t offset, const void *bytes,
	     uint32_t size);

/* Returns 0, -ENOMEM, -ERANGE for a jump that nobody relayed, -EFBIG for a blob
 * whose size is no u32, or -EINVAL for a label that is not bound.
 */
int asm_finish(struct asm_buf *a, struct asm_code *code);

/* Instructions */

static inline struct bpf_insn insn(uint8_t code, uint8_t dst, uint8_t src,
				   int16_t off, int32_t imm)
{
	return (struct bpf_insn){
		.code = code, .dst_reg = dst, .src_reg = src, .off = off,
		.imm = imm,
	};
}

static inline struct bpf_insn insn_mov(uint8_t dst, uint8_t src)
{
	return insn(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static inline struct bpf_insn insn_alu(uint8_t op, uint8_t dst, int32_t imm)
{
	return insn(BPF_ALU64 | op | BPF_K, dst, 0, 0, imm);
}

/* @size is BPF_B, BPF_H, BPF_W or BPF_DW */
static inline struct bpf_insn insn_load(uint8_t size, uint8_t dst, uint8_t src,
					int16_t off)
{
	return insn(BPF_LDX | size | BPF_MEM, dst, src, off, 0);
}

static inline struct bpf_insn insn_store(uint8_t size, uint8_t dst, int16_t off,
					 uint8_t src)
{
	return insn(BPF_STX | size | BPF_MEM, dst, src, off, 0);
}

static inline struct bpf_insn insn_call(enum bpf_func_id func)
{
	return insn(BPF_JMP | BPF_CALL, 0, 0, 0, func);
}

static inline struct bpf_insn insn_exit(void)
{
	return insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

#endif /* LSKEL_ASM_H */
