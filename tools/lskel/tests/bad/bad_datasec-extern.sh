# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .ksyms symbol runqueues: BTF has an extern that the file has not
# BTF knows an extern that has another name in the file.
clang -target bpf -O2 -g -S -x c -o - - <<-'END' | sed '/\.ascii/!s/\<runqueues\>/runqueue/' |
	extern const void runqueues __attribute__((section(".ksyms")));
	__attribute__((section("tc"))) int prog(void *ctx) { return (long)&runqueues; }
	END
	clang -target bpf -c -x assembler -o "$1" -
