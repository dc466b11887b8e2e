# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x0 symbol prog: the inside of map 'map' has no address
	.section maps,"aw",@progbits
	.globl map
	.type map,@object
map:	.long 2, 4, 4, 1, 0
	.size map, .-map

	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	r1 = map + 4 ll
	exit
	.size prog, .-prog
