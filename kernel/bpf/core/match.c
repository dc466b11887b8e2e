// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a program says of a type, looked for in a type of the target */
#include "types.h"

#define LEVEL_MAX	16	/* structs and functions inside one another: more than
				 * there are, and what a kernel's stack can take
				 */
#define BUDGET		1000000	/* names compared for one candidate */

/* Two types while they are compared, one of the program and one of the target */
struct pair {
	const struct btf *local, *target;
	u32 local_id, target_id;
};

/* Set both to what is behind modifiers. False if one does not exist. */
static bool skip(struct pair *p, const struct btf_type **l, const struct btf_type **t)
{
	*l = core_skip(p->local, &p->local_id);
	*t = core_skip(p->target, &p->target_id);
	return *l && *t;
}

static struct pair types_of(const struct pair *p, u32 local_id, u32 target_id)
{
	return (struct pair){
		.local = p->local,
		.target = p->target,
		.local_id = local_id,
		.target_id = target_id,
	};
}

static const char *local_name(const struct pair *p, u32 offset)
{
	return core_name(p->local, offset);
}

static const char *target_name(const struct pair *p, u32 offset)
{
	return core_name(p->target, offset);
}

static int spend(struct core *core)
{
	if (!core->budget)
		return -E2BIG;
	core->budget--;
	return 0;
}

/* Whether a field of one type can be read as if it had the other:
 *
 *	structs and unions	always, also one as the other; only what is looked
 *				for inside counts
 *	pointers, floats	always
 *	ints			whatever size and sign; a load may be adapted
 *	enums, forwards		of one name, or if one has none
 *	arrays			if their elements can
 *
 * Returns 1, 0, or a negative errno.
 */
static int fields_compatible(struct pair p)
{
	const struct btf_type *l, *t;
	const char *ln, *tn;
	u32 i;

	for (i = 0; i < CHAIN_MAX; i++) {
		if (!skip(&p, &l, &t))
			return -EINVAL;
		if (is_composite(l) && is_composite(t))
			return 1;
		if (!same_kind(l, t))
			return 0;

		switch (kind_of(l)) {
		case BTF_KIND_PTR:
		case BTF_KIND_FLOAT:
			return 1;
		case BTF_KIND_INT:
			return !int_offset(l) && !int_offset(t);
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FWD:
			ln = local_name(&p, l->name_off);
			tn = target_name(&p, t->name_off);
			if (!ln || !tn)
				return -EINVAL;
			return !*ln || !*tn || core_same_name(ln, tn);
		case BTF_KIND_ARRAY:
			p.local_id = array_of(l)->type;
			p.target_id = array_of(t)->type;
			break;
		default:
			return 0;
		}
	}
	return -E2BIG;
}

/* Look for a field in the struct or union *@id of the target, and in what it has
 * of them without a name, in the order of their declaration. Its type is put into
 * *@id. Returns 1, 0 if there is none or none that is compatible, or a negative
 * errno.
 *
 * The low-level spec is the path on which it is; core->outer has the type in
 * which each step was taken.
 */
static int find_field(struct core *core, const struct core_spec *local,
		      const struct core_accessor *acc, struct core_spec *spec,
		      u32 *id)
{
	const struct btf_type *in = core_type(local->btf, acc->type_id);
	u32 start = spec->n_raw, i = 0;
	int err;

	for (;;) {
		const struct btf_type *t = core_skip(spec->btf, id);
		const struct btf_member *member;
		const char *name;

		if (!t)
			return -EINVAL;
		if (!is_composite(t) || i == vlen_of(t)) {
			if (spec->n_raw == start)
				return 0;
			i = spec->raw[--spec->n_raw];
			*id = core->outer[spec->n_raw];
			t = core_type(spec->btf, *id);
			spec->bit_offset -= member_bit_offset(t, i++);
			continue;
		}

		member = &members_of(t)[i];
		name = core_name(spec->btf, member->name_off);
		if (!name)
			return -EINVAL;
		err = spend(core);
		if (err)
			return err;
		if (*name && strcmp(name, acc->name)) {
			i++;
			continue;
		}

		err = core_push_raw(spec, i);
		if (err)
			return err;
		core->outer[spec->n_raw - 1] = *id;
		err = core_add_bits(spec, member_bit_offset(t, i));
		if (err)
			return err;
		if (*name)
			core_push(spec, *id, i, name);
		*id = member->type;
		if (*name)
			return fields_compatible((struct pair){
				.local = local->btf,
				.local_id = members_of(in)[acc->idx].type,
				.target = spec->btf,
				.target_id = *id,
			});
		i = 0;
	}
}

