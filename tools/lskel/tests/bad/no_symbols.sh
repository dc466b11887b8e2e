# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: no symbols: has it been stripped?
clang -target bpf -c -x c -o "$1" - <<<'int f(void) { return 0; }'
llvm-strip --strip-all "$1"
