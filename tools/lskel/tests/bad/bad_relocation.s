# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x0 symbol prog: a relocation of what is no call and no address
	.data
counter: .long 1

	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	.long counter, 0
	exit
	.size prog, .-prog
