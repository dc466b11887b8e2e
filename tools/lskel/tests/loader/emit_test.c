// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Loaders make the calls of the plan, with their attributes, for any course of the
 * load; and how many loaders it takes, and what they need.
 */
#include <errno.h>

#include "course.h"
#include "kselftest_harness.h"
#include "lib/endian.h"

/* Is every slot the result of one step of a loader only? */
static bool one_by_one(const struct hand *h)
{
	bool seen[PLAN_SLOTS];
	const struct loader *loader;
	uint32_t i, slot;

	vec_for_each(loader, &h->loaders.loader) {
		memset(seen, 0, sizeof(seen));
		for (i = loader->first; i < loader->first + loader->steps; i++) {
			slot = h->plan.steps.items[i].slot;
			if (seen[slot])
				return false;
			seen[slot] = true;
		}
	}
	return true;
}

FIXTURE(emit)
{
	struct hand h;
};

FIXTURE_SETUP(emit)
{
	hand_init(&self->h);
}

FIXTURE_TEARDOWN(emit)
{
	hand_free(&self->h);
}

TEST_F(emit, nothing)
{
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_EQ(1, self->h.loaders.loader.n);
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

TEST_F(emit, btf_alone)
{
	hand_btf(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

/* The smallest object there is: what it costs is a promise. */
TEST_F(emit, one_program)
{
	hand_btf(&self->h);
	hand_prog(&self->h, SPEC_NONE, false);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_TRUE(all_courses(&self->h, NULL));
	EXPECT_GE(32, self->h.loaders.loader.items[0].any.insn_cnt);
	EXPECT_EQ(NULL, self->h.loaders.loader.items[0].usual.insns);
}

/* Each kind once in a program that is always loaded, once in an optional one, twice
 * in one instruction each, and far from each other
 */
static void all_externs(struct hand *h)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
	static const enum spec_extern_kind kinds[] = {
		EXTERN_VAR, EXTERN_FUNC, EXTERN_ADDRESS,
	};
	int prog = hand_prog(h, SPEC_NONE, false), optional = hand_prog(h, SPEC_NONE, false);
	int ext;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		ext = hand_extern(h, kinds[i % 3], names[i], i / 3);
		hand_ksym(h, prog, ext);
		hand_ksym(h, i % 2 ? prog : optional, ext);
	}
	for (i = 0; i < 3; i++)
		hand_ksym(h, optional, hand_extern(h, kinds[i], "optional", i % 2));
	hand_extern(h, EXTERN_VAR, "unused", false);
	/* Further apart than a store reaches */
	for (i = 0; i < 6; i++) {
		hand_gap(h, prog, 2500);
		hand_ksym(h, prog, i % 3);
	}
	h->spec.progs.items[optional].autoload = false;
}

TEST_F(emit, externs)
{
	struct hand *h = &self->h;
	uint32_t i, left_out = 0;

	hand_btf(h);
	all_externs(h);
	ASSERT_EQ(0, hand_make(h));
	EXPECT_EQ(6, hand_steps(h, PLAN_FIND_BTF));
	EXPECT_EQ(3, hand_steps(h, PLAN_FIND_KSYM));
	for (i = 0; i < h->plan.steps.n; i++)
		left_out += plan_finds(h->plan.steps.items[i].kind) &&
			    h->plan.steps.items[i].left_out;
	EXPECT_EQ(3, left_out);
	EXPECT_EQ(PLAN_NO_SLOT, h->plan.extern_slot[9]);
	EXPECT_TRUE(all_courses(h, NULL));
}

TEST_F(emit, externs_in_the_other_byte_order)
{
	struct hand *h = &self->h;

	h->spec.big_endian = !h->spec.big_endian;
	hand_btf(h);
	all_externs(h);
	ASSERT_EQ(0, hand_make(h));
	EXPECT_TRUE(all_courses(h, NULL));
}

TEST_F(emit, extern_of_the_only_program)
{
	struct hand *h = &self->h;

	hand_ksym(h, hand_prog(h, SPEC_NONE, false), hand_extern(h, EXTERN_VAR, "x", true));
	ASSERT_EQ(0, hand_make(h));
	EXPECT_EQ(NULL, h->loaders.loader.items[0].usual.insns);
	EXPECT_TRUE(all_courses(h, NULL));
}

/* A case where the peer fails: more than a jump reaches over */
TEST_F(emit, many_externs)
{
	struct hand *h = &self->h;
	int prog = hand_prog(h, SPEC_NONE, false), i;

	for (i = 0; i < 1500; i++)
		hand_ksym(h, prog, hand_extern(h, i % 2 ? EXTERN_VAR : EXTERN_ADDRESS,
					       arena_printf(&h->arena, "x%d", i), true));
	ASSERT_EQ(0, hand_make(h));
	EXPECT_TRUE(same_course(h, NO_STEP, NO_STEP, NULL));
	EXPECT_TRUE(same_course(h, 1, 1500, NULL));
}

TEST_F(emit, everything_without_btf)
{
	hand_everything(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

TEST_F(emit, everything)
{
	const struct loader *loader;

	hand_btf(&self->h);
	hand_everything(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	ASSERT_EQ(1, self->h.loaders.loader.n);
	loader = self->h.loaders.loader.items;
	ASSERT_NE(NULL, loader->usual.insns);
	EXPECT_LT(loader->usual.insn_cnt, loader->any.insn_cnt);
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

/* The kernel takes neither BTF, the reduced one, or something fails later. */
TEST_F(emit, reduced_btf)
{
	uint32_t i;

	hand_btf(&self->h);
	self->h.spec.reduced_btf = self->h.spec.btf;
	self->h.spec.reduced_btf_size = self->h.spec.btf_size;
	hand_everything(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	ASSERT_EQ(2, hand_steps(&self->h, PLAN_BTF_LOAD));
	EXPECT_TRUE(all_courses(&self->h, NULL));
	for (i = 1; i < self->h.plan.steps.n; i++)
		EXPECT_TRUE(same_course(&self->h, 0, i, NULL));
}

/* Without the types of its values this map is nothing. */
TEST_F(emit, needed_btf)
{
	hand_btf(&self->h);
	self->h.spec.reduced_btf = self->h.spec.btf;
	self->h.spec.reduced_btf_size = self->h.spec.btf_size;
	hand_map(&self->h, BPF_MAP_TYPE_TASK_STORAGE, 4);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_EQ(0, self->h.loaders.loader.items[0].twin);
	EXPECT_FALSE(self->h.plan.steps.items[1].may_fail);
	EXPECT_TRUE(all_courses(&self->h, NULL));
	EXPECT_TRUE(same_course(&self->h, 0, 1, NULL));
}

/* Maps that exist already, maps and programs that are not wanted */
TEST_F(emit, choices)
{
	int preset[100], i, all;

	hand_btf(&self->h);
	hand_everything(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	ASSERT_GT(100, self->h.plan.slots);
	for (all = 0; all < 64; all++) {
		for (i = 0; i < 100; i++)
			preset[i] = SLOT_UNSET;
		for (i = 0; i < 3; i++)
			if (all & 1 << i)
				preset[self->h.plan.prog_slot[i]] = SLOT_SKIP;
		if (all & 8)
			preset[8] = 0;	/* the map of maps */
		if (all & 16)
			preset[1] = SLOT_SKIP;
		if (all & 32)
			preset[4] = 77;	/* one with content */
		EXPECT_TRUE(all_courses(&self->h, preset));
	}
}

/* What the loader attaches: by name, by what the load named, and an iterator */
static void attach_all(struct hand *h)
{
	struct spec_prog *progs = h->spec.progs.items;

	h->spec.attach_in_loader = true;
	progs[0].attach = ATTACH_RAW_TRACEPOINT;
	progs[0].attach_arg = "sys_enter";
	progs[1].attach = ATTACH_TRACING;
	progs[2].attach = ATTACH_ITER;
	progs[2].attach_arg = "task";
	progs[2].expected_attach_type = BPF_TRACE_ITER;
}

TEST_F(emit, links)
{
	const struct plan_step *step;
	uint32_t inits;

	hand_btf(&self->h);
	hand_everything(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_EQ(PLAN_NO_SLOT, self->h.plan.links);
	EXPECT_EQ(0, hand_steps(&self->h, PLAN_RAW_TP_OPEN));
	inits = hand_steps(&self->h, PLAN_MAP_INIT);
	attach_all(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_EQ(2, hand_steps(&self->h, PLAN_RAW_TP_OPEN));
	EXPECT_EQ(1, hand_steps(&self->h, PLAN_LINK_CREATE));
	/* The values that are zero, as the user may have changed them */
	EXPECT_EQ(inits + 2, hand_steps(&self->h, PLAN_MAP_INIT));
	step = &self->h.plan.steps.items[self->h.plan.steps.n - 1];
	EXPECT_EQ(PLAN_LINK_CREATE, step->kind);
	EXPECT_EQ(self->h.plan.links + 2, step->slot);
	EXPECT_EQ(GUARD_DONE, step->guard);
	EXPECT_TRUE(step->left_out);
	EXPECT_EQ(BPF_TRACE_ITER, get_u32(step->attr + offsetof(union bpf_attr, link_create.attach_type),
					  self->h.spec.big_endian));
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

TEST_F(emit, links_in_the_other_byte_order)
{
	self->h.spec.big_endian = !self->h.spec.big_endian;
	hand_everything(&self->h);
	attach_all(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

/* Nothing of the kind: nothing is different. */
TEST_F(emit, nothing_to_link)
{
	hand_everything(&self->h);
	self->h.spec.attach_in_loader = true;
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_EQ(PLAN_NO_SLOT, self->h.plan.links);
}

/* Everything in the blob but operands is in the target's byte order: the courses
 * compare it with the plan, which is looked at here.
 */
TEST_F(emit, other_byte_order)
{
	const struct plan_step *step;
	const uint8_t *insns;
	bool big;

	self->h.spec.big_endian = !self->h.spec.big_endian;
	big = self->h.spec.big_endian;
	hand_btf(&self->h);
	hand_everything(&self->h);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_TRUE(all_courses(&self->h, NULL));
	step = &self->h.plan.steps.items[2];
	ASSERT_EQ(PLAN_MAP_CREATE, step->kind);
	EXPECT_EQ(BPF_MAP_TYPE_ARRAY, get_u32(step->attr, big));
	EXPECT_EQ(1, get_u32(step->attr + offsetof(union bpf_attr,
						   btf_key_type_id), big));
	vec_for_each(step, &self->h.plan.steps)
		if (step->kind == PLAN_PROG_LOAD && step->prog == 0)
			break;
	EXPECT_EQ(3, get_u32(self->h.plan.data.items[step->operands.items[3].ref]
			     .bytes + 4, big));
	insns = self->h.plan.data.items[step->operands.items[1].ref].bytes;
	EXPECT_EQ(big ? 0x15 : 0x51, insns[1]);
}

/* More than a loader's jumps reach, the verifier follows and the context holds */
TEST_F(emit, many_slots)
{
	const struct loader *loader;
	int map, outer, i;

	map = hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 4);
	outer = hand_map(&self->h, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4);
	self->h.spec.maps.items[outer].inner = map;
	for (i = 0; i < 20000; i++)
		hand_slot(&self->h, outer, i, map);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_LE(3, self->h.loaders.loader.n);
	EXPECT_GE(PLAN_SLOTS, self->h.plan.slots);
	vec_for_each(loader, &self->h.loaders.loader)
		EXPECT_GE(4096, loader->steps);
	EXPECT_TRUE(same_course(&self->h, NO_STEP, NO_STEP, NULL));
	EXPECT_TRUE(same_course(&self->h, 19999, NO_STEP, NULL));
}

/* Results that nobody needs share the slots that are left, those of a loader do
 * not.
 */
TEST_F(emit, few_slots_left)
{
	const struct plan_step *step;
	uint32_t spare;
	int jumps, i;

	jumps = hand_map(&self->h, BPF_MAP_TYPE_PROG_ARRAY, 4);
	for (i = 0; i < PLAN_SLOTS - 100; i++)
		hand_prog(&self->h, SPEC_NONE, false);
	for (i = 0; i < 1000; i++)
		hand_slot(&self->h, jumps, i, i);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_EQ(PLAN_SLOTS, self->h.plan.slots);
	spare = self->h.spec.maps.n + self->h.spec.progs.n;
	vec_for_each(step, &self->h.plan.steps)
		if (step->kind == PLAN_MAP_SLOT)
			EXPECT_LE(spare, step->slot);
	EXPECT_LE(10, self->h.loaders.loader.n);
	EXPECT_TRUE(same_course(&self->h, NO_STEP, NO_STEP, NULL));
	EXPECT_TRUE(one_by_one(&self->h));
}

/* The same, but one guard decides about all. */
TEST_F(emit, many_slots_of_a_pinned_map)
{
	int map, outer, i;

	map = hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 4);
	outer = hand_map(&self->h, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4);
	self->h.spec.maps.items[outer].inner = map;
	self->h.spec.maps.items[outer].pin_by_name = true;
	for (i = 0; i < 20000; i++)
		hand_slot(&self->h, outer, i, map);
	EXPECT_EQ(-E2BIG, hand_make(&self->h));
	EXPECT_EQ(0, strcmp(self->h.sink.line,
			    "hand.bpf.o: symbol m1: 20001 steps depend on whether it exists; a loader has 4096 [too_many]"));
}

TEST_F(emit, many_programs)
{
	int i;

	hand_btf(&self->h);
	for (i = 0; i < 300; i++)
		hand_map(&self->h, BPF_MAP_TYPE_ARRAY, i % 2 ? 4 : 8);
	for (i = 0; i < 3000; i++)
		hand_prog(&self->h, i % 300, i % 2);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_TRUE(same_course(&self->h, NO_STEP, NO_STEP, NULL));
	EXPECT_TRUE(same_course(&self->h, 0, NO_STEP, NULL));
	EXPECT_TRUE(same_course(&self->h, 0, 3000, NULL));
}

TEST_F(emit, too_many_programs)
{
	int i;

	for (i = 0; i < PLAN_SLOTS; i++)
		hand_prog(&self->h, SPEC_NONE, false);
	EXPECT_EQ(-E2BIG, hand_make(&self->h));
	EXPECT_EQ(0, strcmp(self->h.sink.line,
			    "hand.bpf.o: 0 maps, 8192 programs and 0 externs are more than can be loaded at once [too_many]"));
}

/* 3 MiB + 3 MiB, 5 MiB alone, and what is little fits in anywhere. */
TEST_F(emit, big_data)
{
	static uint8_t bytes[5 << 20];
	const struct loader *loader;
	const uint32_t sizes[] = { 3 << 20, 100, 3 << 20, 5 << 20, 100, 100 };
	size_t i;

	memset(bytes, 0x55, sizeof(bytes));
	hand_btf(&self->h);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		hand_data(&self->h, MAP_RODATA, bytes, sizes[i]);
	hand_prog(&self->h, 0, true);
	ASSERT_EQ(0, hand_make(&self->h));
	EXPECT_EQ(4, self->h.loaders.loader.n);
	vec_for_each(loader, &self->h.loaders.loader)
		EXPECT_TRUE(loader->blob_size <= BLOB_MAX || loader->steps <= 3);
	EXPECT_TRUE(same_course(&self->h, NO_STEP, NO_STEP, NULL));
	EXPECT_TRUE(same_course(&self->h, 0, NO_STEP, NULL));
	EXPECT_TRUE(same_course(&self->h, self->h.plan.steps.n - 1, NO_STEP, NULL));
}

/* What has no content comes last, and takes no room but in the kernel. */
TEST_F(emit, zeroes_last)
{
	const struct loader *loader;

	hand_btf(&self->h);
	hand_data(&self->h, MAP_RODATA, NULL, 1 << 20);
	hand_data(&self->h, MAP_BSS, NULL, 8 << 20);
	hand_prog(&self->h, 0, true);
	ASSERT_EQ(0, hand_make(&self->h));
	ASSERT_EQ(1, self->h.loaders.loader.n);
	loader = self->h.loaders.loader.items;
	EXPECT_GT(4096, loader->blob_len);
	EXPECT_LT(1 << 20, loader->blob_size);
	EXPECT_GT((1 << 20) + 4096, loader->blob_size);
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

/* Not that a kernel would take it: it must not take memory here. */
TEST_F(emit, endless_zeroes)
{
	hand_btf(&self->h);
	hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 4);
	hand_data(&self->h, MAP_RODATA, NULL, UINT32_MAX - 4096);
	ASSERT_EQ(0, hand_make(&self->h));
	ASSERT_EQ(2, self->h.loaders.loader.n);
	EXPECT_LT(1 << 30, self->h.loaders.loader.items[1].blob_size);
	EXPECT_GT(4096, self->h.loaders.loader.items[1].blob_len);
	hand_data(&self->h, MAP_RODATA, NULL, UINT32_MAX);
	EXPECT_EQ(-EFBIG, hand_make(&self->h));
}

/* A reference to a map that comes later, as libbpf could not do it */
TEST_F(emit, maps_in_order_of_need)
{
	const struct plan_step *step;
	int outer = hand_map(&self->h, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4);
	int inner = hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 4);

	self->h.spec.maps.items[outer].inner = inner;
	hand_slot(&self->h, outer, 0, inner);
	ASSERT_EQ(0, hand_make(&self->h));
	step = self->h.plan.steps.items;
	EXPECT_EQ(inner, step[0].map);
	EXPECT_EQ(outer, step[1].map);
	EXPECT_EQ(PLAN_MAP_SLOT, step[2].kind);
	EXPECT_TRUE(all_courses(&self->h, NULL));
}

TEST_F(emit, endless_maps)
{
	int a = hand_map(&self->h, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4);
	int b = hand_map(&self->h, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4);

	hand_slot(&self->h, a, 0, b);
	hand_slot(&self->h, b, 0, a);
	EXPECT_EQ(-EINVAL, hand_make(&self->h));
	EXPECT_EQ(0, strcmp(self->h.sink.line,
			    "hand.bpf.o:+0x0 symbol m1: maps in maps are nested more than 8 deep [too_deep]"));
}

TEST_HARNESS_MAIN
