# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section raw_tp/sys_enter+0x4 symbol prog: a CO-RE relocation inside of an instruction
# The record is for the second half of the first instruction.
clang -target bpf -O2 -g -S -o - "${0%/*}/reads_field.c" | sed '/# FieldReloc$/{n;n;n;s/$/+4/}' |
	clang -target bpf -c -x assembler -o "$1" -
