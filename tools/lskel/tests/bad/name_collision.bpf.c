// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .bss+0x4 symbol class_: variable 'class' and variable 'class_' would both be called class_ in the skeleton
int class, class_;
