/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the helpers to use what was loaded have in common */
#ifndef LSKEL_HELPER
#define LSKEL_HELPER

/* Takes bytes that are there until it returns; a negative result stops */
typedef int (*lskel_record_fn)(void *ctx, const void *data, size_t size);

/* The failure of no skeleton */
__attribute__((format(printf, 2, 3)))
static inline int lskel_helper_fail(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	lskel_say(lskel_failure_1.error, sizeof(lskel_failure_1.error), err, format, args);
	va_end(args);
	free(lskel_failure_1.log);
	lskel_failure_1.log = NULL;
	errno = -err;
	return err;
}

#endif /* LSKEL_HELPER */
