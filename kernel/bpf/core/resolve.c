// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From specs to values */
#include "types.h"

#define LOAD_MAX	8	/* bytes that an instruction can load */

/* What a relocation asks, answered for one side */
struct value {
	u64 val;
	bool exact;	/* the compiler must have come to the same */

	/* What a load of the field has to do: only for the offset of a field that
	 * is no bit-field
	 */
	u32 size;
	const struct btf_type *type;
};

/* Where a field is, and how much a load must read to have all of it */
struct place {
	const struct btf_type *type;
	u32 byte_offset, byte_size;
	u32 bit_offset, bit_size;
	bool bitfield;
};

/* A bit-field is read with the smallest load at a multiple of its size that has
 * all of it, starting from the size of its type.
 */
static int place_bitfield(struct place *p)
{
	if (kind_of(p->type) != BTF_KIND_INT && !is_enum(p->type))
		return -EINVAL;
	for (p->byte_size = p->type->size; ; p->byte_size *= 2) {
		u32 bits = p->byte_size * 8;

		if (!bits || p->byte_size > 2 * LOAD_MAX ||
		    (p->byte_size & (p->byte_size - 1)))
			return -EINVAL;
		p->byte_offset = p->bit_offset / bits * p->byte_size;
		if (p->bit_offset % bits + p->bit_size <= bits)
			return 0;
		if (p->byte_size >= LOAD_MAX)
			return -E2BIG;
	}
}

static int place_field(const struct core_spec *spec, struct place *p)
{
	const struct core_accessor *acc = &spec->accessors[spec->n_accessors - 1];
	const struct btf_type *in = core_type(spec->btf, acc->type_id);
	u32 id = acc->name ? members_of(in)[acc->idx].type : acc->type_id;
	int err;

	p->type = core_skip(spec->btf, &id);
	if (!p->type)
		return -EINVAL;
	p->bit_offset = spec->bit_offset;
	p->bit_size = acc->name ? member_bits(in, acc->idx) : 0;
	p->bitfield = p->bit_size;
	if (p->bitfield)
		return place_bitfield(p);

	err = core_size(spec->btf, id, &p->byte_size);
	p->byte_offset = p->bit_offset / 8;
	p->bit_size = p->byte_size * 8;
	return err;
}

/* Who loads from an array by its offset loads its first element. */
static int set_load(const struct core_spec *spec, const struct btf_type *t,
		    struct value *v)
{
	u32 id, i;

	for (i = 0; i < CHAIN_MAX; i++) {
		if (kind_of(t) != BTF_KIND_ARRAY) {
			v->type = t;
			return 0;
		}
		id = array_of(t)->type;
		t = core_skip(spec->btf, &id);
		if (!t || core_size(spec->btf, id, &v->size))
			return -EINVAL;
	}
	return -EINVAL;
}

static bool is_signed(const struct btf_type *t)
{
	return (is_enum(t) && kflag_of(t)) ||
	       (kind_of(t) == BTF_KIND_INT && (int_encoding(t) & BTF_INT_SIGNED));
}

static int field_value(const struct core *core, u32 kind,
		       const struct core_spec *spec, struct value *v)
{
	const struct core_accessor *last = &spec->accessors[spec->n_accessors - 1];
	struct place p;
	int err;

	if (kind == BPF_CORE_FIELD_EXISTS) {
		v->val = 1;
		return 0;
	}
	/* Elements have an offset and a size; nobody asks for more. */
	if (!last->name && kind != BPF_CORE_FIELD_BYTE_OFFSET &&
	    kind != BPF_CORE_FIELD_BYTE_SIZE)
		return -EINVAL;
	err = place_field(spec, &p);
	if (err)
		return err;

	/* How to read a bit-field is not the only way, and the compiler's may be
	 * another; but its sign and its width are what they are.
	 */
	v->exact = !p.bitfield;

	switch (kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET:
		v->val = p.byte_offset;
		if (p.bitfield)
			return 0;
		v->size = p.byte_size;
		return set_load(spec, p.type, v);
	case BPF_CORE_FIELD_BYTE_SIZE:
		v->val = p.byte_size;
		return 0;
	case BPF_CORE_FIELD_SIGNED:
		v->val = is_signed(p.type);
		v->exact = true;
		return 0;
	}

	/* Shifts that leave the field alone in 64 bits */
	if (p.byte_size > LOAD_MAX)
		return -E2BIG;
	if (kind == BPF_CORE_FIELD_RSHIFT_U64) {
		v->val = 64 - p.bit_size;
		v->exact = true;
		return 0;
	}
	v->val = p.bit_offset - p.byte_offset * 8;
	if (core->big_endian)
		v->val += (LOAD_MAX - p.byte_size) * 8;
	else
		v->val = 64 - p.bit_size - v->val;
	return 0;
}

