// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Loaders in a small interpreter that makes no calls but writes down which it
 * was asked for: they must be those of the plan, with their attributes, for any
 * course of the load.
 */
#include <errno.h>
#include <stdio.h>

#include "hand.h"
#include "kselftest_harness.h"
#include "lib/endian.h"

#define NO_STEP	UINT32_MAX

struct machine {
	struct hand *hand;
	const struct loader *loader;
	bool usual;			/* the version without guards */
	uint8_t *blob;
	int *slots;			/* like all memory in the target's byte order */
	uint64_t r[11];

	/* The script: which steps fail */
	uint32_t fails[2];
	uint32_t *expected;		/* steps in order */
	size_t n_expected, made;
	int *expected_slots;
	bool wrong;
};

/* Numbers of @size bytes in memory */
static uint64_t load(const struct machine *m, const void *at, uint32_t size)
{
	bool big = m->hand->spec.big_endian;
	const uint8_t *bytes = at;
	uint64_t value = 0;
	uint32_t i;

	for (i = 0; i < size; i++)
		value = value << 8 | bytes[big ? i : size - 1 - i];
	return value;
}

static void store(const struct machine *m, void *at, uint32_t size, uint64_t value)
{
	bool big = m->hand->spec.big_endian;
	uint8_t *bytes = at;
	uint32_t i;

	for (i = 0; i < size; i++, value >>= 8)
		bytes[big ? size - 1 - i : i] = (uint8_t)value;
}

static int slot_value(const struct machine *m, const int *slot)
{
	return (int)load(m, slot, sizeof(*slot));
}

static void set_slot(const struct machine *m, int *slot, int64_t value)
{
	store(m, slot, sizeof(*slot), (uint64_t)value);
}

/* What a step results in */
static int64_t result(const struct machine *m, uint32_t i)
{
	const struct plan_step *step = &m->hand->plan.steps.items[i];

	if (i == m->fails[0] || i == m->fails[1])
		return -EPERM;
	if (step->kind == PLAN_FIND_BTF)
		return (i % 2 ? 7LL << 32 : 0) | (5000 + i);
	return step->kind == PLAN_FIND_KSYM ? 0 : 100 + i;
}

/* The address that FIND_KSYM finds */
static uint64_t address_of(uint32_t i, int64_t status)
{
	return status ? 0 : 0xffffffff81000000 + i;
}

static void expect(struct machine *m, const char *what, bool is)
{
	if (!is && !m->wrong)
		printf("# call %zu, step %u: %s\n", m->made,
		       m->made < m->n_expected ? m->expected[m->made] : NO_STEP,
		       what);
	m->wrong |= !is;
}

/* The course of the load, from the plan alone */
static int64_t plan_course(struct machine *m)
{
	const struct plan *plan = &m->hand->plan;
	const struct plan_step *step;
	uint32_t i = 0;
	int64_t ret;
	int slot;

	m->expected = arena_array(&m->hand->arena, plan->steps.n + 1,
				  sizeof(*m->expected));
	while (i < plan->steps.n) {
		step = &plan->steps.items[i];
		slot = slot_value(m, &m->expected_slots[step->guard_slot]);
		if ((step->guard == GUARD_UNSET && slot != SLOT_UNSET) ||
		    (step->guard == GUARD_DONE && slot < 0) ||
		    (step->guard == GUARD_FAILED && slot >= 0)) {
			if (step->guard == GUARD_DONE && !m->usual)
				set_slot(m, &m->expected_slots[step->slot], slot);
			if (plan_finds(step->kind) && step->guarded == 1 && !m->usual)
				memset(&m->expected_slots[step->slot + 1], 0,
				       step->kind == PLAN_FIND_BTF ? 4 : 8);
			i += step->guarded;
			continue;
		}
		m->expected[m->n_expected++] = i;
		ret = result(m, i);
		set_slot(m, &m->expected_slots[step->slot], ret);
		if (ret < 0 && !step->may_fail)
			return ret;
		if (step->kind == PLAN_FIND_BTF)
			set_slot(m, &m->expected_slots[step->slot + 1], ret >> 32);
		if (step->kind == PLAN_FIND_KSYM)
			store(m, &m->expected_slots[step->slot + 1], 8, address_of(i, ret));
		i++;
	}
	return 0;
}

static bool is_operand(const struct plan_step *step, uint32_t byte)
{
	const struct plan_operand *op;

	vec_for_each(op, &step->operands)
		if (byte >= op->offset &&
		    byte < op->offset + (op->kind == OPERAND_SLOT ? 4 : 8))
			return true;
	return false;
}

