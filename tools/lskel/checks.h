/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What must hold for an object as a whole before it is worth a plan */
#ifndef LSKEL_CHECKS_H
#define LSKEL_CHECKS_H

#include "spec.h"

/* Returns 0 or a negative errno with the first thing that does not hold in the
 * sink.
 */
int checks_run(const struct spec *spec);

#endif /* LSKEL_CHECKS_H */
