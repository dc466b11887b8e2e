// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Verifying a loader costs far more than running it, by the instruction and by
 * the branch, so there are few of both:
 *
 *	r2 = attributes
 *	*(...)(r2 + ...) = ...		for each operand
 *	w0 = slot			if the step has a guard
 *	if w0 != SLOT_UNSET goto A
 *	r1 = command
 *	r3 = size of the attributes
 *	call bpf_sys_bpf
 * A:	slot = r0
 *	if r0 s< 0 goto exit
 *
 * The guard decides about the call alone, since the verifier keeps its state
 * behind calls: there the path that went around is the same as the other, and
 * ends. Still it makes a step dearer by a quarter, so there is a second version
 * of the instructions that has none. All errors end at one exit; descriptors are
 * the caller's to close.
 */
#include <errno.h>
#include <string.h>

#include "asm.h"
#include "emit.h"
#include "refuse.h"

enum {
	R0, R1, R2, R3, R4, R5,
	BLOB = 6,	/* address of the blob */
	ATTRS = 7,	/* the same, or of what is one twin's distance behind it
			 * if there is no BTF
			 */
	SLOTS = 8,	/* the context */
	BTF = 9,	/* what is in btf_slot */
};

/* The verifier can keep 8192 branches in mind. */
#define MAX_JUMPS	4096

struct emitter {
	const struct plan *plan;
	struct arena *arena;
	struct loader *loader;
	struct asm_buf a;
	uint32_t exit;		/* label */
	bool usual;		/* the version without guards */
	uint32_t *first_insn;	/* by step */
	uint32_t last;		/* step of the loader */

	/* What registers hold: R0 the value of a slot, sign-extended or not; R1
	 * an address in the blob; NOT_HERE if nothing that is known
	 */
	uint32_t r0_slot;
	bool r0_extended;
	uint32_t r1_offset;
	bool btf_known;

	/* A hole in the blob, before the twins */
	uint32_t hole, hole_end;

	uint32_t *refs;		/* by data: how much the loader refers to it */
};

static const struct plan_step *step_at(const struct emitter *e, uint32_t i)
{
	return &e->plan->steps.items[i];
}

static uint32_t end_of(const struct loader *loader)
{
	return loader->first + loader->steps;
}

/* A group is a guarded run of steps, or one step. */
static uint32_t group_size(const struct plan_step *step)
{
	return step->guard == GUARD_NONE ? 1 : step->guarded;
}

/* Where loaders end */

/* What the steps of one need */
struct need {
	uint64_t data, attrs, twins;	/* bytes */
	uint32_t jumps;
	uint32_t spare;			/* slots, the last one that was used + 1 */
};

static uint64_t power_of_two(uint64_t n)
{
	uint64_t power = 8;

	while (power < n)
		power *= 2;
	return power;
}

static void need_data(struct emitter *e, struct need *need, uint32_t ref)
{
	if (!e->refs[ref]++)
		need->data += e->plan->data.items[ref].size + 7;
}

/* The attributes, and what a caller may change of their size. No step has both
 * this and a twin, as CO-RE needs BTF.
 */
static uint32_t attr_room(const struct plan_step *step)
{
	return step->attr_size + (step->attr_size_applied ? 4 : 0);
}

/* Returns false if the step has to be in another loader than those before it. */
static bool need_step(struct emitter *e, struct need *need,
		      const struct plan_step *step)
{
	const struct plan_operand *op;

	vec_for_each(op, &step->operands)
		if (op->kind == OPERAND_DATA)
			need_data(e, need, op->ref);
	if (step->attr_no_btf)
		need->twins += step->attr_size + 4;
	else
		need->attrs += attr_room(step) + 4;
	need->jumps += 2;
	switch (step->kind) {
	case PLAN_FIND_BTF:
	case PLAN_FIND_KSYM:
		need_data(e, need, step->name);
		break;
	case PLAN_MAP_INIT:
	case PLAN_MAP_FREEZE:
	case PLAN_MAP_SLOT:
		if (step->slot < need->spare)
			return false;
		need->spare = step->slot + 1;
		break;
	default:
		break;
	}
	return need->jumps <= MAX_JUMPS &&
	       need->data + need->attrs + need->twins +
	       (need->twins ? power_of_two(need->twins) : 0) <= BLOB_MAX;
}

