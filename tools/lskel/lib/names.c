// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

static int by_name(const void *a, const void *b)
{
	const struct names_entry *x = a, *y = b;
	int cmp = strcmp(x->name, y->name);

	return cmp ? cmp : (x->number > y->number) - (x->number < y->number);
}

int names_add(struct arena *arena, struct names *names, const char *name,
	      uint32_t number)
{
	struct names_entry *entry = vec_push(arena, &names->entries);

	if (!entry)
		return -ENOMEM;
	*entry = (struct names_entry){ name, number };
	return 0;
}

void names_sort(struct names *names)
{
	if (names->entries.n)
		qsort(names->entries.items, names->entries.n,
		      sizeof(names->entries.items[0]), by_name);
}

uint32_t names_find(const struct names *names, const char *name)
{
	size_t low = 0, high = names->entries.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(names->entries.items[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < names->entries.n && !strcmp(names->entries.items[low].name, name))
		return names->entries.items[low].number;
	return NAMES_NONE;
}
