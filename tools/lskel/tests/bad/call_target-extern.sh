# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section tc+0x8 symbol prog: a call of 'runqueues', which is no function
clang -target bpf -O2 -g -S -x c -o - - <<-'END' | sed '0,/call helper/s//call runqueues/' |
	extern const int runqueues __attribute__((section(".ksyms")));
	extern int helper(int) __attribute__((section(".ksyms")));
	__attribute__((section("tc"))) int prog(void *ctx) { return helper(1) + helper(2) + runqueues; }
	END
	clang -target bpf -c -x assembler -o "$1" -