/* How many of the steps from @first on the next loader has */
static uint32_t cut(struct emitter *e, uint32_t first)
{
	struct need need = { 0 };
	uint32_t i = first, end, size;
	bool fits;

	memset(e->refs, 0, e->plan->data.n * sizeof(*e->refs));
	while (i < e->plan->steps.n) {
		size = group_size(step_at(e, i));
		fits = true;
		for (end = i + size; i < end; i++)
			fits &= need_step(e, &need, step_at(e, i));
		if (!fits && end - size > first)
			return end - size - first;
	}
	return i - first;
}

/* The blob */

static uint32_t room(struct emitter *e, uint32_t size, uint32_t align)
{
	uint32_t at = (e->hole + align - 1) & -align;

	if (at > e->hole_end || size > e->hole_end - at)
		return asm_room(&e->a, size, align);
	e->hole = at + size;
	return at;
}

static void place_data(struct emitter *e, uint32_t ref)
{
	const struct plan_data *data = &e->plan->data.items[ref];

	if (e->loader->data[ref] != NOT_HERE)
		return;
	e->loader->data[ref] = room(e, data->size, data->align);
	if (data->bytes)
		asm_put(&e->a, e->loader->data[ref], data->bytes, data->size);
}

/* What saves most instructions, and is small */
static bool better_first(const struct emitter *e, uint32_t a, uint32_t b)
{
	if (e->refs[a] != e->refs[b])
		return e->refs[a] > e->refs[b];
	return e->plan->data.items[a].size < e->plan->data.items[b].size;
}

/* Put something where BLOB points. */
static void place_first(struct emitter *e)
{
	const struct loader *loader = e->loader;
	const struct plan_operand *op;
	uint32_t i, n, best = NOT_HERE;

	/* An address alone in its step takes two instructions to load, each of
	 * several one to come from another.
	 */
	memset(e->refs, 0, e->plan->data.n * sizeof(*e->refs));
	for (i = loader->first; i < end_of(loader); i++) {
		n = 0;
		vec_for_each(op, &step_at(e, i)->operands)
			n += op->kind == OPERAND_DATA;
		vec_for_each(op, &step_at(e, i)->operands)
			if (op->kind == OPERAND_DATA)
				e->refs[op->ref] += n == 1 ? 2 : 1;
	}
	for (i = 0; i < e->plan->data.n; i++)
		if (e->refs[i] && (best == NOT_HERE || better_first(e, i, best)))
			best = i;
	if (best != NOT_HERE)
		place_data(e, best);
}

static void place_twins(struct emitter *e)
{
	struct loader *loader = e->loader;
	const struct plan_step *step;
	uint32_t i, at, size = 0;

	for (i = loader->first; i < end_of(loader); i++)
		if (step_at(e, i)->attr_no_btf)
			size += (step_at(e, i)->attr_size + 7) & -8;
	if (!size)
		return;
	loader->twin = power_of_two(size);
	at = asm_room(&e->a, loader->twin + size, 8);
	e->hole = at + size;
	e->hole_end = at + loader->twin;
	for (i = loader->first; i < end_of(loader); i++) {
		step = step_at(e, i);
		if (!step->attr_no_btf)
			continue;
		loader->attr[i] = at;
		asm_put(&e->a, at, step->attr, step->attr_size);
		asm_put(&e->a, at + loader->twin, step->attr_no_btf,
			step->attr_size);
		at += (step->attr_size + 7) & -8;
	}
}

