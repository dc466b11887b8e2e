// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "types.h"

const struct btf_type *core_skip(const struct btf *btf, u32 *id)
{
	u32 i;

	for (i = 0; i < CHAIN_MAX; i++) {
		const struct btf_type *t = core_type(btf, *id);

		if (!t)
			return NULL;
		switch (kind_of(t)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			*id = t->type;
			break;
		default:
			return t;
		}
	}
	return NULL;
}

int core_size(const struct btf *btf, u32 id, u32 *size)
{
	u64 n = 1;
	u32 i;

	for (i = 0; i < CHAIN_MAX; i++) {
		const struct btf_type *t = core_skip(btf, &id);

		if (!t)
			return -EINVAL;
		switch (kind_of(t)) {
		case BTF_KIND_ARRAY:
			n *= array_of(t)->nelems;
			if (n > UINT_MAX)
				return -E2BIG;
			id = array_of(t)->type;
			continue;
		case BTF_KIND_INT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FLOAT:
		case BTF_KIND_DATASEC:
			n *= t->size;
			break;
		case BTF_KIND_PTR:
			n *= core_pointer_size(btf);
			break;
		default:
			return -EINVAL;
		}
		if (n > UINT_MAX)
			return -E2BIG;
		*size = n;
		return 0;
	}
	return -EINVAL;
}

bool core_same_name(const char *a, const char *b)
{
	u32 len;

	if (!a || !b)
		return false;
	len = core_essential_len(a, strlen(a));
	return !strncmp(a, b, len) && core_essential_len(b, strlen(b)) == len;
}

bool core_is_candidate(const struct btf *local, u32 local_id,
		       const struct btf *target, u32 target_id)
{
	const struct btf_type *l = core_type(local, local_id);
	const struct btf_type *t = core_type(target, target_id);
	const char *name = l ? core_name(local, l->name_off) : NULL;

	return name && *name && t && same_kind(l, t) &&
	       core_same_name(name, core_name(target, t->name_off));
}

u32 core_next_candidate(const struct btf *local, u32 local_id,
			const struct btf *target, u32 after)
{
	while (++after && core_type(target, after))
		if (core_is_candidate(local, local_id, target, after))
			return after;
	return 0;
}
