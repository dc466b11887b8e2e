/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the CO-RE engine (kernel/bpf/core) sees of user space. The kernel has a
 * file of the same name.
 */
#ifndef LSKEL_CORE_ENV_H
#define LSKEL_CORE_ENV_H

#include <bpf/btf.h>
#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The kernel's names of these types, with one way to print them everywhere */
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define __printf(string, args)	__attribute__((format(printf, string, args)))

/* The type, void for 0, or NULL if there is none */
static inline const struct btf_type *core_type(const struct btf *btf, u32 id)
{
	return btf__type_by_id(btf, id);
}

/* The name at an offset, "" if there is none, or NULL if it is outside */
static inline const char *core_name(const struct btf *btf, u32 offset)
{
	return btf__str_by_offset(btf, offset);
}

/* Size of a pointer in bytes, of the machine that the types are for. Raw BTF tells it
 * by the size of long; without one, as where only what an object needs is left, it is
 * taken to be of a 64-bit machine.
 */
static inline u32 core_pointer_size(const struct btf *btf)
{
	return btf__pointer_size(btf) ?: 8;
}

#endif /* LSKEL_CORE_ENV_H */
