# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Types as newer compilers make them: an ENUM64, an ENUM that is signed, and a
# structure that has both
	.section tc,"ax",@progbits
	.globl prog
	.type prog,@function
prog:	r0 = 0
	exit
	.size prog, .-prog

	.section .BTF,"",@progbits
	.short 0xeb9f
	.byte 1, 0
	.long 24, 0, 4f - 3f, 4f - 3f, 6f - 4f
3:	.long 1, 19 << 24 | 2, 8	# [1] ENUM64 big { A = 0x100000000, B }
	.long 5, 0, 1
	.long 7, 1, 1
	.long 9, 1 << 31 | 6 << 24 | 1, 4	# [2] ENUM small { C = -1 }, signed
	.long 15, -1
	.long 17, 4 << 24 | 2, 16	# [3] STRUCT both { big x; small y; }
	.long 22, 1, 0
	.long 24, 2, 64
4:	.asciz "", "big", "A", "B", "small", "C", "both", "x", "y"
6:
