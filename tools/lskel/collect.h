/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the bytes of an object file to its model. */
#ifndef LSKEL_COLLECT_H
#define LSKEL_COLLECT_H

#include "spec.h"

/* --type SECTION=SEC: treat the programs in this section as if it had the other
 * name. A leading '?' in the object is no part of @section; one in @sec asks
 * for it.
 */
struct spec_type {
	const char *section, *sec;
};

struct spec_options {
	const char *name;	/* of the object; NULL: from the file's */
	VEC(struct spec_type) types;
};

/* Read the @size bytes of the object @file, aligned for any type, into @spec, of
 * which the caller has set arena and sink. Nothing in it refers to @bytes or @options afterwards.
 * Returns 0, or a negative errno with the reason in the sink: -EINVAL for a
 * broken object, -EOPNOTSUPP for what it uses but this tool cannot do, -ENOENT
 * for a symbol that is missing, -EFBIG, -ENOMEM. The object is not trusted.
 */
int spec_read(struct spec *spec, const char *file, const void *bytes,
	      size_t size, const struct spec_options *options);

/* Free what is not in the arena. Also to be called after spec_read() failed. */
void spec_free(struct spec *spec);

#endif /* LSKEL_COLLECT_H */
