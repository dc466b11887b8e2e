/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Files of tracefs */
#ifndef LSKEL_TRACEFS
#define LSKEL_TRACEFS

/* Open @file in tracefs, wherever that is mounted; NULL: errno */
static inline FILE *lskel_tracefs_open(const char *file, const char *mode)
{
	static const char *const mounts[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	int err = ENOENT;
	char path[512];
	FILE *stream;
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", mounts[i], file) >= sizeof(path)) {
			err = ENAMETOOLONG;
			break;
		}
		stream = fopen(path, mode);
		if (stream)
			return stream;
		if (errno != ENOENT)
			err = errno;
	}
	errno = err;
	return NULL;
}

static inline bool lskel_has_tracefs(void)
{
	FILE *file = lskel_tracefs_open("available_events", "re");

	if (file)
		fclose(file);
	return file || errno != ENOENT;
}

#endif /* LSKEL_TRACEFS */
