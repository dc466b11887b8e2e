# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .BTF: type 1 refers to what does not exist
# A pointer to type 2, of one type
	.section .BTF,"",@progbits
	.short 0xeb9f
	.byte 1, 0
	.long 24, 0, 12, 12, 1	# header, types, strings
	.long 0, 2 << 24, 2
	.byte 0
