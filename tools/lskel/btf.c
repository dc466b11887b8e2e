// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/libbpf.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "refuse.h"

#define DEPTH_MAX	64	/* of modifiers; more than any compiler writes */
#define RECORD_MAX	252	/* bytes; MAX_FUNCINFO_REC_SIZE of the kernel */

static bool has_type(const struct spec *spec, uint32_t id)
{
	return id < btf__type_cnt(spec->types);
}

static bool has_name(const struct spec *spec, uint32_t offset)
{
	return btf__str_by_offset(spec->types, offset);
}

static bool member_exists(const struct spec *spec, const struct btf_type *t,
			  uint32_t i)
{
	const struct btf_type *var;

	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return has_name(spec, btf_members(t)[i].name_off) &&
		       has_type(spec, btf_members(t)[i].type);
	case BTF_KIND_FUNC_PROTO:
		return has_name(spec, btf_params(t)[i].name_off) &&
		       has_type(spec, btf_params(t)[i].type);
	case BTF_KIND_ENUM:
		return has_name(spec, btf_enum(t)[i].name_off);
	case BTF_KIND_ENUM64:
		return has_name(spec, btf_enum64(t)[i].name_off);
	default: /* BTF_KIND_DATASEC; the one of kernel symbols has functions */
		var = btf__type_by_id(spec->types, btf_var_secinfos(t)[i].type);
		return var && (btf_is_var(var) || btf_is_func(var));
	}
}

/* What type @t refers to exists */
static bool is_whole(const struct spec *spec, const struct btf_type *t)
{
	if (!has_name(spec, t->name_off))
		return false;
	switch (btf_kind(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return has_type(spec, t->type);
	case BTF_KIND_ARRAY:
		return has_type(spec, btf_array(t)->type) &&
		       has_type(spec, btf_array(t)->index_type);
	case BTF_KIND_FUNC_PROTO:
		if (!has_type(spec, t->type))
			return false;
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_DATASEC:
		break;
	default:
		return true;
	}
	for (uint32_t i = 0; i < btf_vlen(t); i++)
		if (!member_exists(spec, t, i))
			return false;
	return true;
}

int types_read(struct spec *spec, const uint8_t *bytes, size_t size)
{
	struct btf *types;

	/* What is wrong is said below, for the file at hand. */
	libbpf_set_print(NULL);
	if (size > UINT32_MAX)
		return refuse(spec, REFUSE_too_big, IN(".BTF", NULL),
			      "%zu bytes", size);
	types = btf__new(bytes, size);
	if (!types)
		return refuse(spec, REFUSE_bad_btf, IN(".BTF", NULL),
			      "not BTF of a kind that is known here");
	spec->types = types;
	btf__set_pointer_size(types, 8);
	for (uint32_t id = 1; id < btf__type_cnt(types); id++)
		if (!is_whole(spec, btf__type_by_id(types, id)))
			return refuse(spec, REFUSE_bad_btf, IN(".BTF", NULL),
				      "type %u refers to what does not exist", id);
	return 0;
}

const struct btf_type *types_skip(const struct btf *types, uint32_t *id)
{
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		const struct btf_type *t = btf__type_by_id(types, *id);

		if (!*id)
			return NULL;
		if (!btf_is_mod(t) && !btf_is_typedef(t))
			return t;
		*id = t->type;
	}
	return NULL;
}

int types_names(struct spec *spec, uint32_t kind, struct names *names)
{
	for (uint32_t id = 1; spec->types && id < btf__type_cnt(spec->types); id++) {
		const struct btf_type *t = btf__type_by_id(spec->types, id);

		if (btf_kind(t) == kind &&
		    names_add(spec->arena, names,
			      btf__name_by_offset(spec->types, t->name_off), id))
			return -ENOMEM;
	}
	names_sort(names);
	return 0;
}

static uint32_t info(uint32_t kind, uint32_t vlen)
{
	return kind << 24 | vlen;
}

/* What the reduced types are made of */
struct reduction {
	struct btf *types;
	int byte;		/* id of an added type of one byte; 0: not yet */
	uint32_t n_empty;	/* DATASECs that need one */
	bool changed;
};

/* Types have moved when this returns. */
static int add_byte(struct reduction *r)
{
	if (!r->byte)
		r->byte = btf__add_int(r->types, "enum64_placeholder", 1, 0);
	return r->byte < 0 ? r->byte : 0;
}

/* Make a type of a kind that is younger than 5.10 into one of the same size and
 * id of an older kind: the same as libbpf chooses, so that programs see the
 * same types.
 */
