# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x8 symbol prog: half an instruction of 16 bytes
	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	r0 = 0
	.byte 0x18, 1, 0, 0, 0, 0, 0, 0
	.size prog, .-prog
