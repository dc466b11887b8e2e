# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .BTF: not BTF of a kind that is known here
	.section .BTF,"",@progbits
	.long 1, 2, 3
