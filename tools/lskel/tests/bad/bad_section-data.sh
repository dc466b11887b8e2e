# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# refused: section .data: its bytes are not in the file
# The bytes of a section are said to be behind the end of the file: sh_offset of
# section 3, by way of the table's offset in the header.
clang -target bpf -c -x c -o "$1" - <<<'int x = 1;'
table=$(od -An -tu8 -j 40 -N 8 "$1")
printf '\xff\xff\xff\x7f' | dd of="$1" bs=1 seek=$((table + 3 * 64 + 24)) conv=notrunc status=none
