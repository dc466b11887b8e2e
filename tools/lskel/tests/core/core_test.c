// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The CO-RE engine on types, records and instructions that no compiler writes,
 * and on those of its own documentation
 */
#include <bpf/btf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "kselftest_harness.h"

#define DEEP	100	/* more than any limit */

static struct core core;

static struct {
	struct core_log log;
	char text[8192];
} said;

static void say(struct core_log *log, enum core_log_level level, const char *format,
		va_list args)
{
	size_t len = strlen(said.text);

	(void)log;
	if (level != CORE_LOG_INFO)
		vsnprintf(said.text + len, sizeof(said.text) - len, format, args);
}

/* Types by hand; a pointer is good until the next type. */
static struct btf_type *type(struct btf *btf, int id)
{
	return (struct btf_type *)btf__type_by_id(btf, id);
}

struct member {
	const char *name;
	int type;
	__u32 bit, bits;
};

static int composite(struct btf *btf, const char *name, __u32 size,
		     const struct member *members)
{
	int id = btf__add_struct(btf, name, size);

	for (; members->type; members++)
		if (btf__add_field(btf, members->name, members->type, members->bit,
				   members->bits))
			abort();
	return id;
}

#define STRUCT(btf, name, size, ...) \
	composite(btf, name, size, (struct member[]){ __VA_ARGS__, { 0 } })

static struct btf *new_types(void)
{
	struct btf *btf = btf__new_empty();

	btf__set_pointer_size(btf, 8);
	return btf;
}

FIXTURE(core)
{
	struct btf *local, *target;
	struct core_cand items[8];
	struct core_cands cands;
	struct core_result res;
	struct bpf_core_relo relo;
};

FIXTURE_SETUP(core)
{
	self->local = new_types();
	self->target = new_types();
	self->cands = (struct core_cands){ .items = self->items };
	said.text[0] = '\0';
	said.log.print = say;
	core.local = self->local;
	core.big_endian = false;
	core.log = &said.log;
}

FIXTURE_TEARDOWN(core)
{
	btf__free(self->local);
	btf__free(self->target);
}

static int resolve(FIXTURE_DATA(core) *self, __u32 kind, int id, const char *access)
{
	__u32 cand = 0;

	self->relo = (struct bpf_core_relo){
		.type_id = id,
		.access_str_off = btf__add_str(self->local, access),
		.kind = kind,
	};
	self->cands.cnt = 0;
	while ((cand = core_next_candidate(self->local, id, self->target, cand)))
		self->items[self->cands.cnt++] = (struct core_cand){ self->target, cand };
	return core_resolve(&core, &self->relo, &self->cands, &self->res);
}

/* What core.h explains */
static int sample(struct btf *btf, bool local)
{
	int s16_id = btf__add_int(btf, "short", 2, BTF_INT_SIGNED);
	int s32_id = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int s64_id = btf__add_int(btf, "long", 8, BTF_INT_SIGNED);
	int pair = STRUCT(btf, "pair", 4, { "lo", s16_id, 0, 0 }, { "hi", s16_id, 16, 0 });
	int array, inner;

	pair = btf__add_const(btf, pair);
	array = btf__add_array(btf, s32_id, pair, local ? 2 : 4);
	if (!local)
		return STRUCT(btf, "sample", 24, { "half", array, 0, 0 },
			      { "tail", s64_id, 128, 0 });
	inner = btf__add_union(btf, NULL, 8);
	btf__add_field(btf, "whole", s32_id, 0, 0);
	btf__add_field(btf, "half", array, 0, 0);
	return STRUCT(btf, "sample", 16, { "head", s64_id, 0, 0 }, { NULL, inner, 64, 0 });
}

TEST_F(core, example_of_the_documentation)
{
	static const __u32 local_raw[] = { 0, 1, 1, 1, 1 }, target_raw[] = { 0, 0, 1, 1 };
	int id = sample(self->local, true);
	const struct core_spec *local = &core.local_spec, *target = &core.cand_spec;

	sample(self->target, false);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, id, "0:1:1:1:1"));
	EXPECT_EQ(14, self->res.orig_val);
	EXPECT_EQ(6, self->res.new_val);
	EXPECT_EQ(2, self->res.orig_size);
	EXPECT_EQ(2, self->res.new_size);
	EXPECT_TRUE(self->res.validate);
	EXPECT_FALSE(self->res.poison);

	ASSERT_EQ(5, local->n_raw);
	EXPECT_EQ(0, memcmp(local->raw, local_raw, sizeof(local_raw)));
	ASSERT_EQ(4, target->n_raw);
	EXPECT_EQ(0, memcmp(target->raw, target_raw, sizeof(target_raw)));
	ASSERT_EQ(4, local->n_accessors);
	ASSERT_EQ(4, target->n_accessors);
	EXPECT_EQ(NULL, local->accessors[0].name);
	EXPECT_STREQ("half", local->accessors[1].name);
	EXPECT_EQ(NULL, local->accessors[2].name);
	EXPECT_EQ(1, local->accessors[2].idx);
	EXPECT_STREQ("hi", local->accessors[3].name);
}

TEST_F(core, first_index_counts_whole_types)
{
	int id = sample(self->local, true);

	sample(self->target, false);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, id, "3:1:1:0:0"));
	EXPECT_EQ(3 * 16 + 8, self->res.orig_val);
	EXPECT_EQ(3 * 24, self->res.new_val);
}

TEST_F(core, access_strings)
{
	static const struct {
		const char *string;
		int err;
	} cases[] = {
		{ "0:0", 0 },
		{ "0:1", 0 },
		{ "", -EINVAL },
		{ ":", -EINVAL },
		{ "0:", -EINVAL },
		{ ":0", -EINVAL },
		{ "0:0:", -EINVAL },
		{ "0::0", -EINVAL },
		{ "-1", -EINVAL },
		{ "-1:0", -EINVAL },
		{ "0:-1", -EINVAL },
		{ "0:-0", -EINVAL },
		{ "+0", -EINVAL },
		{ " 0", -EINVAL },
		{ "0 ", -EINVAL },
		{ "0:0x0", -EINVAL },
		{ "a", -EINVAL },
		{ "0;0", -EINVAL },
		{ "0:2147483648", -EINVAL },
		{ "0:4294967296", -EINVAL },
		{ "0:18446744073709551616", -EINVAL },
		{ "0:2147483647", -EINVAL },	/* no such member */
		{ "0:2", -EINVAL },
		{ "0:1:2", -EINVAL },
		{ "0:0:0", -EINVAL },		/* into an int */
		{ "0:1:1:2", -EINVAL },		/* behind the array */
		{ "0:1:1:1:2", -EINVAL },
		{ "0:1:1:1:1:0", -EINVAL },
		{ "33554431", 0 },		/* just below 2^32 bits */
		{ "33554432", -E2BIG },
		{ "2147483647", -E2BIG },
		{ "2147483648", -EINVAL },
		{ "0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0"
		  ":0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0", -E2BIG },
	};
	int id = sample(self->local, true);
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		EXPECT_EQ(cases[i].err, resolve(self, BPF_CORE_FIELD_EXISTS, id, cases[i].string))
			TH_LOG("case %u", i);

	/* Types have "0" and nothing else; enumerators are elsewhere. */
	EXPECT_EQ(0, resolve(self, BPF_CORE_TYPE_EXISTS, id, "0"));
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_TYPE_EXISTS, id, "1"));
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_TYPE_EXISTS, id, "0:0"));
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_TYPE_ID_LOCAL, id, ""));
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_ENUMVAL_VALUE, id, "0"));
}

TEST_F(core, types_kinds_and_strings_that_do_not_exist)
{
	int id = sample(self->local, true);
	__u32 kind;

	for (kind = 0; kind <= BPF_CORE_TYPE_MATCHES; kind++)
		EXPECT_EQ(-EINVAL, resolve(self, kind, 0xfffffff, "0"))
			TH_LOG("kind %u", kind);
	EXPECT_EQ(-EOPNOTSUPP, resolve(self, BPF_CORE_TYPE_MATCHES + 1, id, "0"));
	EXPECT_EQ(-EOPNOTSUPP, resolve(self, -1, id, "0"));

	self->relo.kind = BPF_CORE_TYPE_ID_LOCAL;
	self->relo.access_str_off = 0x7fffffff;
	EXPECT_EQ(-EINVAL, core_resolve(&core, &self->relo, NULL, &self->res));
	EXPECT_NE(NULL, strstr(said.text, "no such string\n"));
	core.log = NULL;
	EXPECT_EQ(-EINVAL, core_resolve(&core, &self->relo, NULL, &self->res));
}

TEST_F(core, local_id_needs_no_target)
{
	int id = sample(self->local, true);

	self->relo = (struct bpf_core_relo){
		.type_id = id,
		.access_str_off = btf__add_str(self->local, "0"),
		.kind = BPF_CORE_TYPE_ID_LOCAL,
	};
	EXPECT_FALSE(core_needs_candidates(&self->relo));
	ASSERT_EQ(0, core_resolve(&core, &self->relo, NULL, &self->res));
	EXPECT_EQ(id, self->res.new_val);
	EXPECT_FALSE(self->res.validate);
}

TEST_F(core, missing_is_zero_or_poison)
{
	static const struct {
		__u32 kind;
		bool poison;
	} cases[] = {
		{ BPF_CORE_FIELD_BYTE_OFFSET, true },
		{ BPF_CORE_FIELD_BYTE_SIZE, true },
		{ BPF_CORE_FIELD_SIGNED, true },
		{ BPF_CORE_FIELD_LSHIFT_U64, true },
		{ BPF_CORE_FIELD_RSHIFT_U64, true },
		{ BPF_CORE_FIELD_EXISTS, false },
		{ BPF_CORE_TYPE_ID_TARGET, false },
		{ BPF_CORE_TYPE_EXISTS, false },
		{ BPF_CORE_TYPE_SIZE, false },
		{ BPF_CORE_TYPE_MATCHES, false },
	};
	int id = sample(self->local, true), number;
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *access = cases[i].kind >= BPF_CORE_TYPE_ID_LOCAL ? "0" : "0:0";

		ASSERT_EQ(0, resolve(self, cases[i].kind, id, access));
		EXPECT_EQ(cases[i].poison, self->res.poison);
		EXPECT_EQ(0, self->res.new_val);
	}

	number = btf__add_enum(self->local, "number", 4);
	btf__add_enum_value(self->local, "ONE", 1);
	ASSERT_EQ(0, resolve(self, BPF_CORE_ENUMVAL_EXISTS, number, "0"));
	EXPECT_FALSE(self->res.poison);
	EXPECT_EQ(1, self->res.orig_val);
	EXPECT_EQ(0, self->res.new_val);
	ASSERT_EQ(0, resolve(self, BPF_CORE_ENUMVAL_VALUE, number, "0"));
	EXPECT_TRUE(self->res.poison);
}

TEST_F(core, names)
{
	static const struct {
		const char *name;
		__u32 len;
	} cases[] = {
		{ "task_struct", 11 },
		{ "task_struct___old", 11 },
		{ "a___b", 1 },
		{ "a___b___c", 5 },
		{ "a__b", 4 },
		{ "a____b", 6 },
		{ "a___", 4 },
		{ "___b", 4 },
		{ "___", 3 },
		{ "", 0 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		EXPECT_EQ(cases[i].len, core_essential_len(cases[i].name, strlen(cases[i].name)))
			TH_LOG("case %u", i);
}

TEST_F(core, candidates_are_of_the_same_kind)
{
	int number = btf__add_int(self->local, "int", 4, 0);
	int local = STRUCT(self->local, "x___mine", 4, { "a", number, 0, 0 });
	int local_enum = btf__add_enum(self->local, "x", 4);
	int anonymous = STRUCT(self->local, NULL, 4, { "a", number, 0, 0 });
	int target_enum, target, wide;

	number = btf__add_int(self->target, "int", 4, 0);
	target_enum = btf__add_enum(self->target, "x", 4);
	target = STRUCT(self->target, "x___theirs", 4, { "a", number, 0, 0 });
	wide = btf__add_enum64(self->target, "x", 8, false);
	STRUCT(self->target, "xx", 4, { "a", number, 0, 0 });
	STRUCT(self->target, NULL, 4, { "a", number, 0, 0 });

	EXPECT_EQ(target, core_next_candidate(self->local, local, self->target, 0));
	EXPECT_EQ(0, core_next_candidate(self->local, local, self->target, target));
	EXPECT_EQ(target_enum, core_next_candidate(self->local, local_enum, self->target, 0));
	EXPECT_EQ(wide, core_next_candidate(self->local, local_enum, self->target, target_enum));
	EXPECT_EQ(0, core_next_candidate(self->local, anonymous, self->target, 0));
	EXPECT_EQ(0, core_next_candidate(self->local, 0xfffffff, self->target, 0));
	EXPECT_EQ(-EOPNOTSUPP, resolve(self, BPF_CORE_TYPE_EXISTS, anonymous, "0"));
}

TEST_F(core, candidates_that_disagree_are_listed)
{
	int number = btf__add_int(self->local, "int", 4, 0);
	int local = STRUCT(self->local, "x", 4, { "a", number, 0, 0 });

	number = btf__add_int(self->target, "int", 4, 0);
	STRUCT(self->target, "x", 8, { "b", number, 0, 0 });
	STRUCT(self->target, "x", 12, { "b", number, 0, 0 }, { "a", number, 32, 0 });
	STRUCT(self->target, "x___other", 12, { "a", number, 64, 0 });
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	EXPECT_NE(NULL, strstr(said.text, "candidates disagree"));
	EXPECT_NE(NULL, strstr(said.text, "  4: byte_off of [3] struct x.a (0:1), bit 32\n"));
	EXPECT_NE(NULL, strstr(said.text, "  8: byte_off of [4] struct x___other.a (0:0), bit 64\n"));
	EXPECT_EQ(NULL, strstr(said.text, ": byte_off of [2]"));
	/* Even if the answer would be the same */
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:0"));
}

TEST_F(core, candidates_are_pruned)
{
	int number = btf__add_int(self->local, "int", 4, 0);
	int local = STRUCT(self->local, "x", 12, { "a", number, 0, 0 }, { "b", number, 32, 0 },
			   { "c", number, 64, 0 });
	int second;

	number = btf__add_int(self->target, "int", 4, 0);
	STRUCT(self->target, "x", 4, { "a", number, 0, 0 });
	second = STRUCT(self->target, "x", 8, { "a", number, 32, 0 }, { "b", number, 0, 0 });

	/* What no candidate has says nothing of them. */
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:2"));
	EXPECT_EQ(2, self->cands.cnt);
	self->relo.access_str_off = btf__add_str(self->local, "0:1");
	ASSERT_EQ(0, core_resolve(&core, &self->relo, &self->cands, &self->res));
	ASSERT_EQ(1, self->cands.cnt);
	EXPECT_EQ(second, self->items[0].id);
	self->relo.kind = BPF_CORE_FIELD_BYTE_OFFSET;
	self->relo.access_str_off = btf__add_str(self->local, "0:0");
	ASSERT_EQ(0, core_resolve(&core, &self->relo, &self->cands, &self->res));
	EXPECT_EQ(4, self->res.new_val);
}

TEST_F(core, fields_that_are_not_compatible_are_not_found)
{
	int first = btf__add_enum(self->local, "first", 4);
	int number = btf__add_int(self->local, "int", 4, 0);
	int local = STRUCT(self->local, "x", 8, { "e", first, 0, 0 }, { "n", number, 32, 0 });
	int second = btf__add_enum(self->target, "second", 4), old, target;

	old = btf__add_int(self->target, "int", 4, 0);
	target = STRUCT(self->target, "x", 8, { "n", old, 0, 0 }, { "e", second, 32, 0 });
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:0"));
	EXPECT_EQ(0, self->res.new_val);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:1"));
	EXPECT_EQ(1, self->res.new_val);

	/* An enum without a name is as good as any; an int that begins inside a
	 * byte is none.
	 */
	type(self->target, second)->name_off = 0;
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:0"));
	EXPECT_EQ(1, self->res.new_val);
	*(__u32 *)(type(self->target, old) + 1) |= 3 << 16;
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:1"));
	EXPECT_EQ(0, self->res.new_val);

	/* Nor is a field of another kind. */
	btf_members(type(self->target, target))[1].type = btf__add_ptr(self->target, 0);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:0"));
	EXPECT_EQ(0, self->res.new_val);
}

/* A struct without a name that does not have it, before the field that is meant */
TEST_F(core, search_leaves_no_trace)
{
	int number = btf__add_int(self->local, "int", 4, 0), inner;
	int local = STRUCT(self->local, "x", 4, { "a", number, 0, 0 });

	number = btf__add_int(self->target, "int", 4, 0);
	inner = STRUCT(self->target, NULL, 8, { "b", number, 0, 0 }, { "c", number, 32, 0 });
	inner = STRUCT(self->target, NULL, 16, { "d", number, 0, 0 }, { NULL, inner, 64, 0 });
	STRUCT(self->target, "x", 32, { "e", number, 0, 0 }, { NULL, inner, 64, 0 },
	       { "a", number, 192, 0 });
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	EXPECT_EQ(24, self->res.new_val);
	ASSERT_EQ(2, core.cand_spec.n_raw);
	EXPECT_EQ(2, core.cand_spec.raw[1]);
}

TEST_F(core, types_that_match)
{
	int number = btf__add_int(self->local, "int", 4, 0);
	int fwd = btf__add_fwd(self->local, "y", BTF_FWD_STRUCT);
	int ptr = btf__add_ptr(self->local, fwd), array = btf__add_array(self->local, number, number, 2);
	int local = STRUCT(self->local, "x", 16, { "a", array, 0, 0 }, { "p", ptr, 64, 0 });
	int target, whole;

	number = btf__add_int(self->target, "int", 4, 0);
	whole = STRUCT(self->target, "y", 4, { "n", number, 0, 0 });
	ptr = btf__add_ptr(self->target, whole);
	array = btf__add_array(self->target, number, number, 2);
	target = STRUCT(self->target, "x", 24, { "p", ptr, 0, 0 }, { "z", number, 64, 0 },
			{ "a", array, 128, 0 });
	ASSERT_EQ(0, resolve(self, BPF_CORE_TYPE_MATCHES, local, "0"));
	EXPECT_EQ(1, self->res.new_val);

	btf_array(type(self->target, array))->nelems = 3;
	ASSERT_EQ(0, resolve(self, BPF_CORE_TYPE_MATCHES, local, "0"));
	EXPECT_EQ(0, self->res.new_val);
	btf_array(type(self->target, array))->nelems = 2;

	/* Sign and size of an int; what a pointer points to by its kind; a member */
	*(__u32 *)(type(self->target, number) + 1) |= BTF_INT_SIGNED << 24;
	ASSERT_EQ(0, resolve(self, BPF_CORE_TYPE_MATCHES, local, "0"));
	EXPECT_EQ(0, self->res.new_val);
	*(__u32 *)(type(self->target, number) + 1) = 32;
	type(self->target, whole)->info ^= (BTF_KIND_STRUCT ^ BTF_KIND_UNION) << 24;
	ASSERT_EQ(0, resolve(self, BPF_CORE_TYPE_MATCHES, local, "0"));
	EXPECT_EQ(0, self->res.new_val);
	type(self->target, whole)->info ^= (BTF_KIND_STRUCT ^ BTF_KIND_UNION) << 24;
	btf_members(type(self->target, target))[0].name_off = btf__add_str(self->target, "q");
	ASSERT_EQ(0, resolve(self, BPF_CORE_TYPE_MATCHES, local, "0"));
	EXPECT_EQ(0, self->res.new_val);
}

TEST_F(core, arrays_without_bounds_are_at_the_end)
{
	int number = btf__add_int(self->local, "int", 4, 0);
	int none = btf__add_array(self->local, number, number, 0);
	int last = STRUCT(self->local, "x", 4, { "n", number, 0, 0 }, { "a", none, 32, 0 });
	int not_last = STRUCT(self->local, "y", 4, { "a", none, 0, 0 }, { "n", number, 0, 0 });
	int two = btf__add_array(self->local, number, none, 2);
	int nested = STRUCT(self->local, "z", 4, { "a", two, 0, 0 });

	number = btf__add_int(self->target, "int", 4, 0);
	none = btf__add_array(self->target, number, number, 9);
	STRUCT(self->target, "x", 40, { "n", number, 0, 0 }, { "a", none, 32, 0 });
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, last, "0:1:8"));
	EXPECT_FALSE(self->res.poison);
	EXPECT_EQ(36, self->res.new_val);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, last, "0:1:9"));
	EXPECT_TRUE(self->res.poison);
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, not_last, "0:0:0"));
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, nested, "0:0:1:0"));
}

