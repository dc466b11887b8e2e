/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* BPF instructions as text, the way the kernel's verifier writes them */
#ifndef LSKEL_DISASM_H
#define LSKEL_DISASM_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#define DISASM_MAX	64	/* bytes of a line, with NUL */

/* Write instruction number @pos into @line. Jumps show the number of their
 * target. Returns how many instructions it takes: 2 for ld_imm64, else 1.
 */
uint32_t disasm(char line[DISASM_MAX], const struct bpf_insn *insns, uint32_t pos);

#endif /* LSKEL_DISASM_H */
