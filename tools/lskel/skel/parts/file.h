/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Files of programs and libraries, by path or name */
#ifndef LSKEL_FILE
#define LSKEL_FILE

/* @name in one of the folders of @list, which are separated by ':' */
static inline bool lskel_find_in(const char *list, const char *name, char *path, size_t size)
{
	int len;

	for (; list && *list; list += list[len] ? len + 1 : len) {
		len = (int)strcspn(list, ":");
		if (len && (size_t)snprintf(path, size, "%.*s/%s", len, list, name) < size &&
		    !access(path, R_OK))
			return true;
	}
	return false;
}

/* Where the file is that @name means: a path, or a library or command to be
 * searched for. Returns @name if it is not found.
 */
static inline const char *lskel_find_file(const char *name, char *path, size_t size)
{
	const char *so = strstr(name, ".so");
	struct utsname uts;
	char multiarch[200];

	if (strchr(name, '/'))
		return name;
	if (!so || (so[3] && so[3] != '.'))
		return lskel_find_in(getenv("PATH"), name, path, size) ||
		       lskel_find_in("/usr/bin:/usr/sbin:/bin:/sbin", name, path, size) ? path : name;
	uname(&uts);
	snprintf(multiarch, sizeof(multiarch), "/usr/lib/%s-linux-gnu:/lib/%s-linux-gnu", uts.machine,
		 uts.machine);
	return lskel_find_in(getenv("LD_LIBRARY_PATH"), name, path, size) ||
	       lskel_find_in(multiarch, name, path, size) ||
	       lskel_find_in("/usr/lib64:/lib64:/usr/lib:/lib", name, path, size) ? path : name;
}

#endif /* LSKEL_FILE */