TEST_F(core, types_without_end)
{
	int number = btf__add_int(self->local, "int", 4, 0);
	int local = STRUCT(self->local, "x", 4, { "a", number, 0, 0 });
	int loop = btf__add_typedef(self->local, "loop", 1), id;

	type(self->local, loop)->type = loop;
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_TYPE_SIZE, loop, "0"));

	/* A struct that is its own first member, without a name */
	id = STRUCT(self->target, "x", 4, { NULL, 1, 0, 0 });
	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	EXPECT_NE(NULL, strstr(said.text, "too large or too deep"));

	/* One whose member does not exist, and one without a name for it */
	btf_members(type(self->target, id))[0].type = 99;
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	btf_members(type(self->target, id))[0].name_off = 0x7fffffff;
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_EXISTS, local, "0:0"));
}

/* Anonymous structs, each of which has the next one twice */
TEST_F(core, types_that_take_long)
{
	int number = btf__add_int(self->local, "int", 4, 0), i, id;
	int local = STRUCT(self->local, "x", 4, { "a", number, 0, 0 });

	id = STRUCT(self->target, NULL, 4, { "b", 99, 0, 0 });
	for (i = 0; i < 40; i++)
		id = STRUCT(self->target, i < 39 ? NULL : "x", 4, { NULL, id, 0, 0 }, { NULL, id, 0, 0 });
	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
}

/* A function that takes a pointer to one that takes a pointer to one ... */
static int functions(struct btf *btf, int n)
{
	int id = btf__add_func_proto(btf, 0);

	while (n--) {
		int ptr = btf__add_ptr(btf, id);

		id = btf__add_func_proto(btf, 0);
		btf__add_func_param(btf, "f", ptr);
	}
	return btf__add_typedef(btf, "f", id);
}

TEST_F(core, types_that_go_deep)
{
	int shallow, deep, i, ptr;

	shallow = functions(self->local, 8);
	functions(self->target, 8);
	EXPECT_EQ(0, resolve(self, BPF_CORE_TYPE_EXISTS, shallow, "0"));
	EXPECT_EQ(1, self->res.new_val);
	EXPECT_EQ(0, resolve(self, BPF_CORE_TYPE_MATCHES, shallow, "0"));
	EXPECT_EQ(1, self->res.new_val);

	btf__free(self->target);
	self->target = new_types();
	deep = functions(self->local, DEEP);
	functions(self->target, DEEP);
	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_TYPE_EXISTS, deep, "0"));
	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_TYPE_MATCHES, deep, "0"));

	/* Pointers that lead nowhere else */
	ptr = btf__add_ptr(self->local, 0);
	type(self->local, ptr)->type = ptr;
	deep = btf__add_typedef(self->local, "p", ptr);
	ptr = btf__add_ptr(self->target, 0);
	type(self->target, ptr)->type = ptr;
	btf__add_typedef(self->target, "p", ptr);
	for (i = BPF_CORE_TYPE_EXISTS; i <= BPF_CORE_TYPE_MATCHES; i += BPF_CORE_TYPE_MATCHES - BPF_CORE_TYPE_EXISTS)
		EXPECT_EQ(-E2BIG, resolve(self, i, deep, "0"));
}

