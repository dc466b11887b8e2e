# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: 8192 maps, 0 programs and 0 externs are more than can be loaded at once
	.macro map
	.globl m\@
	.type m\@,@object
	.size m\@, 20
m\@:	.long 2, 4, 4, 1, 0	# an array
	.endm

	.section maps,"aw"
	.rept 8192
	map
	.endr
