# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .symtab+0x18 symbol prog: its name, section or range is not in the file
	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	r0 = 0
	exit
	.size prog, 24