/* The same element of the target's array *@id, or of the array that the whole
 * type may be in. Returns and sets *@id as find_field().
 */
static int find_element(const struct core_accessor *acc, struct core_spec *spec,
			u32 *id)
{
	const struct btf_type *t = core_skip(spec->btf, id);
	int err;

	if (!t)
		return -EINVAL;
	if (spec->n_accessors) {
		if (kind_of(t) != BTF_KIND_ARRAY ||
		    !core_has_element(spec, t, acc->idx))
			return 0;
		*id = array_of(t)->type;
		if (!core_skip(spec->btf, id))
			return -EINVAL;
	}
	err = core_push_raw(spec, acc->idx);
	if (err)
		return err;
	core_push(spec, *id, acc->idx, NULL);
	err = core_add_elements(spec, *id, acc->idx);
	return err ? err : 1;
}

static int match_field(struct core *core, const struct core_spec *local,
		       struct core_spec *spec)
{
	u32 id = spec->root_id, i;
	int found = 1;

	for (i = 0; i < local->n_accessors && found > 0; i++) {
		const struct core_accessor *acc = &local->accessors[i];

		found = acc->name ? find_field(core, local, acc, spec, &id) :
				    find_element(acc, spec, &id);
	}
	return found;
}

/* An enumerator counts by its name; it has another index, and often a value. */
static int match_enumerator(struct core *core, const struct core_spec *local,
			    struct core_spec *spec)
{
	u32 id = spec->root_id, i;
	const struct btf_type *t = core_skip(spec->btf, &id);
	int err;

	if (!t)
		return -EINVAL;
	if (!is_enum(t))
		return 0;
	for (i = 0; i < vlen_of(t); i++) {
		const char *name = core_name(spec->btf, enumerator_name_off(t, i));

		if (!name)
			return -EINVAL;
		err = spend(core);
		if (err)
			return err;
		if (!core_same_name(local->accessors[0].name, name))
			continue;
		err = core_push_raw(spec, i);
		core_push(spec, id, i, name);
		return err ? err : 1;
	}
	return 0;
}

/* Whether a type can stand for another one of the same name where only its
 * existence, size or id is asked for: kinds agree, also behind pointers, in arrays
 * and for all parameters and the result of functions; members, enumerators and
 * sizes do not count. Returns 1, 0, or a negative errno.
 */
static int types_compatible(struct core *core, struct pair p, u32 level)
{
	const struct btf_type *l, *t;
	struct pair param;
	u32 i, n;
	int ret;

	if (!level)
		return -E2BIG;
	for (i = 0; i < CHAIN_MAX; i++) {
		if (!skip(&p, &l, &t))
			return -EINVAL;
		ret = spend(core);
		if (ret)
			return ret;
		if (!same_kind(l, t))
			return 0;

		switch (kind_of(l)) {
		case BTF_KIND_UNKN:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FWD:
			return 1;
		case BTF_KIND_INT:
			return !int_offset(l) && !int_offset(t);
		case BTF_KIND_PTR:
			p.local_id = l->type;
			p.target_id = t->type;
			break;
		case BTF_KIND_ARRAY:
			p.local_id = array_of(l)->type;
			p.target_id = array_of(t)->type;
			break;
		case BTF_KIND_FUNC_PROTO:
			if (vlen_of(l) != vlen_of(t))
				return 0;
			for (n = 0; n < vlen_of(l); n++) {
				param = types_of(&p, params_of(l)[n].type,
						 params_of(t)[n].type);
				ret = types_compatible(core, param, level - 1);
				if (ret <= 0)
					return ret;
			}
			p.local_id = l->type;
			p.target_id = t->type;
			break;
		default:
			return 0;
		}
	}
	return -E2BIG;
}

/* Names as they count for type_matches: nothing for something is no match. */
static bool names_match(const struct pair *p, u32 local_off, u32 target_off)
{
	return core_same_name(local_name(p, local_off), target_name(p, target_off));
}

/* Each enumerator is there, with whatever value, in an enum of the same size. */
static int enums_match(struct core *core, const struct pair *p,
		       const struct btf_type *l, const struct btf_type *t)
{
	u32 i, k;

	if (l->size != t->size || vlen_of(l) > vlen_of(t))
		return 0;
	for (i = 0; i < vlen_of(l); i++) {
		for (k = 0; k < vlen_of(t); k++) {
			int err = spend(core);

			if (err)
				return err;
			if (names_match(p, enumerator_name_off(l, i),
					enumerator_name_off(t, k)))
				break;
		}
		if (k == vlen_of(t))
			return 0;
	}
	return 1;
}

