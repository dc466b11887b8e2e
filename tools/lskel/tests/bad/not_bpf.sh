# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: not a relocatable ELF file for BPF
clang -target x86_64-linux-gnu -c -x c -o "$1" - <<<'int x;'
