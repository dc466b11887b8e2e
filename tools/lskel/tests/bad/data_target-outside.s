# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x0 symbol prog: '.data'+4 is outside of section .data
	.data
counter: .long 1

	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	r1 = counter + 4 ll
	exit
	.size prog, .-prog
