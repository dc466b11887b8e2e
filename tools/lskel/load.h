/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Load an object at once, with what its light skeleton would do it with */
#ifndef LSKEL_LOAD_H
#define LSKEL_LOAD_H

#include "skel.h"

struct load_options {
	bool direct;		/* replay the plan, instead of the loader */
	bool verbose;		/* tell of all steps on stdout */
	const char *pin;	/* folder in a BPF file system; NULL: pin nothing,
				 * so all is gone when the process ends
				 */
	const char *config;	/* what the member config of a skeleton is; NULL:
				 * only the kernel's configuration
				 */
};

/* Says on stdout what was loaded, and what became of it. Returns 0 or a negative errno
 * with the reason in the sink; the verifier's log, if there is one, goes to stderr.
 */
int load_now(const struct skel *skel, const struct load_options *options);

#endif /* LSKEL_LOAD_H */