/* Whether a forward declaration, or the struct or union of that name, is one of
 * the same kind
 */
static bool is_union(const struct btf_type *t)
{
	return kind_of(t) == BTF_KIND_FWD ? kflag_of(t) :
					    kind_of(t) == BTF_KIND_UNION;
}

static bool forwards_match(const struct btf_type *l, const struct btf_type *t)
{
	return (is_composite(t) || kind_of(t) == BTF_KIND_FWD) &&
	       is_union(l) == is_union(t);
}

/* Whether a type is what the program thinks it is. Names agree, without
 * flavours, and then
 *
 *	ints			size and sign
 *	enums			the size, and all enumerators of the local one exist
 *	structs, unions		all members of the local one exist and match, if
 *				they are part of it; behind a pointer the name is
 *				enough, and a forward declaration will do
 *	pointers		what they point to
 *	arrays			the length and the elements
 *	functions		all parameters and the result
 *
 * Returns 1, 0, or a negative errno.
 */
static int types_match(struct core *core, struct pair p, bool behind_ptr, u32 level)
{
	const struct btf_type *l, *t;
	struct pair inner;
	u32 i, n, k;
	int ret;

	if (!level)
		return -E2BIG;
	for (i = 0; i < CHAIN_MAX; i++) {
		if (!skip(&p, &l, &t))
			return -EINVAL;
		ret = spend(core);
		if (ret)
			return ret;
		if (!names_match(&p, l->name_off, t->name_off))
			return 0;
		if (behind_ptr && (is_composite(l) || kind_of(l) == BTF_KIND_FWD))
			return forwards_match(l, t);
		if (!same_kind(l, t))
			return 0;

		switch (kind_of(l)) {
		case BTF_KIND_UNKN:
			return 1;
		case BTF_KIND_FWD:
			return forwards_match(l, t);
		case BTF_KIND_INT:
			return l->size == t->size &&
			       !((int_encoding(l) ^ int_encoding(t)) & BTF_INT_SIGNED);
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			return enums_match(core, &p, l, t);
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			if (vlen_of(l) > vlen_of(t))
				return 0;
			for (n = 0; n < vlen_of(l); n++) {
				ret = 0;
				for (k = 0; k < vlen_of(t) && !ret; k++) {
					ret = spend(core);
					if (ret || !names_match(&p, members_of(l)[n].name_off,
								members_of(t)[k].name_off))
						continue;
					inner = types_of(&p, members_of(l)[n].type,
							 members_of(t)[k].type);
					ret = types_match(core, inner, false, level - 1);
				}
				if (ret <= 0)
					return ret;
			}
			return 1;
		case BTF_KIND_FUNC_PROTO:
			if (vlen_of(l) != vlen_of(t))
				return 0;
			for (n = 0; n < vlen_of(l); n++) {
				inner = types_of(&p, params_of(l)[n].type,
						 params_of(t)[n].type);
				ret = types_match(core, inner, behind_ptr, level - 1);
				if (ret <= 0)
					return ret;
			}
			p.local_id = l->type;
			p.target_id = t->type;
			break;
		case BTF_KIND_PTR:
			behind_ptr = true;
			p.local_id = l->type;
			p.target_id = t->type;
			break;
		case BTF_KIND_ARRAY:
			if (array_of(l)->nelems != array_of(t)->nelems)
				return 0;
			p.local_id = array_of(l)->type;
			p.target_id = array_of(t)->type;
			break;
		default:
			return 0;
		}
	}
	return -E2BIG;
}

int core_match(struct core *core, u32 kind, const struct core_spec *local,
	       const struct core_cand *cand, struct core_spec *spec)
{
	struct pair roots = {
		.local = local->btf,
		.local_id = local->root_id,
		.target = cand->btf,
		.target_id = cand->id,
	};

	spec->btf = cand->btf;
	spec->root_id = cand->id;
	spec->n_accessors = 0;
	spec->n_raw = 0;
	spec->bit_offset = 0;
	core->budget = BUDGET;

	switch (core_class(kind)) {
	case RELO_FIELD:
		return match_field(core, local, spec);
	case RELO_ENUMERATOR:
		return match_enumerator(core, local, spec);
	case RELO_TYPE:
		return kind == BPF_CORE_TYPE_MATCHES ?
			       types_match(core, roots, false, LEVEL_MAX) :
			       types_compatible(core, roots, LEVEL_MAX);
	default:
		return -EOPNOTSUPP;
	}
}
