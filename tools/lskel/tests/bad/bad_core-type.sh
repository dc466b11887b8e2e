# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section raw_tp/sys_enter+0x0 symbol prog: a CO-RE relocation with type 999, which does not exist
# The number of the type is beyond the last.
clang -target bpf -O2 -g -S -x c -o - - <<'END' | sed '/# FieldReloc$/{n;n;n;n;s/[0-9]*$/999/}' |
	struct s {
		int x;
	} __attribute__((preserve_access_index));

	__attribute__((section("raw_tp/sys_enter"))) int prog(struct s *s)
	{
		return s->x;
	}
END
	clang -target bpf -c -x assembler -o "$1" -
