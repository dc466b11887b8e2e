// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .bss+0x0 symbol s: member 'this' and member 'this_' would both be called this_ in the skeleton
struct s {
	int this;
	union {
		int this_;
		int y;
	};
} s;
