// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program with one CO-RE relocation, for the scripts here to spoil */

struct s {
	int x;
} __attribute__((preserve_access_index));

__attribute__((section("raw_tp/sys_enter"))) int prog(struct s *s)
{
	return s->x;
}
