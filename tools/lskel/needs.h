/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What kernels ask for before they take a map or a program of some type: facts of
 * mainline.
 */
#ifndef LSKEL_NEEDS_H
#define LSKEL_NEEDS_H

#include "plan.h"

struct needs {
	uint32_t release;	/* Linux 5.16 is 0x510; 0: no younger than 5.10 */
	bool net_admin;		/* CAP_NET_ADMIN, to create the map or to attach the
				 * program
				 */
	bool net_or_sys;	/* that or CAP_SYS_ADMIN, to load the program */
};

struct needs map_needs(const struct spec_map *map);
struct needs prog_needs(const struct spec_prog *prog);

/* Nothing, unless it is one of their steps */
struct needs step_needs(const struct spec *spec, const struct plan_step *step);

/* As the runtime has it in struct lskel_step */
uint32_t needs_word(struct needs needs);

#endif /* LSKEL_NEEDS_H */
