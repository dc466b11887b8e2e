# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x0 symbol prog: a call of '.data', which is no function
	.data
counter: .long 1

	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	call counter
	exit
	.size prog, .-prog
