# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .BTF.ext: a table is not inside
	.section .BTF,"",@progbits
	.short 0xeb9f
	.byte 1, 0
	.long 24, 0, 0, 0, 1
	.byte 0

# A table of 64 bytes, of which none are there
	.section .BTF.ext,"",@progbits
	.short 0xeb9f
	.byte 1, 0
	.long 24, 0, 64, 0, 0
