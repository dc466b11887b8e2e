# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x0 symbol prog: 12 bytes, which is no number of instructions
	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	r0 = 0
	exit
	.size prog, 12
