/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Types and text, for the engine only */
#ifndef CORE_TYPES_H
#define CORE_TYPES_H

#include "core.h"

/* Modifiers, typedefs, pointers and arrays in a row; more than any compiler
 * writes, and an end to those that lead back to themselves
 */
#define CHAIN_MAX	64

static inline u32 kind_of(const struct btf_type *t)
{
	return BTF_INFO_KIND(t->info);
}

static inline u32 vlen_of(const struct btf_type *t)
{
	return BTF_INFO_VLEN(t->info);
}

static inline bool kflag_of(const struct btf_type *t)
{
	return BTF_INFO_KFLAG(t->info);
}

static inline bool is_composite(const struct btf_type *t)
{
	return kind_of(t) == BTF_KIND_STRUCT || kind_of(t) == BTF_KIND_UNION;
}

static inline bool is_enum(const struct btf_type *t)
{
	return kind_of(t) == BTF_KIND_ENUM || kind_of(t) == BTF_KIND_ENUM64;
}

/* An enumeration that needs 64 bits in one kernel may need 32 in another. */
static inline bool same_kind(const struct btf_type *a, const struct btf_type *b)
{
	return kind_of(a) == kind_of(b) || (is_enum(a) && is_enum(b));
}

static inline const struct btf_member *members_of(const struct btf_type *t)
{
	return (const struct btf_member *)(t + 1);
}

static inline const struct btf_array *array_of(const struct btf_type *t)
{
	return (const struct btf_array *)(t + 1);
}

static inline const struct btf_param *params_of(const struct btf_type *t)
{
	return (const struct btf_param *)(t + 1);
}

static inline u32 int_encoding(const struct btf_type *t)
{
	return BTF_INT_ENCODING(*(const u32 *)(t + 1));
}

/* Bits by which the value of an int is off the byte where it starts: a
 * bit-field, as compilers described it long ago
 */
static inline u32 int_offset(const struct btf_type *t)
{
	return BTF_INT_OFFSET(*(const u32 *)(t + 1));
}

static inline u32 member_bit_offset(const struct btf_type *t, u32 i)
{
	u32 offset = members_of(t)[i].offset;

	return kflag_of(t) ? BTF_MEMBER_BIT_OFFSET(offset) : offset;
}

/* 0: not a bit-field */
static inline u32 member_bits(const struct btf_type *t, u32 i)
{
	return kflag_of(t) ? BTF_MEMBER_BITFIELD_SIZE(members_of(t)[i].offset) : 0;
}

static inline u32 enumerator_name_off(const struct btf_type *t, u32 i)
{
	return kind_of(t) == BTF_KIND_ENUM ?
		       ((const struct btf_enum *)(t + 1))[i].name_off :
		       ((const struct btf_enum64 *)(t + 1))[i].name_off;
}

/* The type behind modifiers and typedefs, whose id is put into @id. NULL for a
 * type that does not exist, and for a chain that does not end.
 */
const struct btf_type *core_skip(const struct btf *btf, u32 *id);

/* Bytes of a type: 0, -EINVAL if it has no size, or -E2BIG if that does not fit */
int core_size(const struct btf *btf, u32 id, u32 *size);

/* Whether names are equal but for the flavour. NULL is equal to nothing. */
bool core_same_name(const char *a, const char *b);

enum relo_class {
	RELO_UNKNOWN,
	RELO_FIELD,
	RELO_TYPE,
	RELO_ENUMERATOR,
};

enum relo_class core_class(u32 kind);

/* Put the next accessor into a spec. Returns 0 or -E2BIG. */
int core_push_raw(struct core_spec *spec, u32 idx);
void core_push(struct core_spec *spec, u32 type_id, u32 idx, const char *name);

/* Go on by @bits, or by @idx elements of a type. Return 0 or -E2BIG, and the
 * latter -EINVAL for a type without a size.
 */
int core_add_bits(struct core_spec *spec, u64 bits);
int core_add_elements(struct core_spec *spec, u32 type_id, u32 idx);

/* Whether an array has an element, where the last accessor of @spec led to it.
 * One without bounds at the end of its struct has as many as are asked for.
 */
bool core_has_element(const struct core_spec *spec, const struct btf_type *array,
		      u32 idx);

__printf(3, 4)
void core_print(struct core_log *log, enum core_log_level level,
		const char *format, ...);

/* "[7] struct sample" */
void core_print_type(struct core_log *log, enum core_log_level level,
		     const struct btf *btf, u32 id);

#endif /* CORE_TYPES_H */