/* The only attribute of MAP_FREEZE is the first of the MAP_INIT before it. */
static bool is_prefix(const struct emitter *e, uint32_t i)
{
	const struct plan_step *step = step_at(e, i);

	return i > e->loader->first && step->kind == PLAN_MAP_FREEZE &&
	       step[-1].kind == PLAN_MAP_INIT;
}

static void place_attrs(struct emitter *e)
{
	struct loader *loader = e->loader;
	const struct plan_step *step;
	uint8_t size;
	uint32_t i;

	for (i = loader->first; i < end_of(loader); i++) {
		step = step_at(e, i);
		if (!step->attr_size || step->attr_no_btf)
			continue;
		if (is_prefix(e, i)) {
			loader->attr[i] = loader->attr[i - 1];
			continue;
		}
		loader->attr[i] = room(e, attr_room(step), 8);
		asm_put(&e->a, loader->attr[i], step->attr, step->attr_size);
		size = step->attr_size - step->attr_size_applied;
		if (step->attr_size_applied)
			asm_put(&e->a, loader->attr[i] + step->attr_size, &size, 1);
	}
}

/* In the order of use, what is zero behind everything else */
static void place_rest(struct emitter *e, bool zero)
{
	const struct loader *loader = e->loader;
	const struct plan_operand *op;
	uint32_t i;

	for (i = loader->first; i < end_of(loader); i++) {
		if (plan_finds(step_at(e, i)->kind) && !zero)
			place_data(e, step_at(e, i)->name);
		vec_for_each(op, &step_at(e, i)->operands)
			if (op->kind == OPERAND_DATA &&
			    !e->plan->data.items[op->ref].bytes == zero)
				place_data(e, op->ref);
	}
}

/* Instructions */

static void put(struct emitter *e, struct bpf_insn insn)
{
	asm_insn(&e->a, insn);
}

/* @reg = address in the blob: for the verifier one instruction, where a sum would
 * be two
 */
static void put_address(struct emitter *e, uint8_t reg, uint32_t offset)
{
	if (!offset) {
		put(e, insn_mov(reg, BLOB));
		return;
	}
	put(e, insn(BPF_LD | BPF_IMM | BPF_DW, reg, BPF_PSEUDO_MAP_IDX_VALUE, 0, 0));
	put(e, insn(0, 0, 0, 0, offset));
}

static void put_sum(struct emitter *e, uint8_t reg, uint8_t base, uint32_t offset)
{
	put(e, insn_mov(reg, base));
	if (offset)
		put(e, insn_alu(BPF_ADD, reg, offset));
}

static void put_data(struct emitter *e, uint32_t ref, uint32_t field)
{
	uint32_t at = e->loader->data[ref];

	if (!at) {
		put(e, insn_store(BPF_DW, R2, field, BLOB));
		return;
	}
	if (e->r1_offset == NOT_HERE)
		put_address(e, R1, at);
	else if (e->r1_offset != at)
		put(e, insn_alu(BPF_ADD, R1, at - e->r1_offset));
	e->r1_offset = at;
	put(e, insn_store(BPF_DW, R2, field, R1));
}

static void put_slot(struct emitter *e, uint32_t slot, uint32_t field)
{
	uint8_t reg = R4;

	if (slot == e->r0_slot)
		reg = R0;
	else if (e->btf_known && slot == e->plan->btf_slot)
		reg = BTF;
	else
		put(e, insn_load(BPF_W, R4, SLOTS, slot * 4));
	put(e, insn_store(BPF_W, R2, field, reg));
}

static void put_slot_address(struct emitter *e, uint32_t slot, uint32_t field)
{
	if (slot)
		put_sum(e, R4, SLOTS, slot * 4);
	put(e, insn_store(BPF_DW, R2, field, slot ? R4 : SLOTS));
}

