# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x8 symbol two: overlaps function 'one'
	.section tc,"ax",@progbits
	.globl one, two
	.type one,@function
	.type two,@function
one:	r0 = 0
two:	r0 = 1
	exit
	.size one, .-one
	.size two, .-two
