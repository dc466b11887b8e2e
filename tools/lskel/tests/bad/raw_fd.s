# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x8 symbol prog: names a map, function or type by a number that only the loading process could know
# The map that happens to be descriptor 3
	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	r0 = 0
	.byte 0x18, 0x11, 0, 0, 3, 0, 0, 0
	.quad 0
	exit
	.size prog, .-prog
