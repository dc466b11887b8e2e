/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an object has, and what it needs of the kernel that loads it */
#ifndef LSKEL_INFO_H
#define LSKEL_INFO_H

#include <stdio.h>

#include "skel.h"

void info_print(const struct skel *skel, FILE *out);

#endif /* LSKEL_INFO_H */