static int type_value(u32 kind, const struct core_spec *spec, struct value *v)
{
	u32 size;
	int err;

	switch (kind) {
	case BPF_CORE_TYPE_ID_LOCAL:
	case BPF_CORE_TYPE_ID_TARGET:
		/* Linkers renumber types without a look at the instructions. */
		v->val = spec->root_id;
		v->exact = false;
		return 0;
	case BPF_CORE_TYPE_SIZE:
		err = core_size(spec->btf, spec->root_id, &size);
		v->val = size;
		return err;
	default:
		v->val = 1;
		return 0;
	}
}

static u64 enumerator_value(const struct core_spec *spec)
{
	const struct core_accessor *acc = &spec->accessors[0];
	const struct btf_type *t = core_type(spec->btf, acc->type_id);
	const struct btf_enum64 *e;

	if (kind_of(t) == BTF_KIND_ENUM)
		return (s64)((const struct btf_enum *)(t + 1))[acc->idx].val;
	e = &((const struct btf_enum64 *)(t + 1))[acc->idx];
	return (u64)e->val_hi32 << 32 | e->val_lo32;
}

static int value_of(const struct core *core, u32 kind,
		    const struct core_spec *spec, struct value *v)
{
	*v = (struct value){ .exact = true };
	switch (core_class(kind)) {
	case RELO_FIELD:
		return field_value(core, kind, spec, v);
	case RELO_TYPE:
		return type_value(kind, spec, v);
	default:
		v->val = kind == BPF_CORE_ENUMVAL_VALUE ? enumerator_value(spec) : 1;
		return 0;
	}
}

/* What stands for a value where the target has none */
static void set_missing(u32 kind, struct core_result *res)
{
	res->new_val = 0;
	res->poison = kind == BPF_CORE_ENUMVAL_VALUE ||
		      (core_class(kind) == RELO_FIELD &&
		       kind != BPF_CORE_FIELD_EXISTS);
}

/* A load or store of the local size can become one of the target's if what it
 * reads into a register is extended with zeroes, which are right for pointers and
 * for numbers without a sign.
 */
static bool can_adapt(const struct value *orig, const struct value *new)
{
	if (orig->size == new->size)
		return true;
	if (!orig->type || !new->type || kind_of(orig->type) != kind_of(new->type))
		return false;
	return kind_of(orig->type) == BTF_KIND_PTR ||
	       (kind_of(orig->type) == BTF_KIND_INT &&
		!is_signed(orig->type) && !is_signed(new->type));
}

/* Whether two candidates say the same; set @res to what is true of both. */
static bool agree(struct core_result *res, u64 bit_offset, const struct value *v,
		  const struct core_spec *spec)
{
	if (spec->bit_offset != bit_offset || v->val != res->new_val)
		return false;
	/* Fields of different size at one place are a matter of loads only. */
	if (v->size != res->new_size)
		res->bad_size = true;
	return true;
}

static int no_value(struct core *core, u32 kind, const struct core_spec *spec, int err)
{
	core_print_spec(core->log, CORE_LOG_ERROR, kind, spec);
	core_print(core->log, CORE_LOG_ERROR, ": %s\n",
		   err == -E2BIG ? "more than one load can read" : "no such value");
	return err;
}

