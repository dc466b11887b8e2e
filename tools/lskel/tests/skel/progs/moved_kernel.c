// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The types of two kernels, each its own by -D. The NEW one has a build id. */
struct lskel_moved {
#ifdef NEW
	char name[32];
	long second;
#else
	int kind;
	long second;
	int gone;
#endif
} moved;

enum lskel_moved_value {
#ifdef NEW
	LSKEL_MOVED = 7,
#else
	LSKEL_MOVED = 5,
#endif
} value;

#ifdef NEW
asm(".section .note.gnu.build-id,\"\",@note\n"
    ".long 4, 5, 3\n"
    ".asciz \"GNU\"\n"
    ".byte 0x60, 0x0d, 0xc0, 0xff, 0xee, 0, 0, 0\n");
#endif
