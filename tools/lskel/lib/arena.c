// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* One allocation of libc's for each of ours: a sanitizer then sees an access
 * beyond either.
 */
struct arena_chunk {
	struct arena_chunk *next;
	max_align_t data[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;

	if (size > SIZE_MAX - sizeof(*chunk))
		return NULL;
	chunk = calloc(1, sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk->data;
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return NULL;
	return arena_alloc(arena, n * size);
}

void *arena_dup(struct arena *arena, const void *src, size_t size)
{
	void *copy = arena_alloc(arena, size);

	if (copy && size)
		memcpy(copy, src, size);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_dup(arena, s, strlen(s) + 1);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *s;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return NULL;
	s = arena_alloc(arena, (size_t)len + 1);
	if (!s)
		return NULL;
	va_start(args, format);
	vsnprintf(s, (size_t)len + 1, format, args);
	va_end(args);
	return s;
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *chunk;

	while ((chunk = arena->chunks)) {
		arena->chunks = chunk->next;
		free(chunk);
	}
}

void *arena_grow(struct arena *arena, void *items, size_t n, size_t *cap,
		 size_t size)
{
	size_t new_cap = *cap ? *cap * 2 : 8;
	void *new_items;

	if (n < *cap)
		return items;
	if (new_cap < *cap)
		return NULL;
	new_items = arena_array(arena, new_cap, size);
	if (!new_items)
		return NULL;
	if (n)
		memcpy(new_items, items, n * size);
	*cap = new_cap;
	return new_items;
}