static void put_attributes(struct emitter *e, uint32_t i)
{
	const struct plan_step *step = step_at(e, i);
	const struct plan_operand *op;

	if (step->attr_no_btf)
		put_sum(e, R2, ATTRS, e->loader->attr[i]);
	else
		put_address(e, R2, e->loader->attr[i]);
	if (is_prefix(e, i))
		return;
	e->r1_offset = NOT_HERE;
	vec_for_each(op, &step->operands)
		switch (op->kind) {
		case OPERAND_DATA:
			put_data(e, op->ref, op->offset);
			break;
		case OPERAND_SLOT:
			put_slot(e, op->ref, op->offset);
			break;
		case OPERAND_SLOT_ADDR:
			put_slot_address(e, op->ref, op->offset);
			break;
		}
}

static void put32(struct emitter *e, uint8_t op, uint8_t dst, int32_t imm)
{
	put(e, insn(BPF_ALU | op | BPF_K, dst, 0, 0, imm));
}

/* R1 = address of the instruction of @fixup, or R1 + the offset that is returned */
static uint32_t put_fixup_place(struct emitter *e, uint32_t data, const struct plan_fixup *fixup)
{
	uint32_t at = e->loader->data[data] + fixup->insn * sizeof(struct bpf_insn);

	if (e->r1_offset == NOT_HERE || at < e->r1_offset || at - e->r1_offset > INT16_MAX - 16) {
		put_address(e, R1, at);
		e->r1_offset = at;
	}
	return at - e->r1_offset;
}

/* Registers with what one or more fix-ups of the same symbol store: R4 and R3 are
 * both halves, the low one first, R5 is 0 if it is missing and -1 if not.
 */
static void put_found(struct emitter *e, const struct plan_fixup *fixup)
{
	bool address = fixup->kind == FIXUP_ADDRESS;
	bool high_first = address && e->plan->spec->big_endian;

	put(e, insn_load(BPF_W, R4, SLOTS, (fixup->slot + address + high_first) * 4));
	put(e, insn_load(BPF_W, R3, SLOTS, (fixup->slot + address + !high_first) * 4));
	if (address || !fixup->weak)
		return;
	put(e, insn_mov(R5, R4));
	put32(e, BPF_ARSH, R5, 31);
	put32(e, BPF_XOR, R5, -1);
	put(e, insn(BPF_ALU | BPF_AND | BPF_X, R4, R5, 0, 0));
	put(e, insn(BPF_ALU | BPF_AND | BPF_X, R3, R5, 0, 0));
}

static void put_fixup(struct emitter *e, uint32_t data, const struct plan_fixup *fixup)
{
	bool big = e->plan->spec->big_endian;
	uint32_t at = put_fixup_place(e, data, fixup);
	uint8_t dst;

	put(e, insn_store(BPF_W, R1, at + 4, R4));
	if (fixup->kind == FIXUP_FUNC) {
		/* Where the descriptor is, or 0 if it is 0 */
		put(e, insn_mov(R0, R3));
		put32(e, BPF_NEG, R0, 0);
		put32(e, BPF_ARSH, R0, 31);
		put32(e, BPF_AND, R0, fixup->slot + 1);
		put(e, insn_store(BPF_H, R1, at + 2, R0));
		return;
	}
	put(e, insn_store(BPF_W, R1, at + 12, R3));
	if (fixup->kind != FIXUP_VAR || !fixup->weak)
		return;
	dst = e->plan->data.items[data].bytes[fixup->insn * sizeof(struct bpf_insn) + 1];
	put(e, insn_mov(R0, R5));
	put32(e, BPF_AND, R0, big ? BPF_PSEUDO_BTF_ID : BPF_PSEUDO_BTF_ID << 4);
	if (dst)
		put32(e, BPF_OR, R0, dst);
	put(e, insn_store(BPF_B, R1, at + 1, R0));
}

