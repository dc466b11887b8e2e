/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Symbols as the kernel lists them, for what the loader cannot ask */
#ifndef LSKEL_KALLSYMS
#define LSKEL_KALLSYMS

struct lskel_symbol {
	const char *name;
	bool found;		/* the first of this name counts, as for the helper */
	__u64 address;
};

/* Returns 0, or a negative errno: -EPERM if the kernel shows no address. */
static inline int lskel_kallsyms(struct lskel_symbol *symbols, __u32 nr)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address, any = 0;
	char line[1024], *name, *end;
	__u32 i, found = 0;

	if (!file)
		return -errno;
	/* "ffffffff81000000 T name", and a tab before the name of a module */
	while ((found < nr || !any) && fgets(line, sizeof(line), file)) {
		address = strtoull(line, &end, 16);
		any |= address;
		if (end[0] != ' ' || !end[1] || end[2] != ' ')
			continue;
		name = end + 3;
		name[strcspn(name, "\t\n")] = 0;
		for (i = 0; i < nr; i++)
			if (!symbols[i].found && !strcmp(symbols[i].name, name)) {
				symbols[i].found = true;
				symbols[i].address = address;
				found++;
			}
	}
	fclose(file);
	return any ? 0 : -EPERM;
}

#endif /* LSKEL_KALLSYMS */
