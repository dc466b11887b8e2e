# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .data symbol counter: BTF has a variable that the file has not
# BTF knows a variable that has another name in the file.
clang -target bpf -O2 -g -S -x c -o - - <<<'int counter = 1;' |
	sed '/\.ascii/!s/\<counter\>/countess/' |
	clang -target bpf -c -x assembler -o "$1" -