/* What the load found, in the instructions that @step loads; without branches */
static void put_fixups(struct emitter *e, const struct plan_step *step)
{
	const struct plan_operand *op;
	const struct plan_fixup *fixup;
	uint32_t slot = NOT_HERE;

	vec_for_each(op, &step->operands) {
		if (op->kind != OPERAND_DATA)
			continue;
		e->r1_offset = NOT_HERE;
		vec_for_each(fixup, &e->plan->data.items[op->ref].fixups) {
			asm_relay(&e->a);
			if (fixup->slot != slot)
				put_found(e, fixup);
			slot = fixup->slot;
			put_fixup(e, op->ref, fixup);
			e->r0_slot = NOT_HERE;
		}
	}
}

static void put_guard(struct emitter *e, const struct plan_step *step,
		      uint32_t label)
{
	static const uint8_t around[] = {
		[GUARD_UNSET]	= BPF_JMP32 | BPF_JNE,
		[GUARD_DONE]	= BPF_JMP32 | BPF_JSLT,
		[GUARD_FAILED]	= BPF_JMP32 | BPF_JSGE,
	};

	if (e->r0_slot != step->guard_slot) {
		put(e, insn_load(BPF_W, R0, SLOTS, step->guard_slot * 4));
		e->r0_extended = false;
	}
	asm_jump(&e->a, insn(around[step->guard], R0, 0, 0,
			     step->guard == GUARD_UNSET ? SLOT_UNSET : 0),
		 label);
}

/* The size of the attributes. That the caller leaves it alone or makes it a certain
 * smaller one, the verifier sees from the bits.
 */
static void put_size(struct emitter *e, const struct plan_step *step)
{
	if (!step->attr_size_applied) {
		put(e, insn_alu(BPF_MOV, R3, step->attr_size));
		return;
	}
	put(e, insn_load(BPF_B, R3, R2, step->attr_size));
	put(e, insn_alu(BPF_AND, R3, step->attr_size - step->attr_size_applied));
	put(e, insn_alu(BPF_OR, R3, step->attr_size_applied));
}

/* bpf_sys_bpf(cmd, attr, size), bpf_btf_find_by_name_kind(name, size, kind, 0) or
 * bpf_kallsyms_lookup_name(name, size, 0, result)
 */
static void put_call(struct emitter *e, uint32_t i)
{
	const struct plan_step *step = step_at(e, i);

	if (!plan_finds(step->kind)) {
		put(e, insn_alu(BPF_MOV, R1, step->cmd));
		put_size(e, step);
		put(e, insn_call(BPF_FUNC_sys_bpf));
		return;
	}
	put_address(e, R1, e->loader->data[step->name]);
	put(e, insn_alu(BPF_MOV, R2, e->plan->data.items[step->name].size));
	if (step->kind == PLAN_FIND_BTF) {
		put(e, insn_alu(BPF_MOV, R3, step->btf_kind));
		put(e, insn_alu(BPF_MOV, R4, 0));
		put(e, insn_call(BPF_FUNC_btf_find_by_name_kind));
	} else {
		put(e, insn_alu(BPF_MOV, R3, 0));
		put_address(e, R4, e->loader->attr[i]);
		put(e, insn_call(BPF_FUNC_kallsyms_lookup_name));
	}
}

/* The result is in R0. */
static void put_result(struct emitter *e, uint32_t i)
{
	const struct plan_step *step = step_at(e, i);

	put(e, insn_store(BPF_W, SLOTS, step->slot * 4, R0));
	e->r0_slot = step->slot;
	/* The last one comes to the exit by itself. */
	if (!step->may_fail && (i != e->last || plan_finds(step->kind)))
		asm_jump(&e->a, insn(BPF_JMP | BPF_JSLT, R0, 0, 0, 0), e->exit);
	if (step->kind == PLAN_FIND_BTF) {
		put(e, insn_alu(BPF_RSH, R0, 32));
		put(e, insn_store(BPF_W, SLOTS, (step->slot + 1) * 4, R0));
		e->r0_slot = step->slot + 1;
	}
	if (step->kind == PLAN_FIND_KSYM) {
		put_address(e, R1, e->loader->attr[i]);
		put(e, insn_load(BPF_DW, R1, R1, 0));
		put(e, insn_store(BPF_DW, SLOTS, (step->slot + 1) * 4, R1));
	}
}

