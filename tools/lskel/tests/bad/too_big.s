# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .bss: no map can have a value of that size
	.section .bss,"aw",@nobits
	.zero 0x100000001