static void list_candidates(struct core *core, u32 kind,
			    const struct core_cands *cands, u32 n)
{
	struct core_spec *spec = &core->cand_spec;
	struct value v;
	u32 i;

	core_print_spec(core->log, CORE_LOG_ERROR, kind, &core->local_spec);
	core_print(core->log, CORE_LOG_ERROR, ": candidates disagree\n");
	for (i = 0; i < n; i++) {
		if (core_match(core, kind, &core->local_spec, &cands->items[i], spec) <= 0 ||
		    value_of(core, kind, spec, &v))
			continue;
		core_print(core->log, CORE_LOG_ERROR, "  %llu: ", v.val);
		core_print_spec(core->log, CORE_LOG_ERROR, kind, spec);
		core_print(core->log, CORE_LOG_ERROR, ", bit %llu\n", spec->bit_offset);
	}
}

/* Match all candidates; those that do come to the front. Returns their number,
 * or a negative errno.
 */
static int match_all(struct core *core, u32 kind, struct core_cands *cands,
		     const struct value *orig, struct core_result *res)
{
	struct core_spec *spec = &core->cand_spec;
	u64 bit_offset = 0;
	u32 i, n = 0;

	for (i = 0; i < cands->cnt; i++) {
		struct value v;
		int ret;

		ret = core_match(core, kind, &core->local_spec, &cands->items[i], spec);
		if (ret < 0) {
			core_print_spec(core->log, CORE_LOG_ERROR, kind, &core->local_spec);
			core_print(core->log, CORE_LOG_ERROR, ": cannot compare with ");
			core_print_type(core->log, CORE_LOG_ERROR, cands->items[i].btf,
					cands->items[i].id);
			core_print(core->log, CORE_LOG_ERROR, ", which is %s\n",
				   ret == -E2BIG ? "too large or too deep" : "broken");
			return ret;
		}
		core_print(core->log, CORE_LOG_INFO, "  %s: ", ret ? "match" : "no match");
		core_print_spec(core->log, CORE_LOG_INFO, kind, spec);
		core_print(core->log, CORE_LOG_INFO, "\n");
		if (!ret)
			continue;

		ret = value_of(core, kind, spec, &v);
		if (ret)
			return no_value(core, kind, spec, ret);
		cands->items[n] = cands->items[i];
		if (!n) {
			bit_offset = spec->bit_offset;
			res->new_val = v.val;
			res->new_size = v.size;
			res->bad_size = !can_adapt(orig, &v);
		} else if (!agree(res, bit_offset, &v, spec)) {
			list_candidates(core, kind, cands, n + 1);
			return -EINVAL;
		}
		n++;
	}
	return n;
}

static bool is_anonymous(const struct core_spec *spec)
{
	const char *name = core_name(spec->btf,
				     core_type(spec->btf, spec->root_id)->name_off);

	return !name || !*name;
}

int core_resolve(struct core *core, const struct bpf_core_relo *relo,
		 struct core_cands *cands, struct core_result *res)
{
	struct core_spec *local = &core->local_spec;
	struct value orig;
	int ret;

	ret = core_parse(core, relo, local);
	if (ret)
		return ret;
	core_print_spec(core->log, CORE_LOG_INFO, relo->kind, local);
	core_print(core->log, CORE_LOG_INFO, "\n");

	ret = value_of(core, relo->kind, local, &orig);
	if (ret)
		return no_value(core, relo->kind, local, ret);
	*res = (struct core_result){
		.orig_val = orig.val,
		.new_val = orig.val,
		.orig_size = orig.size,
		.validate = orig.exact,
	};
	if (!core_needs_candidates(relo))
		return 0;
	if (is_anonymous(local)) {
		core_print_spec(core->log, CORE_LOG_ERROR, relo->kind, local);
		core_print(core->log, CORE_LOG_ERROR, ": cannot be found without a name\n");
		return -EOPNOTSUPP;
	}

	ret = match_all(core, relo->kind, cands, &orig, res);
	if (ret < 0)
		return ret;
	if (ret)
		cands->cnt = ret;
	else
		set_missing(relo->kind, res);
	return 0;
}