static int reduce_type(struct reduction *r, uint32_t id)
{
	struct btf_type *t = (struct btf_type *)btf__type_by_id(r->types, id);
	uint32_t vlen = btf_vlen(t);
	int err;

	switch (btf_kind(t)) {
	case BTF_KIND_FLOAT:
		t->name_off = 0;
		t->info = info(BTF_KIND_STRUCT, 0);
		break;
	case BTF_KIND_TYPE_TAG:
		t->name_off = 0;
		t->info = info(BTF_KIND_CONST, 0);
		break;
	case BTF_KIND_DECL_TAG:
		t->info = info(BTF_KIND_INT, 0);
		t->size = 1;
		*(uint32_t *)(t + 1) = 8;	/* bits */
		break;
	case BTF_KIND_ENUM:
		if (!btf_kflag(t))
			return 0;
		t->info = info(BTF_KIND_ENUM, vlen);
		break;
	case BTF_KIND_ENUM64:
		/* A union: its members take as much room as the values. */
		err = add_byte(r);
		if (err)
			return err;
		t = (struct btf_type *)btf__type_by_id(r->types, id);
		t->info = info(BTF_KIND_UNION, vlen);
		for (uint32_t i = 0; i < vlen; i++) {
			btf_members(t)[i].type = r->byte;
			btf_members(t)[i].offset = 0;
		}
		break;
	case BTF_KIND_DATASEC:
		if (vlen)
			return 0;
		r->n_empty++;
		break;
	default:
		return 0;
	}
	r->changed = true;
	return 0;
}

/* A DATASEC without variables, as a compiler makes one for constants that are
 * not named, gets one: to 5.10 an empty one is invalid, and nothing but a
 * DATASEC goes with a map of data. All behind it moves, for which libbpf has no
 * function.
 */
static int fill_datasecs(struct spec *spec, struct reduction *r)
{
	const uint32_t grows = sizeof(struct btf_var_secinfo);
	enum btf_endianness order = btf__endianness(r->types);
	const uint8_t *raw, *from, *first;
	struct btf_header *header;
	struct btf *types;
	uint32_t size;
	uint8_t *to;
	int var;

	var = add_byte(r) ?: btf__add_var(r->types, "placeholder", BTF_VAR_STATIC,
					  r->byte);
	if (var < 0)
		return var;
	/* As types were added, libbpf writes these bytes anew: the header,
	 * nothing between it and the types, and the strings behind them.
	 */
	btf__set_endianness(r->types, htole16(1) == 1 ? BTF_LITTLE_ENDIAN : BTF_BIG_ENDIAN);
	raw = btf__raw_data(r->types, &size);
	types = raw ? btf__new(raw, size) : NULL;
	header = arena_alloc(spec->arena, size + (uint64_t)r->n_empty * grows);
	if (!types || !header) {
		btf__free(types);
		return -ENOMEM;
	}
	first = (const uint8_t *)btf__type_by_id(types, 1);
	from = raw;
	to = (uint8_t *)header;
	for (uint32_t id = 1; id < btf__type_cnt(types); id++) {
		const struct btf_type *t = btf__type_by_id(types, id);
		const uint8_t *end = raw + sizeof(*header) +
				     ((const uint8_t *)(t + 1) - first);

		if (!btf_is_datasec(t) || btf_vlen(t))
			continue;
		to = mempcpy(to, from, end - from);
		from = end;
		((struct btf_type *)to)[-1].info = info(BTF_KIND_DATASEC, 1);
		to = mempcpy(to, &(struct btf_var_secinfo){ .type = var, .size = 1 },
			     grows);
	}
	memcpy(to, from, raw + size - from);
	header->type_len += r->n_empty * grows;
	header->str_off += r->n_empty * grows;
	btf__free(types);
	btf__free(r->types);
	r->types = btf__new(header, size + r->n_empty * grows);
	if (!r->types)
		return -ENOMEM;
	return btf__set_endianness(r->types, order);
}

static int set_raw(struct spec *spec, const struct btf *types,
		   const uint8_t **bytes, uint32_t *size)
{
	const void *raw = btf__raw_data(types, size);

	*bytes = raw ? arena_dup(spec->arena, raw, *size) : NULL;
	return *bytes ? 0 : -ENOMEM;
}

int types_finish(struct spec *spec)
{
	struct reduction r = { 0 };
	uint32_t n;
	int err;

	if (!spec->types)
		return 0;
	err = set_raw(spec, spec->types, &spec->btf, &spec->btf_size);
	if (err)
		return sink_nomem(spec->sink);
	r.types = btf__new(spec->btf, spec->btf_size);
	if (!r.types)
		return sink_nomem(spec->sink);
	n = btf__type_cnt(r.types);
	for (uint32_t id = 1; id < n && !err; id++)
		err = reduce_type(&r, id);
	if (!err && r.n_empty)
		err = fill_datasecs(spec, &r);
	if (!err && r.changed)
		err = set_raw(spec, r.types, &spec->reduced_btf,
			      &spec->reduced_btf_size);
	btf__free(r.types);
	return err ? sink_nomem(spec->sink) : 0;
}

