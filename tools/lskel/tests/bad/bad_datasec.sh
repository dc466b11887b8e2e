# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section license: BTF has variables in it, but the file has no such section
# BTF knows a section that has another name in the file.
clang -target bpf -O2 -g -S -x c -o - - <<<'char x[4] __attribute__((section("license"))) = "GPL";' |
	sed '/\.section/s/license/licence/' |
	clang -target bpf -c -x assembler -o "$1" -
