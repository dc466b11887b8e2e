// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/btf.h>
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "replay.h"
#include "skel/runtime.h"
#include "skel/parts/kallsyms.h"

/* How often PROG_LOAD is tried while signals interrupt it */
#define ATTEMPTS	5

int replay_init(struct replay *r, const struct plan *plan)
{
	struct arena *arena = plan->spec->arena;
	const struct plan_step *step;
	size_t i;

	*r = (struct replay){ .plan = plan };
	r->slots = arena_array(arena, plan->slots, sizeof(*r->slots));
	r->attr = arena_array(arena, plan->steps.n, sizeof(*r->attr));
	r->attr_no_btf = arena_array(arena, plan->steps.n,
				     sizeof(*r->attr_no_btf));
	r->data = arena_array(arena, plan->data.n, sizeof(*r->data));
	if (!r->slots || !r->attr || !r->attr_no_btf || !r->data)
		return sink_nomem(plan->spec->sink);

	for (i = 0; i < plan->slots; i++)
		r->slots[i] = SLOT_UNSET;
	for (i = 0; i < plan->data.n; i++) {
		const struct plan_data *data = &plan->data.items[i];

		r->data[i] = data->fixups.n ? arena_dup(arena, data->bytes, data->size) :
			     data->bytes ?: arena_alloc(arena, data->size);
		if (!r->data[i])
			return sink_nomem(plan->spec->sink);
	}
	for (i = 0; i < plan->steps.n; i++) {
		step = &plan->steps.items[i];
		r->attr[i] = arena_dup(arena, step->attr, step->attr_size);
		if (step->attr_no_btf)
			r->attr_no_btf[i] = arena_dup(arena, step->attr_no_btf,
						      step->attr_size);
		if (!r->attr[i] || (step->attr_no_btf && !r->attr_no_btf[i]))
			return sink_nomem(plan->spec->sink);
	}
	return 0;
}

int replay_apply(struct replay *r, const struct resolved *resolved)
{
	struct arena *arena = r->plan->spec->arena;
	const struct plan_step *step;

	r->applied = true;
	vec_for_each(step, &r->plan->steps) {
		uint32_t data;
		uint8_t *bytes;

		if (!step->attr_size_applied)
			continue;
		data = patch_data(step);
		bytes = arena_dup(arena, r->data[data], r->plan->data.items[data].size);
		if (!bytes)
			return sink_nomem(r->plan->spec->sink);
		patch_insns(bytes, r->plan, step, resolved);
		r->data[data] = bytes;
		memset(r->attr[step - r->plan->steps.items] + offsetof(union bpf_attr, core_relo_cnt),
		       0, sizeof(uint32_t));
	}
	return 0;
}

static void store(const struct replay *r, uint8_t *attr,
		  const struct plan_operand *op)
{
	uint64_t address;

	switch (op->kind) {
	case OPERAND_DATA:
		address = (uintptr_t)r->data[op->ref];
		memcpy(attr + op->offset, &address, sizeof(address));
		break;
	case OPERAND_SLOT:
		memcpy(attr + op->offset, &r->slots[op->ref], sizeof(int));
		break;
	case OPERAND_SLOT_ADDR:
		address = (uintptr_t)&r->slots[op->ref];
		memcpy(attr + op->offset, &address, sizeof(address));
		break;
	}
}

/* What the loader stores into the instructions, in memory of our own */
static void fix_up(const struct replay *r, uint32_t data)
{
	struct bpf_insn *insns = (void *)(uintptr_t)r->data[data], *insn;
	const struct plan_fixup *p;

	vec_for_each(p, &r->plan->data.items[data].fixups) {
		const int *slot = &r->slots[p->slot];
		bool missing = *slot < 0;
		uint64_t address;

		insn = &insns[p->insn];
		switch (p->kind) {
		case FIXUP_VAR:
			insn[0].src_reg = missing ? 0 : BPF_PSEUDO_BTF_ID;
			insn[0].imm = missing ? 0 : slot[0];
			insn[1].imm = missing ? 0 : slot[1];
			break;
		case FIXUP_FUNC:
			insn->imm = missing ? 0 : slot[0];
			insn->off = !missing && slot[1] > 0 ? p->slot + 1 : 0;
			break;
		case FIXUP_ADDRESS:
			memcpy(&address, &slot[1], sizeof(address));
			insn[0].imm = (int32_t)address;
			insn[1].imm = (int32_t)(address >> 32);
			break;
		}
	}
}