TEST_F(core, enums_that_take_long)
{
	int local = btf__add_enum(self->local, "e", 4), i;
	char name[16];

	btf__add_enum(self->target, "e", 4);
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "A%d", i);
		btf__add_enum_value(self->local, name, i);
		snprintf(name, sizeof(name), "A%d", 4999 - i);
		btf__add_enum_value(self->target, name, i);
	}
	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_TYPE_MATCHES, local, "0"));
	EXPECT_EQ(0, resolve(self, BPF_CORE_ENUMVAL_VALUE, local, "17"));
	EXPECT_EQ(4999 - 17, self->res.new_val);
}

TEST_F(core, bit_fields)
{
	int number = btf__add_int(self->local, "int", 4, BTF_INT_SIGNED);
	int local = STRUCT(self->local, "x", 4, { "a", number, 5, 7 }), target;

	number = btf__add_int(self->target, "int", 4, BTF_INT_SIGNED);
	target = STRUCT(self->target, "x", 8, { "a", number, 30, 4 });
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_SIZE, local, "0:0"));
	EXPECT_EQ(4, self->res.orig_val);
	EXPECT_EQ(8, self->res.new_val);	/* across the border */
	EXPECT_FALSE(self->res.validate);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_LSHIFT_U64, local, "0:0"));
	EXPECT_EQ(64 - 34, self->res.new_val);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_RSHIFT_U64, local, "0:0"));
	EXPECT_EQ(64 - 4, self->res.new_val);
	EXPECT_TRUE(self->res.validate);
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_SIGNED, local, "0:0"));
	EXPECT_EQ(1, self->res.new_val);
	core.big_endian = true;
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_LSHIFT_U64, local, "0:0"));
	EXPECT_EQ(30, self->res.new_val);
	EXPECT_EQ(32 + 5, self->res.orig_val);

	/* Where nothing can read it, or its type has no size */
	btf_members(type(self->target, target))[0].offset = 40 << 24 | 30;
	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	type(self->target, number)->size = 0;
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	type(self->target, number)->size = 3;
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	type(self->target, number)->size = 0x80000000;
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
}

TEST_F(core, sizes_that_do_not_fit)
{
	int number = btf__add_int(self->local, "int", 4, 0);
	int much = btf__add_array(self->local, number, number, 0x80000000);
	int local = STRUCT(self->local, "x", 4, { "a", much, 0, 0 });
	int func = btf__add_typedef(self->local, "f", 0);

	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_FIELD_BYTE_SIZE, local, "0:0"));
	EXPECT_EQ(-E2BIG, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0:2147483647"));
	EXPECT_EQ(-EINVAL, resolve(self, BPF_CORE_TYPE_SIZE, func, "0"));
}

/* A field of @size bytes and encoding, at byte 8 here and 16 there */
static int resize(FIXTURE_DATA(core) *self, __u32 size, __u32 encoding, __u32 new_size,
		  __u32 new_encoding)
{
	int local = btf__add_int(self->local, "local", size, encoding);
	int target;

	btf__free(self->target);
	self->target = new_types();
	target = btf__add_int(self->target, "target", new_size, new_encoding);
	STRUCT(self->target, "r", 32, { "a", target, 128, 0 });
	local = STRUCT(self->local, "r", 32, { "a", local, 64, 0 });
	return resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0");
}

static struct bpf_insn load(__u8 size, __s16 off)
{
	return (struct bpf_insn){ .code = BPF_LDX | BPF_MEM | size, .dst_reg = 1,
				  .src_reg = 2, .off = off };
}

TEST_F(core, loads_are_adapted)
{
	struct bpf_insn insn = load(BPF_W, 8);

	ASSERT_EQ(0, resize(self, 4, 0, 8, 0));
	ASSERT_EQ(0, core_patch(&insn, 1, 0, &self->res, &said.log));
	EXPECT_EQ(BPF_LDX | BPF_MEM | BPF_DW, insn.code);
	EXPECT_EQ(16, insn.off);

	insn = load(BPF_W, 8);
	ASSERT_EQ(0, resize(self, 4, BTF_INT_SIGNED, 8, BTF_INT_SIGNED));
	ASSERT_EQ(0, core_patch(&insn, 1, 0, &self->res, &said.log));
	EXPECT_EQ(BPF_JMP | BPF_CALL, insn.code);
	EXPECT_EQ(CORE_POISON, insn.imm);

	/* An instruction that does not have the size of the field, and a field of
	 * a size that no instruction has
	 */
	insn = load(BPF_DW, 8);
	ASSERT_EQ(0, resize(self, 4, 0, 8, 0));
	EXPECT_EQ(-EINVAL, core_patch(&insn, 1, 0, &self->res, &said.log));
	insn = load(BPF_W, 8);
	ASSERT_EQ(0, resize(self, 4, 0, 16, 0));
	EXPECT_EQ(-EINVAL, core_patch(&insn, 1, 0, &self->res, &said.log));
	EXPECT_EQ(8, insn.off);
}

