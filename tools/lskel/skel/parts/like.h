/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Patterns of names */
#ifndef LSKEL_LIKE
#define LSKEL_LIKE

/* Whether @name is like @pattern, where '*' is anything and '?' any character */
static inline bool lskel_is_like(const char *name, const char *pattern)
{
	const char *star = NULL, *from = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			from = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++from;
		} else {
			return false;
		}
	}
	pattern += strspn(pattern, "*");
	return !*pattern;
}

#endif /* LSKEL_LIKE */
