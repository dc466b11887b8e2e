// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "sink.h"

int sink_fail(struct sink *sink, int err, const char *format, ...)
{
	va_list args;
	char *c;

	if (sink->line[0])
		return err;
	va_start(args, format);
	vsnprintf(sink->line, sizeof(sink->line), format, args);
	va_end(args);
	for (c = sink->line; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			*c = '?';
	return err;
}

int sink_nomem(struct sink *sink)
{
	return sink_fail(sink, -ENOMEM, "out of memory");
}
