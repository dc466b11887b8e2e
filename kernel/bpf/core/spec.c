// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Records, access strings and specs */
#include "types.h"

static const struct {
	const char *name;
	enum relo_class class;
} kinds[] = {
	[BPF_CORE_FIELD_BYTE_OFFSET] = { "byte_off", RELO_FIELD },
	[BPF_CORE_FIELD_BYTE_SIZE] = { "byte_sz", RELO_FIELD },
	[BPF_CORE_FIELD_EXISTS] = { "field_exists", RELO_FIELD },
	[BPF_CORE_FIELD_SIGNED] = { "signed", RELO_FIELD },
	[BPF_CORE_FIELD_LSHIFT_U64] = { "lshift_u64", RELO_FIELD },
	[BPF_CORE_FIELD_RSHIFT_U64] = { "rshift_u64", RELO_FIELD },
	[BPF_CORE_TYPE_ID_LOCAL] = { "local_type_id", RELO_TYPE },
	[BPF_CORE_TYPE_ID_TARGET] = { "target_type_id", RELO_TYPE },
	[BPF_CORE_TYPE_EXISTS] = { "type_exists", RELO_TYPE },
	[BPF_CORE_TYPE_SIZE] = { "type_size", RELO_TYPE },
	[BPF_CORE_ENUMVAL_EXISTS] = { "enumval_exists", RELO_ENUMERATOR },
	[BPF_CORE_ENUMVAL_VALUE] = { "enumval_value", RELO_ENUMERATOR },
	[BPF_CORE_TYPE_MATCHES] = { "type_matches", RELO_TYPE },
};

const char *core_kind_name(u32 kind)
{
	return kind < ARRAY_SIZE(kinds) ? kinds[kind].name : "unknown";
}

enum relo_class core_class(u32 kind)
{
	return kind < ARRAY_SIZE(kinds) ? kinds[kind].class : RELO_UNKNOWN;
}

bool core_needs_candidates(const struct bpf_core_relo *relo)
{
	return relo->kind != BPF_CORE_TYPE_ID_LOCAL;
}

void core_print(struct core_log *log, enum core_log_level level,
		const char *format, ...)
{
	va_list args;

	if (!log)
		return;
	va_start(args, format);
	log->print(log, level, format, args);
	va_end(args);
}

static const char *kind_word(const struct btf_type *t)
{
	switch (kind_of(t)) {
	case BTF_KIND_STRUCT:
		return "struct ";
	case BTF_KIND_UNION:
		return "union ";
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return "enum ";
	case BTF_KIND_TYPEDEF:
		return "typedef ";
	default:
		return "";
	}
}

void core_print_type(struct core_log *log, enum core_log_level level,
		     const struct btf *btf, u32 id)
{
	const struct btf_type *t = core_type(btf, id);
	const char *name = t ? core_name(btf, t->name_off) : NULL;

	core_print(log, level, "[%u] %s%.128s", id, t ? kind_word(t) : "",
		   !name ? "that does not exist" : *name ? name : "(anonymous)");
}

void core_print_spec(struct core_log *log, enum core_log_level level, u32 kind,
		     const struct core_spec *spec)
{
	u32 i;

	core_print(log, level, "%s of ", core_kind_name(kind));
	core_print_type(log, level, spec->btf, spec->root_id);
	for (i = 0; i < spec->n_accessors; i++) {
		const struct core_accessor *acc = &spec->accessors[i];

		if (acc->name)
			core_print(log, level, ".%.128s", acc->name);
		else if (i || acc->idx)
			core_print(log, level, "[%u]", acc->idx);
	}
	for (i = 0; i < spec->n_raw; i++)
		core_print(log, level, "%s%u", i ? ":" : " (", spec->raw[i]);
	if (spec->n_raw)
		core_print(log, level, ")");
}

int core_push_raw(struct core_spec *spec, u32 idx)
{
	if (spec->n_raw == CORE_SPEC_MAX)
		return -E2BIG;
	spec->raw[spec->n_raw++] = idx;
	return 0;
}

/* There are never more accessors than steps, nor room for less. */
void core_push(struct core_spec *spec, u32 type_id, u32 idx, const char *name)
{
	spec->accessors[spec->n_accessors++] = (struct core_accessor){
		.type_id = type_id,
		.idx = idx,
		.name = name,
	};
}

int core_add_bits(struct core_spec *spec, u64 bits)
{
	spec->bit_offset += bits;
	return spec->bit_offset > UINT_MAX ? -E2BIG : 0;
}

int core_add_elements(struct core_spec *spec, u32 type_id, u32 idx)
{
	u32 size;
	int err;

	err = core_size(spec->btf, type_id, &size);
	if (err)
		return err;
	if ((u64)idx * size > UINT_MAX / 8)
		return -E2BIG;
	return core_add_bits(spec, (u64)idx * size * 8);
}

bool core_has_element(const struct core_spec *spec, const struct btf_type *array,
		      u32 idx)
{
	const struct core_accessor *acc = &spec->accessors[spec->n_accessors - 1];
	u32 n = array_of(array)->nelems;

	if (idx < n)
		return true;
	return !n && acc->name &&
	       acc->idx + 1 == vlen_of(core_type(spec->btf, acc->type_id));
}

