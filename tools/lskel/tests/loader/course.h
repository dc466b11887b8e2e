/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The course of a load: the calls that the loaders of a hand-made spec make are
 * those that its plan says, with their attributes, and leave the same results.
 * What is not so is printed.
 */
#ifndef COURSE_H
#define COURSE_H

#include "hand.h"

#define NO_STEP	UINT32_MAX

/* If steps @fail0 and @fail1 fail, each of which may be NO_STEP. @preset is what the
 * caller had in the slots; NULL: all that is optional is wanted. Both versions of
 * the loaders are run, the one without guards for a caller who makes no choice.
 */
bool same_course(struct hand *h, uint32_t fail0, uint32_t fail1, const int *preset);

/* If every step in turn fails, and if none does */
bool all_courses(struct hand *h, const int *preset);

#endif /* COURSE_H */
