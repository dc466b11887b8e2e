# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x0 symbol prog: no function begins at what it calls
# Into the middle of a function
	.text
	.type sub,@function
sub:	r0 = 0
	exit
	.size sub, .-sub

	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	call sub + 8
	exit
	.size prog, .-prog