/* BTF and ATTRS, from what became of BTF_LOAD, for what follows step @i - 1 */
static void put_btf(struct emitter *e, uint32_t i)
{
	const struct plan_operand *op;
	bool used = false;

	for (; i < end_of(e->loader); i++)
		vec_for_each(op, &step_at(e, i)->operands)
			used |= op->kind == OPERAND_SLOT &&
				op->ref == e->plan->btf_slot;
	if (!used)
		return;
	if (e->r0_slot == e->plan->btf_slot)
		put(e, insn_mov(BTF, R0));
	else
		put(e, insn_load(BPF_W, BTF, SLOTS, e->plan->btf_slot * 4));
	if (e->loader->twin) {
		/* Without a branch: both ways are one state of the verifier. */
		put(e, insn_mov(ATTRS, BTF));
		if (e->r0_slot != e->plan->btf_slot || !e->r0_extended)
			put(e, insn_alu(BPF_LSH, ATTRS, 32));
		put(e, insn_alu(BPF_ARSH, ATTRS, 63));
		put(e, insn_alu(BPF_AND, ATTRS, e->loader->twin));
		put(e, insn(BPF_ALU64 | BPF_ADD | BPF_X, ATTRS, BLOB, 0, 0));
	}
	e->btf_known = true;
}

/* Is the guard of a group one about which the caller decides? */
static bool is_choice(const struct plan_step *head)
{
	return head->guard == GUARD_UNSET || head->guard == GUARD_DONE;
}

/* The steps from @first to before @end, a group */
static void put_group(struct emitter *e, uint32_t first, uint32_t end)
{
	const struct plan_step *head = step_at(e, first), *step;
	uint32_t i, around = asm_label(&e->a);
	bool guarded = head->guard != GUARD_NONE &&
		       !(e->usual && is_choice(head));
	/* Can the guard's slot stand for the last result? */
	bool resume = guarded && (head->guard == GUARD_DONE ||
		      step_at(e, end - 1)->slot == head->guard_slot);

	for (i = first; i < end; i++) {
		step = step_at(e, i);
		asm_relay(&e->a);
		e->first_insn[i] = asm_pos(&e->a);
		put_fixups(e, step);
		if (step->attr_size && !plan_finds(step->kind))
			put_attributes(e, i);
		if (i == first && guarded)
			put_guard(e, head, around);
		else
			e->r0_extended = true;
		put_call(e, i);
		if (i == end - 1 && resume)
			asm_bind(&e->a, around);
		put_result(e, i);
	}
	if (guarded && !resume) {
		asm_bind(&e->a, around);
		e->r0_slot = NOT_HERE;
	}
}

static bool is_put(const struct emitter *e, uint32_t i)
{
	return !e->usual || !step_at(e, i)->left_out;
}

static void put_code(struct emitter *e)
{
	const struct loader *loader = e->loader;
	bool btf = e->plan->spec->btf;
	uint32_t i, next;

	e->exit = asm_label(&e->a);
	e->r0_slot = NOT_HERE;
	e->btf_known = false;
	e->last = NOT_HERE;
	for (i = loader->first; i < end_of(loader); i++)
		if (is_put(e, i))
			e->last = i;

	put(e, insn(BPF_LD | BPF_IMM | BPF_DW, BLOB, BPF_PSEUDO_MAP_IDX_VALUE, 0, 0));
	put(e, insn(0, 0, 0, 0, 0));
	put(e, insn_mov(SLOTS, R1));
	for (i = loader->first; i < end_of(loader); i = next) {
		next = i + group_size(step_at(e, i));
		if (!is_put(e, i))
			continue;
		if (btf && step_at(e, i)->kind != PLAN_BTF_LOAD) {
			put_btf(e, i);
			btf = false;
		}
		put_group(e, i, next);
	}
	if (e->last == NOT_HERE || step_at(e, e->last)->may_fail)
		put(e, insn_alu(BPF_MOV, R0, 0));
	asm_bind(&e->a, e->exit);
	put(e, insn_exit());
}

