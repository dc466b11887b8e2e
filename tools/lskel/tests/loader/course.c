// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>

#include "course.h"
#include "machine.h"

struct course {
	struct machine machine;
	struct hand *hand;
	const struct loader *loader;
	bool usual;			/* the version without guards */
	uint32_t fails[2];		/* the script: which steps fail */
	uint32_t *expected;		/* steps in order */
	size_t n_expected, made;
	int *expected_slots;
};

static uint64_t load(const struct course *c, const void *at, uint32_t size)
{
	return machine_load(&c->machine, at, size);
}

static void store(const struct course *c, void *at, uint32_t size, uint64_t value)
{
	machine_store(&c->machine, at, size, value);
}

static void expect(struct course *c, const char *what, bool is)
{
	machine_expect(&c->machine, what, is);
}

static int slot_value(const struct course *c, const int *slot)
{
	return (int)load(c, slot, sizeof(*slot));
}

static void set_slot(const struct course *c, int *slot, int64_t value)
{
	store(c, slot, sizeof(*slot), (uint64_t)value);
}

/* What a step results in */
static int64_t result(const struct course *c, uint32_t i)
{
	const struct plan_step *step = &c->hand->plan.steps.items[i];

	if (i == c->fails[0] || i == c->fails[1])
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

/* The course of the load, from the plan alone */
static int64_t plan_course(struct course *c)
{
	const struct plan *plan = &c->hand->plan;
	const struct plan_step *step;
	uint32_t i = 0;
	int64_t ret;
	int slot;

	c->expected = arena_array(&c->hand->arena, plan->steps.n + 1,
				  sizeof(*c->expected));
	while (i < plan->steps.n) {
		step = &plan->steps.items[i];
		slot = slot_value(c, &c->expected_slots[step->guard_slot]);
		if ((step->guard == GUARD_UNSET && slot != SLOT_UNSET) ||
		    (step->guard == GUARD_DONE && slot < 0) ||
		    (step->guard == GUARD_FAILED && slot >= 0)) {
			if (step->guard == GUARD_DONE && !c->usual)
				set_slot(c, &c->expected_slots[step->slot], slot);
			if (plan_finds(step->kind) && step->guarded == 1 && !c->usual)
				memset(&c->expected_slots[step->slot + 1], 0,
				       step->kind == PLAN_FIND_BTF ? 4 : 8);
			i += step->guarded;
			continue;
		}
		c->expected[c->n_expected++] = i;
		ret = result(c, i);
		set_slot(c, &c->expected_slots[step->slot], ret);
		if (ret < 0 && !step->may_fail)
			return ret;
		if (step->kind == PLAN_FIND_BTF)
			set_slot(c, &c->expected_slots[step->slot + 1], ret >> 32);
		if (step->kind == PLAN_FIND_KSYM)
			store(c, &c->expected_slots[step->slot + 1], 8, address_of(i, ret));
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
static const uint8_t *patched(const struct course *c, const struct plan_data *data)
{
	enum { REGS = 1, OFF = 2, IMM = 4, NEXT_IMM = 12 };
	bool big = c->hand->spec.big_endian;
	const struct plan_fixup *fixup;
	uint8_t *insns, *insn;

	if (!data->fixups.n)
		return data->bytes;
	insns = arena_dup(&c->hand->arena, data->bytes, data->size);
	vec_for_each(fixup, &data->fixups) {
		const int *slot = &c->machine.slots[fixup->slot];
		int id = slot_value(c, &slot[0]), fd = slot_value(c, &slot[1]);
		uint64_t address;

		insn = insns + fixup->insn * sizeof(struct bpf_insn);
		if (fixup->kind == FIXUP_ADDRESS) {
			address = load(c, &slot[1], 8);
			store(c, insn + IMM, 4, address);
			store(c, insn + NEXT_IMM, 4, address >> 32);
			continue;
		}
		if (id < 0)
			continue;
		store(c, insn + IMM, 4, id);
		if (fixup->kind == FIXUP_FUNC) {
			store(c, insn + OFF, 2, fd ? fixup->slot + 1 : 0);
			continue;
		}
		insn[REGS] &= big ? 0xf0 : 0x0f;
		insn[REGS] |= big ? BPF_PSEUDO_BTF_ID : BPF_PSEUDO_BTF_ID << 4;
		store(c, insn + NEXT_IMM, 4, fd);
	}
	return insns;
}

/* Are the @size bytes at @address in the blob those of the datum? */
static bool is_data(const struct course *c, uint64_t address, uint32_t ref)
{
	const struct plan_data *data = &c->hand->plan.data.items[ref];
	uint64_t at = address - (uintptr_t)c->machine.blob;
	const uint8_t *bytes;
	uint32_t i;

	if (at > c->loader->blob_size || data->size > c->loader->blob_size - at ||
	    at != c->loader->data[ref] || at % data->align)
		return false;
	bytes = patched(c, data);
	for (i = 0; i < data->size; i++)
		if (c->machine.blob[at + i] != (bytes ? bytes[i] : 0))
			return false;
	return true;
}

static void check_operand(struct course *c, const uint8_t *attr,
			  const struct plan_operand *op)
{
	uint64_t address = load(c, attr + op->offset, 8);

	switch (op->kind) {
	case OPERAND_DATA:
		expect(c, "address of data", is_data(c, address, op->ref));
		break;
	case OPERAND_SLOT:
		expect(c, "value of a slot",
		       !memcmp(attr + op->offset, &c->machine.slots[op->ref], sizeof(int)));
		break;
	case OPERAND_SLOT_ADDR:
		expect(c, "address of a slot",
		       address == (uintptr_t)&c->machine.slots[op->ref]);
		break;
	}
}

static void check_attributes(struct course *c, const struct plan_step *step,
			     uint64_t address, uint32_t i)
{
	const struct plan *plan = &c->hand->plan;
	const uint8_t *attr = (void *)(uintptr_t)address, *should = step->attr;
	uint64_t at = address - (uintptr_t)c->machine.blob;
	uint32_t byte, offset = c->loader->attr[i];
	const struct plan_operand *op;

	if (step->attr_no_btf && slot_value(c, &c->machine.slots[plan->btf_slot]) < 0) {
		should = step->attr_no_btf;
		offset += c->loader->twin;
	}
	expect(c, "where attributes are", at == offset && at % 8 == 0 &&
	       at + step->attr_size <= c->loader->blob_size);
	if (c->machine.wrong)
		return;
	for (byte = 0; byte < step->attr_size; byte++)
		expect(c, "a byte of an attribute", is_operand(step, byte) ||
		       attr[byte] == should[byte]);
	vec_for_each(op, &step->operands)
		check_operand(c, attr, op);
}

static void call(struct machine *m, int helper)
{
	struct course *c = m->ctx;
	const struct plan_step *step;
	uint32_t i;
	void *to;

	if (c->made == c->n_expected) {
		expect(c, "one call too many", false);
		return;
	}
	i = c->expected[c->made];
	step = &c->hand->plan.steps.items[i];
	expect(c, "of another loader", i >= c->loader->first &&
	       i < c->loader->first + c->loader->steps);
	if (step->kind == PLAN_FIND_BTF) {
		expect(c, "the helper",
		       helper == BPF_FUNC_btf_find_by_name_kind);
		expect(c, "the name", is_data(c, m->r[1], step->name));
		expect(c, "its size", m->r[2] ==
		       c->hand->plan.data.items[step->name].size);
		expect(c, "the kind", m->r[3] == step->btf_kind);
		expect(c, "the flags", m->r[4] == 0);
	} else if (step->kind == PLAN_FIND_KSYM) {
		expect(c, "the helper", helper == BPF_FUNC_kallsyms_lookup_name);
		expect(c, "the name", is_data(c, m->r[1], step->name));
		expect(c, "its size", m->r[2] ==
		       c->hand->plan.data.items[step->name].size);
		expect(c, "the flags", m->r[3] == 0);
		to = machine_memory(m, m->r[4], 8);
		if (to)
			store(c, to, 8, address_of(i, result(c, i)));
	} else {
		expect(c, "the helper", helper == BPF_FUNC_sys_bpf);
		expect(c, "the command", m->r[1] == step->cmd);
		expect(c, "the size", m->r[3] == step->attr_size);
		check_attributes(c, step, m->r[2], i);
	}
	m->r[0] = result(c, i);
	memset(&m->r[1], 0xa5, 5 * sizeof(m->r[1]));
	if (!m->wrong)
		c->made++;
}

/* Run all loaders, with or without guards */
static bool course(struct hand *h, uint32_t fail0, uint32_t fail1,
		   const int *preset, bool usual)
{
	size_t size = h->plan.slots * sizeof(int);
	struct course c = {
		.machine = {
			.big_endian = h->spec.big_endian,
			.slots = arena_alloc(&h->arena, size), .nr_slots = h->plan.slots,
			.call = call, .ctx = &c,
		},
		.hand = h, .usual = usual, .fails = { fail0, fail1 },
		.expected_slots = arena_alloc(&h->arena, size),
	};
	const struct loader_code *code;
	struct machine *m = &c.machine;
	const struct loader *loader;
	int64_t expected;
	uint32_t i;
	int ret = 0;

	for (i = 0; i < h->plan.slots; i++)
		set_slot(&c, &m->slots[i], preset[i]);
	memcpy(c.expected_slots, m->slots, size);
	expected = plan_course(&c);
	vec_for_each(loader, &h->loaders.loader) {
		c.loader = loader;
		m->blob_size = loader->blob_size;
		m->blob = arena_alloc(&h->arena, m->blob_size);
		memcpy(m->blob, loader->blob, loader->blob_len);
		code = usual && loader->usual.insns ? &loader->usual : &loader->any;
		ret = machine_run(m, code->insns, code->insn_cnt);
		if (ret < 0 && ret >= -4095)
			break;
		ret = 0;
	}
	expect(&c, "result", ret == expected);
	expect(&c, "calls", c.made == c.n_expected);
	expect(&c, "slots", !memcmp(m->slots, c.expected_slots, size));
	if (m->wrong)
		fprintf(stderr, "# call %zu, step %u: %s\n", c.made,
			c.made < c.n_expected ? c.expected[c.made] : NO_STEP, m->wrong);
	return !m->wrong;
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

bool same_course(struct hand *h, uint32_t fail0, uint32_t fail1, const int *preset)
{
	int *none = no_choice(h), *all = no_choice(h);
	uint32_t i;

	for (i = 0; i < h->plan.slots; i++)
		all[i] = SLOT_UNSET;
	return course(h, fail0, fail1, preset ?: all, false) &&
	       course(h, fail0, fail1, none, false) &&
	       course(h, fail0, fail1, none, true);
}

bool all_courses(struct hand *h, const int *preset)
{
	bool same = same_course(h, NO_STEP, NO_STEP, preset);
	uint32_t i;

	for (i = 0; same && i < h->plan.steps.n; i++)
		same = same_course(h, i, NO_STEP, preset);
	return same;
}
