// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>

#include "refuse.h"

static const struct {
	const char *name;
	int err;
} refusals[] = {
#define X(name, err) { #name, err },
	REFUSALS(X)
#undef X
};

int refuse(const struct spec *spec, enum refusal why, const struct place *at,
	   const char *format, ...)
{
	char where[320], what[512], offset[32] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (at->has_offset)
		snprintf(offset, sizeof(offset), "+0x%llx",
			 (unsigned long long)at->offset);
	snprintf(where, sizeof(where), "%s%.128s%s%s%.128s%s",
		 at->section ? " section " : "", at->section ?: "", offset,
		 at->symbol ? " symbol " : "", at->symbol ?: "",
		 at->section || at->symbol ? ":" : "");
	return sink_fail(spec->sink, -refusals[why].err, "%s:%s %s [%s]",
			 spec->file, where, what, refusals[why].name);
}