/* The data with what the load found in the instructions, as a program has it that
 * is loaded
 */
static const uint8_t *patched(const struct machine *m, const struct plan_data *data)
{
	enum { REGS = 1, OFF = 2, IMM = 4, NEXT_IMM = 12 };
	bool big = m->hand->spec.big_endian;
	const struct plan_fixup *fixup;
	uint8_t *insns, *insn;

	if (!data->fixups.n)
		return data->bytes;
	insns = arena_dup(&m->hand->arena, data->bytes, data->size);
	vec_for_each(fixup, &data->fixups) {
		const int *slot = &m->slots[fixup->slot];
		int id = slot_value(m, &slot[0]), fd = slot_value(m, &slot[1]);
		uint64_t address;

		insn = insns + fixup->insn * sizeof(struct bpf_insn);
		if (fixup->kind == FIXUP_ADDRESS) {
			address = load(m, &slot[1], 8);
			store(m, insn + IMM, 4, address);
			store(m, insn + NEXT_IMM, 4, address >> 32);
			continue;
		}
		if (id < 0)
			continue;
		store(m, insn + IMM, 4, id);
		if (fixup->kind == FIXUP_FUNC) {
			store(m, insn + OFF, 2, fd ? fixup->slot + 1 : 0);
			continue;
		}
		insn[REGS] &= big ? 0xf0 : 0x0f;
		insn[REGS] |= big ? BPF_PSEUDO_BTF_ID : BPF_PSEUDO_BTF_ID << 4;
		store(m, insn + NEXT_IMM, 4, fd);
	}
	return insns;
}

/* Are the @size bytes at @address in the blob those of the datum? */
static bool is_data(const struct machine *m, uint64_t address, uint32_t ref)
{
	const struct plan_data *data = &m->hand->plan.data.items[ref];
	uint64_t at = address - (uintptr_t)m->blob;
	const uint8_t *bytes;
	uint32_t i;

	if (at > m->loader->blob_size || data->size > m->loader->blob_size - at ||
	    at != m->loader->data[ref] || at % data->align)
		return false;
	bytes = patched(m, data);
	for (i = 0; i < data->size; i++)
		if (m->blob[at + i] != (bytes ? bytes[i] : 0))
			return false;
	return true;
}

static void check_operand(struct machine *m, const uint8_t *attr,
			  const struct plan_operand *op)
{
	uint64_t address = load(m, attr + op->offset, 8);

	switch (op->kind) {
	case OPERAND_DATA:
		expect(m, "address of data", is_data(m, address, op->ref));
		break;
	case OPERAND_SLOT:
		expect(m, "value of a slot",
		       !memcmp(attr + op->offset, &m->slots[op->ref], sizeof(int)));
		break;
	case OPERAND_SLOT_ADDR:
		expect(m, "address of a slot",
		       address == (uintptr_t)&m->slots[op->ref]);
		break;
	}
}

static void check_attributes(struct machine *m, const struct plan_step *step,
			     uint64_t address, uint32_t i)
{
	const struct plan *plan = &m->hand->plan;
	const uint8_t *attr = (void *)(uintptr_t)address, *should = step->attr;
	uint64_t at = address - (uintptr_t)m->blob;
	uint32_t byte, offset = m->loader->attr[i];
	const struct plan_operand *op;

	if (step->attr_no_btf && slot_value(m, &m->slots[plan->btf_slot]) < 0) {
		should = step->attr_no_btf;
		offset += m->loader->twin;
	}
	expect(m, "where attributes are", at == offset && at % 8 == 0 &&
	       at + step->attr_size <= m->loader->blob_size);
	if (m->wrong)
		return;
	for (byte = 0; byte < step->attr_size; byte++)
		expect(m, "a byte of an attribute", is_operand(step, byte) ||
		       attr[byte] == should[byte]);
	vec_for_each(op, &step->operands)
		check_operand(m, attr, op);
}

/* The memory that an instruction may access, or NULL */
static void *memory(struct machine *m, uint64_t address, uint32_t size)
{
	uint64_t blob = address - (uintptr_t)m->blob;
	uint64_t slots = address - (uintptr_t)m->slots;

	if ((blob < m->loader->blob_size && size <= m->loader->blob_size - blob) ||
	    (slots < m->hand->plan.slots * 4 && size <= m->hand->plan.slots * 4 - slots))
		return address % size ? NULL : (void *)(uintptr_t)address;
	expect(m, "access out of bounds", false);
	return NULL;
}