TEST_F(core, pointers_of_another_machine)
{
	struct bpf_insn insn = load(BPF_DW, 8);
	int ptr = btf__add_ptr(self->local, 0);
	int local = STRUCT(self->local, "x", 16, { "p", ptr, 64, 0 });

	btf__set_pointer_size(self->target, 4);
	ptr = btf__add_ptr(self->target, 0);
	STRUCT(self->target, "x", 8, { "p", ptr, 32, 0 });
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	ASSERT_EQ(0, core_patch(&insn, 1, 0, &self->res, &said.log));
	EXPECT_EQ(BPF_LDX | BPF_MEM | BPF_W, insn.code);
	EXPECT_EQ(4, insn.off);
}

/* The array as such has no load; that of its first element it has. */
TEST_F(core, loads_from_arrays)
{
	int number = btf__add_int(self->local, "u32", 4, 0);
	int array = btf__add_array(self->local, number, number, 2);
	int local = STRUCT(self->local, "x", 16, { "a", array, 64, 0 });
	struct bpf_insn insn = load(BPF_W, 8);

	number = btf__add_int(self->target, "u32", 4, 0);
	array = btf__add_array(self->target, number, number, 5);
	STRUCT(self->target, "x", 20, { "a", array, 0, 0 });
	ASSERT_EQ(0, resolve(self, BPF_CORE_FIELD_BYTE_OFFSET, local, "0:0"));
	ASSERT_EQ(0, core_patch(&insn, 1, 0, &self->res, &said.log));
	EXPECT_EQ(BPF_LDX | BPF_MEM | BPF_W, insn.code);
	EXPECT_EQ(0, insn.off);
}

#define INSN(c, d, s, o, i)	{ .code = c, .dst_reg = d, .src_reg = s, .off = o, .imm = i }

TEST_F(core, instructions_without_a_value)
{
	static const struct bpf_insn cases[][2] = {
		{ INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0) },
		{ INSN(BPF_JMP | BPF_JA, 0, 0, 0, 0) },
		{ INSN(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0, 8) },
		{ INSN(BPF_JMP32 | BPF_JEQ | BPF_K, 1, 0, 0, 8) },
		{ INSN(BPF_JMP | BPF_CALL, 0, 0, 0, 8) },
		{ INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 8) },
		{ INSN(0, 0, 0, 0, 8) },	/* a second half */
		{ INSN(BPF_ALU64 | BPF_MOV | BPF_X, 1, 2, 0, 8) },
		{ INSN(BPF_ALU64 | BPF_NEG, 1, 0, 0, 8) },
		{ INSN(BPF_ALU | BPF_END | BPF_TO_LE, 1, 0, 0, 8) },
		{ INSN(BPF_LD | BPF_ABS | BPF_W, 0, 0, 0, 8) },
		{ INSN(BPF_LD | BPF_IMM | BPF_W, 0, 0, 0, 8), INSN(0, 0, 0, 0, 0) },
		{ INSN(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, 8), INSN(0, 0, 0, 0, 0) },
		{ INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 1, 8), INSN(0, 0, 0, 0, 0) },
		{ INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 8), INSN(1, 0, 0, 0, 0) },
		{ INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 8), INSN(0, 1, 0, 0, 0) },
		{ INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 8), INSN(0, 0, 1, 0, 0) },
		{ INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 8), INSN(0, 0, 0, 1, 0) },
	};
	struct core_result res = { .orig_val = 8, .new_val = 16, .validate = true };
	struct bpf_insn insns[2];
	unsigned int i, poison;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (poison = 0; poison < 2; poison++) {
			res.poison = poison;
			memcpy(insns, cases[i], sizeof(insns));
			EXPECT_EQ(-EINVAL, core_patch(insns, 2, 0, &res, &said.log))
				TH_LOG("case %u", i);
			EXPECT_EQ(0, memcmp(insns, cases[i], sizeof(insns)));
		}
}

TEST_F(core, instructions_that_are_not_there)
{
	struct core_result res = { .poison = true };
	struct bpf_insn *insns = malloc(2 * sizeof(*insns));	/* and not a byte more */

	insns[0] = (struct bpf_insn)INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0);
	insns[1] = (struct bpf_insn)INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 0);
	EXPECT_EQ(-EINVAL, core_patch(insns, 2, 1, &res, NULL));
	res.poison = false;
	EXPECT_EQ(-EINVAL, core_patch(insns, 2, 1, &res, NULL));
	EXPECT_EQ(-EINVAL, core_patch(insns, 2, 2, &res, NULL));
	EXPECT_EQ(-EINVAL, core_patch(insns, 2, UINT_MAX, &res, NULL));
	EXPECT_EQ(-EINVAL, core_patch(NULL, 0, 0, &res, NULL));
	free(insns);
}