/* A section of .BTF.ext while it is read */
struct reader {
	struct spec *spec;
	const uint8_t *pos, *end;
};

static uint32_t get_u32(struct reader *r)
{
	uint32_t n;

	memcpy(&n, r->pos, sizeof(n));
	r->pos += sizeof(n);
	return r->spec->big_endian ? be32toh(n) : le32toh(n);
}

static bool have(const struct reader *r, uint64_t bytes)
{
	return (uint64_t)(r->end - r->pos) >= bytes;
}

static int bad_ext(const struct spec *spec, const char *what)
{
	return refuse(spec, REFUSE_bad_btf_ext, IN(".BTF.ext", NULL),
		      "%s", what);
}

static int by_instruction(const void *a, const void *b, void *rec_size)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x != y ? (x > y) - (x < y) : memcmp(a, b, *(uint32_t *)rec_size);
}

/* One table: the size of a record, then for each section its name, the number
 * of records, and these.
 */
static int read_table(struct reader r, ext_table *tables, uint32_t min_size)
{
	struct spec *spec = r.spec;
	uint32_t size;

	if (r.pos == r.end)
		return 0;
	if (!have(&r, 4))
		return bad_ext(spec, "a table is cut off");
	size = get_u32(&r);
	if (size < min_size || size > RECORD_MAX || size % 4)
		return bad_ext(spec, "a table's records have an impossible size");
	while (r.pos < r.end) {
		struct ext_records *table;
		uint32_t *items;
		const char *name;
		uint32_t n;

		if (!have(&r, 8))
			return bad_ext(spec, "a table is cut off");
		name = btf__str_by_offset(spec->types, get_u32(&r));
		n = get_u32(&r);
		if (!name || !have(&r, (uint64_t)n * size))
			return bad_ext(spec, "a table is cut off, or has no name");
		items = arena_array(spec->arena, n, size);
		table = vec_push(spec->arena, tables);
		if (!items || !table)
			return sink_nomem(spec->sink);
		for (uint64_t i = 0; i < (uint64_t)n * size / 4; i++)
			items[i] = get_u32(&r);
		qsort_r(items, n, size, by_instruction, &size);
		*table = (struct ext_records){
			.section = name,
			.records = { .items = items, .rec_size = size, .n = n },
		};
	}
	return 0;
}

int ext_read(struct ext *ext, struct spec *spec, const uint8_t *bytes,
	     size_t size)
{
	struct reader r = { .spec = spec, .pos = bytes, .end = bytes + size };
	const struct {
		ext_table *table;
		uint32_t min_size;
	} tables[] = {
		{ &ext->func, sizeof(struct bpf_func_info) },
		{ &ext->line, sizeof(struct bpf_line_info) },
		{ &ext->core, sizeof(struct bpf_core_relo) },
	};
	uint32_t header;
	int err = 0;

	*ext = (struct ext){ 0 };
	if (!have(&r, 8))
		return bad_ext(spec, "it is cut off");
	/* Magic, version 1 and flags 0, seen as one number */
	if (get_u32(&r) != (spec->big_endian ? (uint32_t)BTF_MAGIC << 16 | 1 << 8 :
						BTF_MAGIC | 1 << 16))
		return bad_ext(spec, "not a version that is known here");
	header = get_u32(&r);
	if (header < 8 || header > size)
		return bad_ext(spec, "its header is cut off");
	r.end = bytes + header;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && !err; i++) {
		uint64_t start, length;

		if (!have(&r, 8))
			break;
		start = header + (uint64_t)get_u32(&r);
		length = get_u32(&r);
		if (start + length > size)
			return bad_ext(spec, "a table is not inside");
		err = read_table((struct reader){
					.spec = spec,
					.pos = bytes + start,
					.end = bytes + start + length,
				 }, tables[i].table, tables[i].min_size);
	}
	return err;
}

/* The number of records whose instruction is before @offset */
static uint32_t before(const struct spec_records *records, uint64_t offset)
{
	uint32_t low = 0, high = records->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const uint8_t *rec = (const uint8_t *)records->items +
				     (size_t)mid * records->rec_size;

		if (*(const uint32_t *)rec < offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct spec_records ext_range(const struct spec_records *records, uint64_t start,
			      uint64_t end)
{
	uint32_t first = before(records, start);

	if (!records->n)
		return *records;
	return (struct spec_records){
		.items = (uint8_t *)records->items + (size_t)first * records->rec_size,
		.rec_size = records->rec_size,
		.n = before(records, end) - first,
	};
}