static void call(struct machine *m, int helper)
{
	const struct plan_step *step;
	uint32_t i;
	void *to;

	if (m->made == m->n_expected) {
		expect(m, "one call too many", false);
		return;
	}
	i = m->expected[m->made];
	step = &m->hand->plan.steps.items[i];
	expect(m, "of another loader", i >= m->loader->first &&
	       i < m->loader->first + m->loader->steps);
	if (step->kind == PLAN_FIND_BTF) {
		expect(m, "the helper",
		       helper == BPF_FUNC_btf_find_by_name_kind);
		expect(m, "the name", is_data(m, m->r[1], step->name));
		expect(m, "its size", m->r[2] ==
		       m->hand->plan.data.items[step->name].size);
		expect(m, "the kind", m->r[3] == step->btf_kind);
		expect(m, "the flags", m->r[4] == 0);
	} else if (step->kind == PLAN_FIND_KSYM) {
		expect(m, "the helper", helper == BPF_FUNC_kallsyms_lookup_name);
		expect(m, "the name", is_data(m, m->r[1], step->name));
		expect(m, "its size", m->r[2] ==
		       m->hand->plan.data.items[step->name].size);
		expect(m, "the flags", m->r[3] == 0);
		to = memory(m, m->r[4], 8);
		if (to)
			store(m, to, 8, address_of(i, result(m, i)));
	} else {
		expect(m, "the helper", helper == BPF_FUNC_sys_bpf);
		expect(m, "the command", m->r[1] == step->cmd);
		expect(m, "the size", m->r[3] == step->attr_size);
		check_attributes(m, step, m->r[2], i);
	}
	m->r[0] = result(m, i);
	memset(&m->r[1], 0xa5, 5 * sizeof(m->r[1]));
	m->made++;
}

static void alu32(struct machine *m, const struct bpf_insn *insn)
{
	uint32_t dst = m->r[insn->dst_reg], src = insn->imm;

	if (BPF_SRC(insn->code) == BPF_X)
		src = m->r[insn->src_reg];
	switch (BPF_OP(insn->code)) {
	case BPF_AND:
		dst &= src;
		break;
	case BPF_OR:
		dst |= src;
		break;
	case BPF_XOR:
		dst ^= src;
		break;
	case BPF_NEG:
		dst = -dst;
		break;
	case BPF_ARSH:
		dst = (int32_t)dst >> src;
		break;
	default:
		expect(m, "arithmetic", false);
	}
	m->r[insn->dst_reg] = dst;
}

static void alu(struct machine *m, const struct bpf_insn *insn)
{
	uint64_t *dst = &m->r[insn->dst_reg], src = insn->imm;

	if (BPF_SRC(insn->code) == BPF_X)
		src = m->r[insn->src_reg];
	switch (BPF_OP(insn->code)) {
	case BPF_MOV:
		*dst = src;
		break;
	case BPF_ADD:
		*dst += src;
		break;
	case BPF_AND:
		*dst &= src;
		break;
	case BPF_LSH:
		*dst <<= src;
		break;
	case BPF_RSH:
		*dst >>= src;
		break;
	case BPF_ARSH:
		*dst = (int64_t)*dst >> src;
		break;
	default:
		expect(m, "arithmetic", false);
	}
}

static bool taken(struct machine *m, const struct bpf_insn *insn)
{
	int64_t dst = m->r[insn->dst_reg];

	switch (insn->code) {
	case BPF_JMP | BPF_JA:
		return true;
	case BPF_JMP | BPF_JSLT:
		return dst < insn->imm;
	case BPF_JMP32 | BPF_JSLT:
		return (int)dst < insn->imm;
	case BPF_JMP32 | BPF_JSGE:
		return (int)dst >= insn->imm;
	case BPF_JMP32 | BPF_JNE:
		return (int)dst != insn->imm;
	}
	expect(m, "jump", false);
	return false;
}

