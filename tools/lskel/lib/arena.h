/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Memory that is freed all at once.
 *
 * A run of the tool builds a model of one object and throws it away at the end;
 * nothing in between is worth freeing on its own.
 */
#ifndef LSKEL_ARENA_H
#define LSKEL_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_chunk *chunks;
};

/* @size bytes, zeroed and aligned for any type, or NULL when memory ran out.
 * A size of 0 gives a pointer that must not be dereferenced.
 */
void *arena_alloc(struct arena *arena, size_t size);

/* An array of @n elements of @size bytes. A product that overflows is NULL. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* @size bytes with the content of @src */
void *arena_dup(struct arena *arena, const void *src, size_t size);

char *arena_strdup(struct arena *arena, const char *s);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void arena_free(struct arena *arena);

/* Room for one more element at the end of the array @items, of which @n are
 * used and @cap allocated. Gives NULL when memory ran out, otherwise the array,
 * which may have moved, and updates *@cap. Use vec_push().
 */
void *arena_grow(struct arena *arena, void *items, size_t n, size_t *cap,
		 size_t size);

/* A growing array. Elements move when it grows: keep indices, not pointers. */
#define VEC(type)		\
	struct {		\
		type *items;	\
		size_t n, cap;	\
	}

/* The new, zeroed last element of @vec, or NULL when memory ran out */
#define vec_push(arena, vec) ({						\
	__typeof__((vec)->items) _items =				\
		arena_grow(arena, (vec)->items, (vec)->n, &(vec)->cap,	\
			   sizeof(*(vec)->items));			\
	_items ? ((vec)->items = _items, &_items[(vec)->n++]) : NULL;	\
})

#define vec_for_each(pos, vec) \
	for (pos = (vec)->items; pos && pos < (vec)->items + (vec)->n; pos++)

#endif /* LSKEL_ARENA_H */