/* Read "0:1:2" into spec->raw: decimal numbers that an int can hold */
static int read_string(const char *s, struct core_spec *spec, const char **why)
{
	int err;

	do {
		u64 idx = 0;

		if (*s < '0' || *s > '9')
			goto bad;
		for (; *s >= '0' && *s <= '9'; s++) {
			idx = idx * 10 + (*s - '0');
			if (idx > INT_MAX)
				goto bad;
		}
		err = core_push_raw(spec, idx);
		if (err) {
			*why = "too many steps";
			return err;
		}
		if (!*s)
			return 0;
	} while (*s++ == ':');
bad:
	*why = "not a list of indices";
	return -EINVAL;
}

static int parse_enumerator(struct core_spec *spec, u32 id, const char **why)
{
	const struct btf_type *t = core_type(spec->btf, id);
	u32 idx = spec->raw[0];
	const char *name;

	*why = "no such enumerator";
	if (!is_enum(t) || spec->n_raw != 1 || idx >= vlen_of(t))
		return -EINVAL;
	name = core_name(spec->btf, enumerator_name_off(t, idx));
	if (!name || !*name)
		return -EINVAL;
	core_push(spec, id, idx, name);
	return 0;
}

/* A member of the struct or union *@id, whose type is put there */
static int parse_member(struct core_spec *spec, u32 *id, u32 idx, const char **why)
{
	const struct btf_type *t = core_type(spec->btf, *id);
	const struct btf_member *member = &members_of(t)[idx];
	const char *name;

	*why = "no such member";
	if (idx >= vlen_of(t))
		return -EINVAL;
	name = core_name(spec->btf, member->name_off);
	if (!name)
		return -EINVAL;
	if (*name)
		core_push(spec, *id, idx, name);
	*id = member->type;
	*why = "too far away";
	return core_add_bits(spec, member_bit_offset(t, idx));
}

static int parse_element(struct core_spec *spec, u32 *id, u32 idx, const char **why)
{
	const struct btf_type *t = core_type(spec->btf, *id);

	*why = "outside the array";
	if (!core_has_element(spec, t, idx))
		return -EINVAL;
	*id = array_of(t)->type;
	*why = "elements of a type that does not exist";
	if (!core_skip(spec->btf, id))
		return -EINVAL;
	core_push(spec, *id, idx, NULL);
	*why = "no size, or too far away";
	return core_add_elements(spec, *id, idx);
}

static int parse_field(struct core_spec *spec, u32 id, const char **why)
{
	int err;
	u32 i;

	core_push(spec, id, spec->raw[0], NULL);
	*why = "no size, or too far away";
	err = core_add_elements(spec, id, spec->raw[0]);

	for (i = 1; i < spec->n_raw && !err; i++) {
		const struct btf_type *t = core_skip(spec->btf, &id);

		if (t && is_composite(t)) {
			err = parse_member(spec, &id, spec->raw[i], why);
		} else if (t && kind_of(t) == BTF_KIND_ARRAY) {
			err = parse_element(spec, &id, spec->raw[i], why);
		} else {
			*why = "leads into what is no struct, union or array";
			err = -EINVAL;
		}
	}
	return err;
}

static int parse(const struct bpf_core_relo *relo, struct core_spec *spec,
		 const char **why)
{
	const char *string = core_name(spec->btf, relo->access_str_off);
	enum relo_class class = core_class(relo->kind);
	u32 id = relo->type_id;
	int err;

	*why = "not a kind that is known here";
	if (class == RELO_UNKNOWN)
		return -EOPNOTSUPP;
	*why = "no such type";
	if (!core_skip(spec->btf, &id))
		return -EINVAL;
	*why = "no such string";
	if (!string)
		return -EINVAL;

	if (class == RELO_TYPE) {
		*why = "not \"0\", as for every type";
		return strcmp(string, "0") ? -EINVAL : 0;
	}
	err = read_string(string, spec, why);
	if (err)
		return err;
	if (class == RELO_ENUMERATOR)
		return parse_enumerator(spec, id, why);
	return parse_field(spec, id, why);
}

int core_parse(struct core *core, const struct bpf_core_relo *relo,
	       struct core_spec *spec)
{
	const char *string, *why = NULL;
	int err;

	spec->btf = core->local;
	spec->root_id = relo->type_id;
	spec->n_accessors = 0;
	spec->n_raw = 0;
	spec->bit_offset = 0;

	err = parse(relo, spec, &why);
	if (!err)
		return 0;

	string = core_name(core->local, relo->access_str_off);
	core_print(core->log, CORE_LOG_ERROR, "relocation %s (%u) of ",
		   core_kind_name(relo->kind), relo->kind);
	core_print_type(core->log, CORE_LOG_ERROR, core->local, relo->type_id);
	core_print(core->log, CORE_LOG_ERROR, " + \"%.64s\": %s\n",
		   string ? string : "?", why);
	return err;
}
