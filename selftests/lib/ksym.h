/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions of programs that read variables of the kernel and of modules */
#ifndef KSYM_H
#define KSYM_H

#include "t.h"

/* How a program gets from a per-CPU variable in R1 to an instance in R0 */
#define THIS_CPU	BPF_EMIT_CALL(BPF_FUNC_this_cpu_ptr)
#define CPU_0							\
	BPF_MOV64_IMM(BPF_REG_2, 0),				\
	BPF_EMIT_CALL(BPF_FUNC_per_cpu_ptr),			\
	BPF_JMP_IMM(BPF_JNE, BPF_REG_0, 0, 1),			\
	BPF_EXIT_INSN()

#endif /* KSYM_H */
