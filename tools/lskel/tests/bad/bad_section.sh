# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: the file is cut off: its table of sections is not inside
# The table of sections is at the end of the file.
clang -target bpf -c -x c -o "$1" - <<<'int x = 1;'
truncate -s -64 "$1"
