/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where an error goes: one line for a person, a negative errno for the caller.
 *
 * The first failure is the cause and stays; what fails because of it is not
 * worth a second line.
 */
#ifndef LSKEL_SINK_H
#define LSKEL_SINK_H

#include <stdbool.h>

struct sink {
	char line[1024];	/* empty: nothing failed; no newline */
};

/* Note the failure @err (a negative errno) in words. Characters that could
 * confuse a terminal are replaced, as names come from untrusted files.
 * Returns @err.
 */
int sink_fail(struct sink *sink, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The failure of an allocation. Returns -ENOMEM. */
int sink_nomem(struct sink *sink);

#endif /* LSKEL_SINK_H */
