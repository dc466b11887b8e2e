# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x0 symbol prog: 'runqueues'+8 is not at the start of an extern
clang -target bpf -O2 -g -S -x c -o - - <<-'END' | sed 's/= runqueues ll/= runqueues+8 ll/' |
	extern const void runqueues __attribute__((section(".ksyms")));
	__attribute__((section("tc"))) int prog(void *ctx) { return (long)&runqueues; }
	END
	clang -target bpf -c -x assembler -o "$1" -