static int run_loader(struct machine *m)
{
	bool usual = m->usual && m->loader->usual.insns;
	const struct loader_code *code = usual ? &m->loader->usual : &m->loader->any;
	const struct bpf_insn *insn = code->insns, *end = insn + code->insn_cnt;
	static const uint32_t sizes[] = { 4, 2, 1, 8 };	/* BPF_W, BPF_H, ... */
	uint32_t size;
	void *at;

	memset(m->r, 0xa5, sizeof(m->r));
	m->r[1] = (uintptr_t)m->slots;
	for (; insn < end && !m->wrong; insn++) {
		size = sizes[BPF_SIZE(insn->code) >> 3];
		switch (BPF_CLASS(insn->code)) {
		case BPF_LD:
			m->r[insn->dst_reg] = (uintptr_t)m->blob + insn[1].imm;
			insn++;
			break;
		case BPF_ALU:
			alu32(m, insn);
			break;
		case BPF_ALU64:
			alu(m, insn);
			break;
		case BPF_LDX:
			at = memory(m, m->r[insn->src_reg] + insn->off, size);
			if (at)
				m->r[insn->dst_reg] = load(m, at, size);
			break;
		case BPF_STX:
			at = memory(m, m->r[insn->dst_reg] + insn->off, size);
			if (at)
				store(m, at, size, m->r[insn->src_reg]);
			break;
		case BPF_JMP:
		case BPF_JMP32:
			if (BPF_OP(insn->code) == BPF_EXIT)
				return m->r[0];
			if (BPF_OP(insn->code) == BPF_CALL)
				call(m, insn->imm);
			else if (taken(m, insn))
				insn += insn->off;
			break;
		default:
			expect(m, "instruction", false);
		}
	}
	expect(m, "no exit", false);
	return 0;
}

/* Run all loaders; steps @fail0 and @fail1 fail, and what is in @preset is what
 * the caller had in the slots.
 */
static bool course(struct hand *h, uint32_t fail0, uint32_t fail1,
		   const int *preset, bool usual)
{
	size_t size = h->plan.slots * sizeof(int);
	struct machine m = {
		.hand = h, .fails = { fail0, fail1 }, .usual = usual,
		.slots = arena_alloc(&h->arena, size),
		.expected_slots = arena_alloc(&h->arena, size),
	};
	const struct loader *loader;
	int64_t expected;
	uint32_t i;
	int ret = 0;

	for (i = 0; i < h->plan.slots; i++)
		set_slot(&m, &m.slots[i], preset[i]);
	memcpy(m.expected_slots, m.slots, size);
	expected = plan_course(&m);
	vec_for_each(loader, &h->loaders.loader) {
		m.loader = loader;
		m.blob = arena_alloc(&h->arena, loader->blob_size);
		memcpy(m.blob, loader->blob, loader->blob_len);
		ret = run_loader(&m);
		if (ret < 0 && ret >= -4095)
			break;
		ret = 0;
	}
	expect(&m, "result", ret == expected);
	expect(&m, "calls", m.made == m.n_expected);
	expect(&m, "slots", !memcmp(m.slots, m.expected_slots, size));
	return !m.wrong;
}

/* The slots of a caller who makes no choice */
static int *no_choice(struct hand *h)
{
	int *slots = arena_array(&h->arena, h->plan.slots, sizeof(*slots));
	uint32_t i;

	for (i = 0; i < h->plan.slots; i++)
		slots[i] = SLOT_UNSET;
	for (i = 0; i < h->spec.progs.n; i++)
		if (!h->spec.progs.items[i].autoload)
			slots[h->plan.prog_slot[i]] = SLOT_SKIP;
	for (i = 0; i < h->plan.steps.n; i++)
		if (h->plan.steps.items[i].left_out && h->plan.steps.items[i].guarded == 1 &&
		    plan_finds(h->plan.steps.items[i].kind))
			slots[h->plan.steps.items[i].slot] = SLOT_SKIP;
	return slots;
}

/* Of both versions, the one without guards for those who make no choice. @preset
 * NULL: all that is optional is wanted.
 */
static bool same_course(struct hand *h, uint32_t fail0, uint32_t fail1,
			const int *preset)
{
	int *none = no_choice(h), *all = no_choice(h);
	uint32_t i;

	for (i = 0; i < h->plan.slots; i++)
		all[i] = SLOT_UNSET;
	return course(h, fail0, fail1, preset ?: all, false) &&
	       course(h, fail0, fail1, none, false) &&
	       course(h, fail0, fail1, none, true);
}

/* Every step in turn fails, and none. */
static bool all_courses(struct hand *h, const int *preset)
{
	bool same = same_course(h, NO_STEP, NO_STEP, preset);
	uint32_t i;

	for (i = 0; same && i < h->plan.steps.n; i++)
		same = same_course(h, i, NO_STEP, preset);
	return same;
}

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
