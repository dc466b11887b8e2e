# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .text+0x0 symbol sub: with it, the programs exceed 256 MiB
# A subprogram of 8 MB, and programs that each get a copy of it
	.text
	.type sub,@function
sub:	.fill 1000000, 8, 0xb7	# r0 = 0
	exit
	.size sub, .-sub

	.section tc,"ax",@progbits
	.macro programs first:req, rest:vararg
	.globl prog\first
	.type prog\first,@function
prog\first: call sub
	exit
	.size prog\first, .-prog\first
	.ifnb \rest
	programs \rest
	.endif
	.endm
	programs 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
	programs 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37
