# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section raw_tp/sys_enter+0x0 symbol prog: CO-RE relocations need function or line records, for every function that it calls
# Function and line records are for another section.
clang -target bpf -O2 -g -S -o - "${0%/*}/reads_field.c" | sed 's/[0-9]*\( *# [FL][a-z]*Info section\).*/0\1/' |
	clang -target bpf -c -x assembler -o "$1" -