TEST_F(core, values)
{
	static const struct {
		struct bpf_insn before[2];
		__u64 orig, new;
		int err;
		struct bpf_insn after[2];
	} cases[] = {
		{ { INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 8) }, 8, 9, 0,
		  { INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 9) } },
		{ { INSN(BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 0, -1) }, -1, -2, 0,
		  { INSN(BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 0, -2) } },
		{ { INSN(BPF_ALU | BPF_MOV | BPF_K, 1, 0, 0, 0) }, 0, UINT_MAX, 0,
		  { INSN(BPF_ALU | BPF_MOV | BPF_K, 1, 0, 0, -1) } },
		{ { INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 0) }, 0, UINT_MAX, -ERANGE, {} },
		{ { INSN(BPF_ALU | BPF_MOV | BPF_K, 1, 0, 0, 0) }, 0, 1ULL << 32, -ERANGE, {} },
		{ { INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 8) }, 7, 9, -EINVAL, {} },
		{ { INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 8) }, 8 | 1ULL << 32, 9, -EINVAL, {} },
		{ { INSN(BPF_LDX | BPF_MEM | BPF_B, 1, 2, 8, 0) }, 8, SHRT_MAX, 0,
		  { INSN(BPF_LDX | BPF_MEM | BPF_B, 1, 2, SHRT_MAX, 0) } },
		{ { INSN(BPF_ST | BPF_MEM | BPF_H, 1, 0, 8, 5) }, 8, 0, 0,
		  { INSN(BPF_ST | BPF_MEM | BPF_H, 1, 0, 0, 5) } },
		{ { INSN(BPF_STX | BPF_MEM | BPF_W, 1, 2, 8, 0) }, 8, 1, 0,
		  { INSN(BPF_STX | BPF_MEM | BPF_W, 1, 2, 1, 0) } },
		{ { INSN(BPF_LDX | BPF_MEM | BPF_B, 1, 2, 8, 0) }, 8, SHRT_MAX + 1, -ERANGE, {} },
		{ { INSN(BPF_LDX | BPF_MEM | BPF_B, 1, 2, 8, 0) }, 8, -1, -ERANGE, {} },
		{ { INSN(BPF_LDX | BPF_MEM | BPF_B, 1, 2, 8, 0) }, 9, 0, -EINVAL, {} },
		{ { INSN(BPF_ST | BPF_MEM | BPF_B, 1, 0, -8, 8) }, 8, 0, -EINVAL, {} },
		{ { INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, -2), INSN(0, 0, 0, 0, 3) },
		  0x3fffffffe, 0x123456789abcdef0, 0,
		  { INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, (int)0x9abcdef0),
		    INSN(0, 0, 0, 0, 0x12345678) } },
		{ { INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, -2), INSN(0, 0, 0, 0, 3) },
		  0x2fffffffe, 0, -EINVAL, {} },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct core_result res = {
			.orig_val = cases[i].orig,
			.new_val = cases[i].new,
			.validate = true,
		};
		struct bpf_insn insns[2];

		memcpy(insns, cases[i].before, sizeof(insns));
		EXPECT_EQ(cases[i].err, core_patch(insns, 2, 0, &res, &said.log))
			TH_LOG("case %u", i);
		EXPECT_EQ(0, memcmp(insns, cases[i].err ? cases[i].before : cases[i].after,
				    sizeof(insns)))
			TH_LOG("case %u", i);
		if (cases[i].err != -EINVAL)
			continue;
		/* Without an expectation anything will do. */
		res.validate = false;
		EXPECT_EQ(0, core_patch(insns, 2, 0, &res, &said.log));
	}
}

TEST_F(core, poison)
{
	struct bpf_insn insns[] = {
		INSN(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 1), INSN(0, 0, 0, 0, 2),
		INSN(BPF_LDX | BPF_MEM | BPF_B, 1, 2, 8, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 8),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	struct bpf_insn bad = INSN(BPF_JMP | BPF_CALL, 0, 0, 0, 195896080);
	struct core_result res = { .orig_val = 77, .validate = true, .poison = true };
	int i;

	EXPECT_EQ(0, core_patch(insns, 5, 0, &res, &said.log));
	EXPECT_EQ(0, core_patch(insns, 5, 2, &res, &said.log));
	EXPECT_EQ(0, core_patch(insns, 5, 3, &res, &said.log));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, memcmp(&insns[i], &bad, sizeof(bad)));
	EXPECT_EQ(BPF_JMP | BPF_EXIT, insns[4].code);
}

TEST_HARNESS_MAIN