static int call(const struct replay *r, uint32_t i)
{
	const struct plan_step *step = &r->plan->steps.items[i];
	const struct plan_operand *op;
	uint32_t size = step->attr_size;
	uint8_t *attr = r->attr[i];
	int ret, attempts = ATTEMPTS;

	if (r->attr_no_btf[i] && r->slots[r->plan->btf_slot] < 0)
		attr = r->attr_no_btf[i];
	vec_for_each(op, &step->operands) {
		if (op->kind == OPERAND_DATA)
			fix_up(r, op->ref);
		store(r, attr, op);
	}
	if (r->applied && step->attr_size_applied)
		size = step->attr_size_applied;
	do {
		ret = lskel_bpf(step->cmd, attr, size);
	} while (ret == -EAGAIN && step->kind == PLAN_PROG_LOAD && --attempts);
	return ret;
}

/* Types of the kernel, found in the order of the helper that a loader calls */

static int find(struct replay *r, const struct plan_step *step)
{
	const char *name = r->data[step->name];
	union bpf_attr attr = { 0 };
	struct btf *btf;
	int type, fd, err;

	err = r->kernel.btf ? 0 : target_running(&r->kernel, r->plan->spec);
	if (err)
		return err;
	type = btf__find_by_name_kind(r->kernel.btf, name, step->btf_kind);
	if (type > 0) {
		r->slots[step->slot + 1] = 0;
		return type;
	}
	while (!lskel_bpf(BPF_BTF_GET_NEXT_ID, &attr, sizeof(attr))) {
		attr.start_id = attr.next_id;
		btf = target_module(&r->kernel, attr.next_id, &fd);
		if (!btf)
			continue;
		type = btf__find_by_name_kind(btf, name, step->btf_kind);
		btf__free(btf);
		if (type > 0) {
			r->slots[step->slot + 1] = fd;
			return type;
		}
		close(fd);
	}
	return -ENOENT;
}

static int find_ksym(struct replay *r, const struct plan_step *step)
{
	struct lskel_symbol symbol = { .name = r->data[step->name] };
	int err = lskel_kallsyms(&symbol, 1);

	memcpy(&r->slots[step->slot + 1], &symbol.address, sizeof(symbol.address));
	return err ? : symbol.found ? 0 : -ENOENT;
}

static bool wanted(const struct replay *r, const struct plan_step *step)
{
	int slot = r->slots[step->guard_slot];

	switch (step->guard) {
	case GUARD_NONE:
		break;
	case GUARD_UNSET:
		return slot == SLOT_UNSET;
	case GUARD_DONE:
		return slot >= 0;
	case GUARD_FAILED:
		return slot < 0;
	}
	return true;
}

int replay_run(struct replay *r)
{
	const struct plan_step *step;
	uint32_t i = 0, end;
	int ret;

	while (i < r->plan->steps.n) {
		step = &r->plan->steps.items[i];
		if (!wanted(r, step)) {
			/* As the loader leaves it */
			if (step->guard == GUARD_DONE)
				r->slots[step->slot] = r->slots[step->guard_slot];
			for (end = i + step->guarded; i < end; i++)
				if (r->tell)
					r->tell(r, i, SLOT_UNSET);
			continue;
		}
		ret = step->kind == PLAN_FIND_BTF ? find(r, step) :
		      step->kind == PLAN_FIND_KSYM ? find_ksym(r, step) : call(r, i);
		r->slots[step->slot] = ret;
		if (r->tell)
			r->tell(r, i, ret);
		if (ret < 0 && !step->may_fail) {
			r->step = i;
			return ret;
		}
		i++;
	}
	return 0;
}

void replay_free(struct replay *r)
{
	target_close(&r->kernel);
}