/* Loaders */

static uint32_t *offsets(struct arena *arena, size_t n)
{
	uint32_t *items = arena_array(arena, n, sizeof(*items));

	if (items)
		memset(items, 0xff, n * sizeof(*items));
	return items;
}

static void put_blob(struct emitter *e)
{
	place_first(e);
	place_twins(e);
	place_attrs(e);
	place_rest(e, false);
	place_rest(e, true);
	/* The value of a map is at least something. */
	asm_room(&e->a, e->a.blob_size ? 0 : 8, 8);
}

static bool has_choice(const struct emitter *e)
{
	uint32_t i;

	for (i = e->loader->first; i < end_of(e->loader); i++)
		if (is_choice(step_at(e, i)))
			return true;
	return false;
}

/* One version of the instructions, and the blob if it is the first */
static int emit_code(struct emitter *e, struct loader_code *code, bool usual)
{
	struct asm_code result;
	int err;

	code->first_insn = offsets(e->arena, e->plan->steps.n);
	if (!code->first_insn)
		return -ENOMEM;
	e->first_insn = code->first_insn;
	e->usual = usual;
	asm_init(&e->a, e->arena);
	if (!usual)
		put_blob(e);
	put_code(e);
	err = asm_finish(&e->a, &result);
	if (err)
		return err;
	code->insns = result.insns;
	code->insn_cnt = result.insn_cnt;
	if (!usual) {
		e->loader->blob = result.blob;
		e->loader->blob_len = result.blob_len;
		e->loader->blob_size = result.blob_size;
	}
	return 0;
}

static int emit_loader(struct emitter *e)
{
	struct loader *loader = e->loader;
	int err;

	loader->attr = offsets(e->arena, e->plan->steps.n);
	loader->data = offsets(e->arena, e->plan->data.n);
	if (!loader->attr || !loader->data)
		return -ENOMEM;
	e->hole = 0;
	e->hole_end = 0;
	err = emit_code(e, &loader->any, false);
	if (!err && has_choice(e))
		err = emit_code(e, &loader->usual, true);
	return err;
}

/* What the guard of the steps from @first on asks for; one of them makes it */
static const char *guarded_object(const struct emitter *e, uint32_t first)
{
	uint32_t slot = step_at(e, first)->guard_slot, i = first;

	while (step_at(e, i)->slot != slot)
		i++;
	return step_at(e, i)->object;
}

int emit(struct loaders *loaders, const struct plan *plan)
{
	struct emitter e = { .plan = plan, .arena = plan->spec->arena };
	uint32_t first = 0, steps;
	int err;

	*loaders = (struct loaders){ 0 };
	e.refs = arena_array(e.arena, plan->data.n, sizeof(*e.refs));
	if (!e.refs)
		return sink_nomem(plan->spec->sink);
	do {
		steps = cut(&e, first);
		e.loader = vec_push(e.arena, &loaders->loader);
		if (!e.loader)
			return sink_nomem(plan->spec->sink);
		if (steps > MAX_JUMPS)
			return refuse(plan->spec, REFUSE_too_many, IN(NULL, guarded_object(&e, first)),
				      "%u steps depend on whether it exists; a loader has %u",
				      steps, MAX_JUMPS);
		e.loader->first = first;
		e.loader->steps = steps;
		err = emit_loader(&e);
		if (err == -ENOMEM)
			return sink_nomem(plan->spec->sink);
		/* A defect of ours, not of the object */
		if (err)
			return sink_fail(plan->spec->sink, err,
					 "%s: no loader can do steps %u to %u of the plan: %s",
					 plan->spec->file, first,
					 first + steps - 1, strerror(-err));
		first += steps;
	} while (first < plan->steps.n);
	return 0;
}
