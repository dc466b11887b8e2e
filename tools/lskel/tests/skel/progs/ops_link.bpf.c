// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The same, registered by links */
#define TABLE ".struct_ops.link"
#include "ops.bpf.c"
