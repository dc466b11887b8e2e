/* SPDX-License-Identifier: GPL-2.0-only */
/* What every test program includes: the harness, and the helpers. */
#ifndef TEST_H
#define TEST_H

#include "kselftest_harness.h"
#include "t.h"

/* A kernel that checks itself, in an emulator, needs more than half a minute */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	300

/*
 * A case that mainline is known to fail. It runs on every kernel that carries
 * the series; elsewhere it is skipped by name, never passed.
 */
#define T_ONLY_OURS(why)						\
	do {								\
		if (!t_kernel_is_ours())				\
			SKIP(return, "mainline differs: %s", why);	\
	} while (0)

#endif /* TEST_H */
