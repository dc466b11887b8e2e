// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The order is libbpf's: BTF; every map with its content; programs; program
 * arrays. Maps come in the order of the object, but for those that one before
 * them refers to.
 */
#include <errno.h>
#include <linux/btf.h>
#include <stdlib.h>

#include "attach.h"
#include "lib/endian.h"
#include "plan.h"
#include "refuse.h"

#define ATTR(member)	offsetof(union bpf_attr, member)
#define ATTR_END(member) \
	(ATTR(member) + sizeof(((union bpf_attr *)0)->member))

/* A kernel takes two levels: maps in a map */
#define MAX_DEPTH	8

/* What a guard decides about is in one loader. A map of more steps has a guard only
 * if it must.
 */
#define CHOICE_MAX	1000

const struct plan_words plan_words[] = {
	[PLAN_BTF_LOAD]		= { "BTF_LOAD", "load BTF" },
	[PLAN_MAP_CREATE]	= { "MAP_CREATE", "create map" },
	[PLAN_MAP_INIT]		= { "MAP_INIT", "fill map" },
	[PLAN_MAP_FREEZE]	= { "MAP_FREEZE", "freeze map" },
	[PLAN_MAP_SLOT]		= { "MAP_SLOT", "fill slot of map" },
	[PLAN_FIND_BTF]		= { "FIND_BTF", "find in the kernel's BTF" },
	[PLAN_FIND_KSYM]	= { "FIND_KSYM", "find symbol of the kernel" },
	[PLAN_PROG_LOAD]	= { "PROG_LOAD", "load program" },
	[PLAN_LINK_CREATE]	= { "LINK_CREATE", "attach program" },
	[PLAN_RAW_TP_OPEN]	= { "RAW_TP_OPEN", "attach program" },
};

/* The programs that refer to an extern */
struct users {
	bool any;
	bool guarded;		/* the caller may leave out all of them */
	bool optional;		/* and does, unless it makes a choice */
};

struct planner {
	struct plan *plan;
	const struct spec *spec;
	struct arena *arena;
	bool nomem;		/* sticky: the plan is worthless */

	bool *created;		/* maps, by index in the spec */
	int license, zero_key;	/* data; SPEC_NONE: nobody needed it yet */
	uint32_t next_target;	/* slot, of targets and externs */
	struct users *users;	/* by index of extern in the spec */
	uint32_t first_spare;	/* slots that may be shared begin here */
	uint32_t next_spare;
};

void insn_encode(uint8_t *bytes, const struct bpf_insn *insn, bool big_endian)
{
	bytes[0] = insn->code;
	bytes[1] = big_endian ? insn->dst_reg << 4 | insn->src_reg :
		   insn->src_reg << 4 | insn->dst_reg;
	put_u16(bytes + 2, insn->off, big_endian);
	put_u32(bytes + 4, insn->imm, big_endian);
}

/* Data */

/* @bytes NULL: zero. @what is NULL if there was no memory for it. */
static uint32_t add_data(struct planner *p, const char *what,
			 const uint8_t *bytes, uint32_t size, uint32_t align)
{
	struct plan_data *data = vec_push(p->arena, &p->plan->data);

	if (!what || !data) {
		p->nomem = true;
		return 0;
	}
	*data = (struct plan_data){
		.what = what, .bytes = bytes, .size = size, .align = align,
		.map = SPEC_NONE,
	};
	return p->plan->data.n - 1;
}

static uint32_t add_string(struct planner *p, const char *what, const char *s)
{
	return add_data(p, what, (const uint8_t *)s, strlen(s) + 1, 1);
}

static uint32_t license(struct planner *p)
{
	if (p->license == SPEC_NONE)
		p->license = add_string(p, "license", p->spec->license ?: "");
	return p->license;
}

static uint32_t map_key(struct planner *p, uint32_t key)
{
	uint8_t bytes[sizeof(key)], *copy;

	if (!key) {
		if (p->zero_key == SPEC_NONE)
			p->zero_key = add_data(p, "key 0", NULL, sizeof(key), 4);
		return p->zero_key;
	}
	put_u32(bytes, key, p->spec->big_endian);
	copy = arena_dup(p->arena, bytes, sizeof(bytes));
	if (!copy)
		p->nomem = true;
	return add_data(p, arena_printf(p->arena, "key %u", key), copy,
			sizeof(bytes), 4);
}

/* Records are made of u32 */
static uint32_t add_records(struct planner *p, const char *what,
			    const struct spec_records *records)
{
	size_t size = (size_t)records->n * records->rec_size, at;
	uint8_t *bytes = arena_dup(p->arena, records->items, size);
	uint32_t value;

	if (!bytes) {
		p->nomem = true;
		return 0;
	}
	for (at = 0; at < size; at += sizeof(value)) {
		memcpy(&value, bytes + at, sizeof(value));
		put_u32(bytes + at, value, p->spec->big_endian);
	}
	return add_data(p, what, bytes, size, 4);
}

static uint32_t add_insns(struct planner *p, const struct spec_prog *prog)
{
	size_t size = prog->insn_cnt * sizeof(struct bpf_insn);
	struct bpf_insn *insns = arena_dup(p->arena, prog->insns, size);
	uint8_t *bytes = arena_alloc(p->arena, size);
	const struct spec_map_ref *ref;
	const struct spec_ksym_ref *ksym;
	const struct spec_extern *ext;
	uint32_t i;

	if (!insns || !bytes) {
		p->nomem = true;
		return 0;
	}
	/* The slots of the maps are the fd_array. */
	vec_for_each(ref, &prog->map_refs) {
		struct bpf_insn *insn = &insns[ref->insn];

		insn[0].src_reg = ref->value ? BPF_PSEUDO_MAP_IDX_VALUE :
				  BPF_PSEUDO_MAP_IDX;
		insn[0].imm = ref->map;
		insn[1].imm = ref->value ? ref->offset : 0;
	}
	vec_for_each(ksym, &prog->ksym_refs) {
		ext = &p->spec->externs.items[ksym->ext];
		if (!ksym->call && ext->kind != EXTERN_ADDRESS && !ext->weak)
			insns[ksym->insn].src_reg = BPF_PSEUDO_BTF_ID;
	}
	for (i = 0; i < prog->insn_cnt; i++)
		insn_encode(bytes + i * sizeof(*insns), &insns[i],
			    p->spec->big_endian);
	return add_data(p, arena_printf(p->arena, "instructions of %s", prog->name),
			bytes, size, 8);
}

static int by_slot(const void *a, const void *b)
{
	const struct plan_fixup *x = a, *y = b;

	if (x->slot != y->slot)
		return x->slot > y->slot ? 1 : -1;
	return (x->insn > y->insn) - (x->insn < y->insn);
}

static void add_fixups(struct planner *p, uint32_t data, const struct spec_prog *prog)
{
	const struct spec_ksym_ref *ref;
	struct plan_data *to;

	if (p->nomem || !prog->ksym_refs.n)
		return;
	to = &p->plan->data.items[data];
	vec_for_each(ref, &prog->ksym_refs) {
		const struct spec_extern *ext = &p->spec->externs.items[ref->ext];
		struct plan_fixup *fixup = vec_push(p->arena, &to->fixups);

		if (!fixup) {
			p->nomem = true;
			return;
		}
		*fixup = (struct plan_fixup){
			.kind = ref->call ? FIXUP_FUNC :
				ext->kind == EXTERN_ADDRESS ? FIXUP_ADDRESS : FIXUP_VAR,
			.insn = ref->insn,
			.slot = p->plan->extern_slot[ref->ext],
			.weak = ext->weak,
		};
	}
	qsort(to->fixups.items, to->fixups.n, sizeof(*to->fixups.items), by_slot);
}

/* Steps */

/* A step that is being written, with both versions of its attributes */
struct draft {
	struct plan_step step;
	uint8_t attr[sizeof(union bpf_attr)];
	uint8_t no_btf[sizeof(union bpf_attr)];
};

static void set(struct planner *p, struct draft *draft, uint32_t offset,
		uint32_t value)
{
	put_u32(draft->attr + offset, value, p->spec->big_endian);
	put_u32(draft->no_btf + offset, value, p->spec->big_endian);
}

static void set_btf(struct planner *p, struct draft *draft, uint32_t offset,
		    uint32_t value)
{
	put_u32(draft->attr + offset, value, p->spec->big_endian);
}

/* A name of at most BPF_OBJ_NAME_LEN - 1 characters */
static void set_name(struct draft *draft, uint32_t offset, const char *name)
{
	size_t n = strnlen(name, BPF_OBJ_NAME_LEN - 1);

	memcpy(draft->attr + offset, name, n);
	memcpy(draft->no_btf + offset, name, n);
}

static void operand(struct planner *p, struct draft *draft, uint32_t offset,
		    enum plan_operand_kind kind, uint32_t ref)
{
	struct plan_operand *item = vec_push(p->arena, &draft->step.operands);

	if (!item) {
		p->nomem = true;
		return;
	}
	*item = (struct plan_operand){ .kind = kind, .offset = offset, .ref = ref };
}

static void add_step(struct planner *p, struct draft *draft)
{
	struct plan_step *step = vec_push(p->arena, &p->plan->steps);
	uint32_t size = draft->step.attr_size;

	if (!step || !draft->step.object) {
		p->nomem = true;
		return;
	}
	*step = draft->step;
	if (!size)
		return;
	step->attr = arena_dup(p->arena, draft->attr, size);
	if (!step->attr)
		p->nomem = true;
	if (!p->plan->btf_optional || !memcmp(draft->attr, draft->no_btf, size))
		return;
	step->attr_no_btf = arena_dup(p->arena, draft->no_btf, size);
	if (!step->attr_no_btf)
		p->nomem = true;
}

/* The steps from number @first on are one group that @kind decides about. */
static void guard(struct planner *p, size_t first, enum plan_guard kind,
		  uint32_t slot)
{
	struct plan_step *step;

	if (p->nomem)
		return;
	step = &p->plan->steps.items[first];
	step->guard = kind;
	step->guard_slot = slot;
	step->guarded = p->plan->steps.n - first;
}

/* A slot for a result that only says whether the step failed */
static uint32_t spare_slot(struct planner *p)
{
	uint32_t slot = p->next_spare;

	if (slot == PLAN_SLOTS)
		slot = p->first_spare;
	p->next_spare = slot + 1;
	if (p->plan->slots <= slot)
		p->plan->slots = slot + 1;
	return slot;
}

/* BTF */

/* Can the object be loaded without BTF, if the kernel takes none? */
static bool btf_is_optional(const struct spec *spec)
{
	const struct spec_prog *prog;
	const struct spec_map *map;

	vec_for_each(map, &spec->maps)
		switch (map->type) {
		case BPF_MAP_TYPE_SK_STORAGE:
		case BPF_MAP_TYPE_INODE_STORAGE:
		case BPF_MAP_TYPE_TASK_STORAGE:
		case BPF_MAP_TYPE_STRUCT_OPS:
		case MAP_TYPE_CGRP_STORAGE:
			return false;
		}
	vec_for_each(prog, &spec->progs)
		if (prog->type == BPF_PROG_TYPE_EXT || prog->core.n)
			return false;
	return true;
}

static void load_btf(struct planner *p, const char *object, const char *what,
		     const uint8_t *bytes, uint32_t size, bool may_fail)
{
	struct draft draft = { .step = {
		.kind = PLAN_BTF_LOAD, .cmd = BPF_BTF_LOAD, .object = object,
		.map = SPEC_NONE, .prog = SPEC_NONE,
		.slot = p->plan->btf_slot, .may_fail = may_fail,
		.attr_size = ATTR_END(btf_log_level),
	} };

	set(p, &draft, ATTR(btf_size), size);
	operand(p, &draft, ATTR(btf), OPERAND_DATA,
		add_data(p, what, bytes, size, 4));
	add_step(p, &draft);
}

static void plan_btf(struct planner *p)
{
	const struct spec *spec = p->spec;
	bool optional = p->plan->btf_optional;

	if (!spec->btf)
		return;
	load_btf(p, "", "BTF", spec->btf, spec->btf_size,
		 optional || spec->reduced_btf);
	if (!spec->reduced_btf)
		return;
	load_btf(p, "(reduced)", "reduced BTF", spec->reduced_btf,
		 spec->reduced_btf_size, optional);
	guard(p, p->plan->steps.n - 1, GUARD_FAILED, p->plan->btf_slot);
}

/* Maps */

static void create_map(struct planner *p, int index)
{
	const struct spec_map *map = &p->spec->maps.items[index];
	struct draft draft = { .step = {
		.kind = PLAN_MAP_CREATE, .cmd = BPF_MAP_CREATE,
		.object = map->name, .map = index, .prog = SPEC_NONE,
		.slot = index, .attr_size = ATTR_END(map_extra),
	} };

	set(p, &draft, ATTR(map_type), map->type);
	set(p, &draft, ATTR(key_size), map->key_size);
	set(p, &draft, ATTR(value_size), map->value_size);
	set(p, &draft, ATTR(max_entries), map->max_entries);
	set(p, &draft, ATTR(map_flags), map->flags);
	if (map->flags & BPF_F_NUMA_NODE)
		set(p, &draft, ATTR(numa_node), map->numa_node);
	set_name(&draft, ATTR(map_name), map->kernel_name);
	put_u64(draft.attr + ATTR(map_extra), map->map_extra,
		p->spec->big_endian);
	put_u64(draft.no_btf + ATTR(map_extra), map->map_extra,
		p->spec->big_endian);
	if (map->inner != SPEC_NONE)
		operand(p, &draft, ATTR(inner_map_fd), OPERAND_SLOT, map->inner);
	/* The kernel wants the object's BTF for a table, whose type is its own. */
	if (p->spec->btf && (map->btf_key_type_id || map->btf_value_type_id || map->ops)) {
		set_btf(p, &draft, ATTR(btf_key_type_id), map->btf_key_type_id);
		set_btf(p, &draft, ATTR(btf_value_type_id),
			map->btf_value_type_id);
		operand(p, &draft, ATTR(btf_fd), OPERAND_SLOT,
			p->plan->btf_slot);
	}
	add_step(p, &draft);
}

static void init_map(struct planner *p, int index)
{
	const struct spec_map *map = &p->spec->maps.items[index];
	struct draft draft = { .step = {
		.kind = PLAN_MAP_INIT, .cmd = BPF_MAP_UPDATE_ELEM,
		.object = map->name, .map = index, .prog = SPEC_NONE,
		.slot = spare_slot(p), .attr_size = ATTR_END(flags),
	} };
	uint32_t value;

	value = add_data(p, arena_printf(p->arena, "content of %s", map->name),
			 map->data, map->value_size, 8);
	if (p->nomem)
		return;
	p->plan->data.items[value].map = index;
	operand(p, &draft, ATTR(map_fd), OPERAND_SLOT, index);
	operand(p, &draft, ATTR(key), OPERAND_DATA, map_key(p, 0));
	operand(p, &draft, ATTR(value), OPERAND_DATA, value);
	add_step(p, &draft);
}

static void freeze_map(struct planner *p, int index)
{
	const struct spec_map *map = &p->spec->maps.items[index];
	struct draft draft = { .step = {
		.kind = PLAN_MAP_FREEZE, .cmd = BPF_MAP_FREEZE,
		.object = map->name, .map = index, .prog = SPEC_NONE,
		.slot = spare_slot(p), .attr_size = ATTR_END(map_fd),
	} };

	operand(p, &draft, ATTR(map_fd), OPERAND_SLOT, index);
	add_step(p, &draft);
}

/* Store what is in slot @value at @key of a map of descriptors. */
static void fill_slot(struct planner *p, int index, uint32_t key, uint32_t value,
		      bool left_out)
{
	const struct spec_map *map = &p->spec->maps.items[index];
	struct draft draft = { .step = {
		.kind = PLAN_MAP_SLOT, .cmd = BPF_MAP_UPDATE_ELEM,
		.object = arena_printf(p->arena, "%s[%u]", map->name, key),
		.map = index, .prog = SPEC_NONE, .left_out = left_out,
		.slot = spare_slot(p), .attr_size = ATTR_END(flags),
	} };

	operand(p, &draft, ATTR(map_fd), OPERAND_SLOT, index);
	operand(p, &draft, ATTR(key), OPERAND_DATA, map_key(p, key));
	operand(p, &draft, ATTR(value), OPERAND_SLOT_ADDR, value);
	add_step(p, &draft);
}

/* A map with its content, after the maps that it needs. One whose descriptor the
 * caller brings along is left alone, as is one that the caller does without. A
 * prototype belongs to its user.
 */
static int plan_map(struct planner *p, int index, int depth)
{
	const struct spec_map *map = &p->spec->maps.items[index];
	bool of_maps = map->type != BPF_MAP_TYPE_PROG_ARRAY;
	const struct spec_map_slot *slot;
	size_t first;
	int err;

	if (p->created[index])
		return 0;
	if (depth > MAX_DEPTH)
		return refuse(p->spec, REFUSE_too_deep, AT(map->section, map->name, map->offset),
			      "maps in maps are nested more than %d deep", MAX_DEPTH);

	if (of_maps)
		vec_for_each(slot, &map->slots) {
			err = plan_map(p, slot->ref, depth + 1);
			if (err)
				return err;
		}
	if (map->inner != SPEC_NONE &&
	    !p->spec->maps.items[map->inner].inner_only) {
		err = plan_map(p, map->inner, depth + 1);
		if (err)
			return err;
	}

	first = p->plan->steps.n;
	if (map->inner != SPEC_NONE) {
		err = plan_map(p, map->inner, depth + 1);
		if (err)
			return err;
	}
	p->created[index] = true;
	create_map(p, index);
	/* The caller fills those that are zero, but not before programs run. */
	if (spec_map_is_frozen(map) || (map->kind == MAP_DATA && map->data) ||
	    (map->kind != MAP_DEFINED && p->plan->links != PLAN_NO_SLOT))
		init_map(p, index);
	if (spec_map_is_frozen(map))
		freeze_map(p, index);
	if (of_maps)
		vec_for_each(slot, &map->slots)
			fill_slot(p, index, slot->key, slot->ref, false);
	if (!map->inner_only && (map->pin_by_name || p->plan->steps.n - first <= CHOICE_MAX))
		guard(p, first, GUARD_UNSET, index);
	return 0;
}

static int plan_maps(struct planner *p)
{
	size_t i;
	int err;

	for (i = 0; i < p->spec->maps.n; i++) {
		if (p->spec->maps.items[i].inner_only)
			continue;
		err = plan_map(p, i, 0);
		if (err)
			return err;
	}
	return 0;
}

/* Programs */

static uint32_t find_target(struct planner *p, int index)
{
	const struct spec_prog *prog = &p->spec->progs.items[index];
	const char *module = prog->btf_target_module;
	struct draft draft = { .step = {
		.kind = PLAN_FIND_BTF,
		.object = module ? arena_printf(p->arena, "%s:%s", module, prog->btf_target) :
			  prog->btf_target,
		.map = SPEC_NONE, .prog = index, .slot = p->next_target,
		.left_out = !prog->autoload,
		.name = add_string(p, arena_printf(p->arena, "target of %s",
						   prog->name),
				   prog->btf_target),
		.btf_kind = prog->btf_target_kind,
	} };

	p->next_target += 2;
	add_step(p, &draft);
	return draft.step.slot;
}

static void add_func_info(struct planner *p, struct draft *draft,
			  const struct spec_prog *prog)
{
	const struct spec_records *records = &prog->func_info;

	if (!records->n)
		return;
	set_btf(p, draft, ATTR(func_info_rec_size), records->rec_size);
	set_btf(p, draft, ATTR(func_info_cnt), records->n);
	operand(p, draft, ATTR(func_info), OPERAND_DATA,
		add_records(p, arena_printf(p->arena, "function info of %s",
					    prog->name), records));
}

static void add_line_info(struct planner *p, struct draft *draft,
			  const struct spec_prog *prog)
{
	const struct spec_records *records = &prog->line_info;

	if (!records->n)
		return;
	set_btf(p, draft, ATTR(line_info_rec_size), records->rec_size);
	set_btf(p, draft, ATTR(line_info_cnt), records->n);
	operand(p, draft, ATTR(line_info), OPERAND_DATA,
		add_records(p, arena_printf(p->arena, "line info of %s",
					    prog->name), records));
}

/* Attributes that older kernels do not have, so only for those who need them */
static void add_core(struct planner *p, struct draft *draft,
		     const struct spec_prog *prog)
{
	struct bpf_core_relo *items = arena_array(p->arena, prog->core.n, sizeof(*items));
	const struct spec_core_ref *ref;
	struct spec_records records = {
		.items = items, .rec_size = sizeof(*items), .n = prog->core.n,
	};

	if (!records.n)
		return;
	if (!items) {
		p->nomem = true;
		return;
	}
	vec_for_each(ref, &prog->core) {
		*items = p->spec->core.items[ref->core].relo;
		items++->insn_off = ref->insn * sizeof(struct bpf_insn);
	}
	draft->step.attr_size = ATTR_END(core_relo_rec_size);
	if (p->spec->core_open)
		draft->step.attr_size_applied = ATTR(core_relos);
	set(p, draft, ATTR(core_relo_rec_size), records.rec_size);
	set(p, draft, ATTR(core_relo_cnt), records.n);
	operand(p, draft, ATTR(core_relos), OPERAND_DATA,
		add_records(p, arena_printf(p->arena, "CO-RE relocations of %s",
					    prog->name), &records));
}

/* The BTF of functions is in fd_array as well. */
static bool calls_kernel(const struct spec_prog *prog)
{
	const struct spec_ksym_ref *ref;

	vec_for_each(ref, &prog->ksym_refs)
		if (ref->call)
			return true;
	return false;
}

static bool is_guarded(const struct spec *spec, const struct spec_prog *prog)
{
	return spec->progs.n > 1 || !prog->autoload;
}

static void plan_extern(struct planner *p, int index, const struct users *users)
{
	const struct spec_extern *ext = &p->spec->externs.items[index];
	struct draft draft = { .step = {
		.kind = ext->kind == EXTERN_ADDRESS ? PLAN_FIND_KSYM : PLAN_FIND_BTF,
		.object = ext->name, .map = SPEC_NONE, .prog = SPEC_NONE,
		.slot = p->plan->extern_slot[index],
		.may_fail = ext->weak || ext->kind == EXTERN_ADDRESS,
		.left_out = users->optional,
		.attr_size = ext->kind == EXTERN_ADDRESS ? 8 : 0,
		.btf_kind = ext->kind == EXTERN_FUNC ? BTF_KIND_FUNC : BTF_KIND_VAR,
	} };

	draft.step.name = add_string(p, arena_printf(p->arena, "name of %s", ext->name),
				     ext->name);
	add_step(p, &draft);
	if (users->guarded)
		guard(p, p->plan->steps.n - 1, GUARD_UNSET, draft.step.slot);
}

static void plan_externs(struct planner *p)
{
	size_t i;

	for (i = 0; i < p->spec->externs.n; i++)
		if (p->users[i].any)
			plan_extern(p, i, &p->users[i]);
}

static void plan_prog(struct planner *p, int index)
{
	const struct spec_prog *prog = &p->spec->progs.items[index];
	struct draft draft = { .step = {
		.kind = PLAN_PROG_LOAD, .cmd = BPF_PROG_LOAD,
		.object = prog->name, .map = SPEC_NONE, .prog = index,
		.slot = p->plan->prog_slot[index],
		.left_out = !prog->autoload,
		.attr_size = ATTR_END(fd_array),
	} };
	size_t first = p->plan->steps.n;
	uint32_t target, insns;

	if (prog->btf_target) {
		target = find_target(p, index);
		operand(p, &draft, ATTR(attach_btf_obj_fd), OPERAND_SLOT,
			target + 1);
		operand(p, &draft, ATTR(attach_btf_id), OPERAND_SLOT, target);
	}
	set(p, &draft, ATTR(prog_type), prog->type);
	set(p, &draft, ATTR(insn_cnt), prog->insn_cnt);
	set(p, &draft, ATTR(kern_version), p->spec->kern_version);
	set(p, &draft, ATTR(prog_flags), prog->flags);
	set(p, &draft, ATTR(expected_attach_type), prog->expected_attach_type);
	set_name(&draft, ATTR(prog_name), prog->name);
	operand(p, &draft, ATTR(license), OPERAND_DATA, license(p));
	insns = add_insns(p, prog);
	add_fixups(p, insns, prog);
	operand(p, &draft, ATTR(insns), OPERAND_DATA, insns);
	if (p->spec->btf && (prog->func_info.n || prog->line_info.n)) {
		operand(p, &draft, ATTR(prog_btf_fd), OPERAND_SLOT,
			p->plan->btf_slot);
		add_func_info(p, &draft, prog);
		add_line_info(p, &draft, prog);
		add_core(p, &draft, prog);
	}
	if (prog->map_refs.n || calls_kernel(prog))
		operand(p, &draft, ATTR(fd_array), OPERAND_SLOT_ADDR, 0);
	add_step(p, &draft);
	if (is_guarded(p->spec, prog))
		guard(p, first, GUARD_UNSET, draft.step.slot);
}

static void plan_prog_arrays(struct planner *p)
{
	const struct spec_map_slot *slot;
	const struct spec_prog *prog;
	const struct spec_map *map;
	uint32_t value;

	vec_for_each(map, &p->spec->maps) {
		if (map->type != BPF_MAP_TYPE_PROG_ARRAY)
			continue;
		vec_for_each(slot, &map->slots) {
			prog = &p->spec->progs.items[slot->ref];
			value = p->plan->prog_slot[slot->ref];
			fill_slot(p, map - p->spec->maps.items, slot->key, value,
				  !prog->autoload);
			if (is_guarded(p->spec, prog))
				guard(p, p->plan->steps.n - 1, GUARD_DONE, value);
		}
	}
}

/* Links */

static bool is_linked(const struct attach_kind *kind, const struct attach_where *where)
{
	return kind->cmd && where->given;
}

static int plan_link(struct planner *p, int index)
{
	const struct spec_prog *prog = &p->spec->progs.items[index];
	const uint32_t slot = p->plan->prog_slot[index];
	struct attach_where where;
	const struct attach_kind *kind = attach_find(p->spec, prog, &where);
	struct draft draft = { .step = {
		.object = prog->name, .map = SPEC_NONE, .prog = index,
		.slot = p->plan->links + index, .may_fail = true,
		.left_out = !prog->autoload,
	} };

	if (!kind)
		return sink_nomem(p->spec->sink);
	if (!is_linked(kind, &where))
		return 0;
	draft.step.cmd = kind->cmd;
	if (kind->cmd == BPF_LINK_CREATE) {
		draft.step.kind = PLAN_LINK_CREATE;
		draft.step.attr_size = ATTR_END(link_create.flags);
		operand(p, &draft, ATTR(link_create.prog_fd), OPERAND_SLOT, slot);
		set(p, &draft, ATTR(link_create.attach_type), prog->expected_attach_type);
	} else {
		draft.step.kind = PLAN_RAW_TP_OPEN;
		draft.step.attr_size = ATTR_END(raw_tracepoint.prog_fd);
		if (where.name)
			operand(p, &draft, ATTR(raw_tracepoint.name), OPERAND_DATA,
				add_string(p, arena_printf(p->arena, "tracepoint of %s", prog->name),
					   where.name));
		operand(p, &draft, ATTR(raw_tracepoint.prog_fd), OPERAND_SLOT, slot);
	}
	add_step(p, &draft);
	if (is_guarded(p->spec, prog))
		guard(p, p->plan->steps.n - 1, GUARD_DONE, slot);
	return 0;
}

/* Slots of links, if the loader makes any, from @slot on. Returns the one behind
 * them, or a negative errno.
 */
static int link_slots(struct planner *p, int slot)
{
	const struct spec_prog *prog;
	struct attach_where where;

	p->plan->links = PLAN_NO_SLOT;
	if (!p->spec->attach_in_loader)
		return slot;
	vec_for_each(prog, &p->spec->progs) {
		const struct attach_kind *kind = attach_find(p->spec, prog, &where);

		if (!kind)
			return sink_nomem(p->spec->sink);
		if (is_linked(kind, &where)) {
			p->plan->links = slot;
			return slot + (int)p->spec->progs.n;
		}
	}
	return slot;
}

static void find_users(struct planner *p)
{
	const struct spec_prog *prog;
	const struct spec_ksym_ref *ref;

	vec_for_each(prog, &p->spec->progs)
		vec_for_each(ref, &prog->ksym_refs) {
			struct users *users = &p->users[ref->ext];

			if (!users->any)
				users->guarded = users->optional = true;
			users->any = true;
			users->guarded &= is_guarded(p->spec, prog);
			users->optional &= !prog->autoload;
		}
}

/* Slots of externs from @slot on. Returns the one behind them. */
static size_t extern_slots(struct planner *p, size_t slot)
{
	const struct spec_extern *ext;

	vec_for_each(ext, &p->spec->externs) {
		size_t i = ext - p->spec->externs.items;

		p->plan->extern_slot[i] = PLAN_NO_SLOT;
		if (!p->users[i].any)
			continue;
		/* Behind it, 8 bytes in their place */
		if (ext->kind == EXTERN_ADDRESS)
			slot |= 1;
		p->plan->extern_slot[i] = slot;
		slot += ext->kind == EXTERN_ADDRESS ? 3 : 2;
	}
	return slot;
}

/* Slots of what others refer to: maps, programs, BTF, externs, targets. */
static int plan_slots(struct planner *p)
{
	const struct spec *spec = p->spec;
	const struct spec_prog *prog;
	size_t i, slots;
	int behind;

	p->plan->prog_slot = arena_array(p->arena, spec->progs.n,
					 sizeof(*p->plan->prog_slot));
	p->plan->extern_slot = arena_array(p->arena, spec->externs.n,
					   sizeof(*p->plan->extern_slot));
	p->created = arena_array(p->arena, spec->maps.n, sizeof(*p->created));
	p->users = arena_array(p->arena, spec->externs.n, sizeof(*p->users));
	if (!p->plan->prog_slot || !p->plan->extern_slot || !p->created || !p->users)
		return sink_nomem(spec->sink);
	find_users(p);

	slots = extern_slots(p, spec->maps.n + spec->progs.n + !!spec->btf);
	p->next_target = slots;
	vec_for_each(prog, &spec->progs)
		slots += prog->btf_target ? 2 : 0;
	behind = link_slots(p, (int)slots);
	if (behind < 0)
		return behind;
	slots = (size_t)behind;
	if (slots >= PLAN_SLOTS)
		return refuse(spec, REFUSE_too_many, IN(NULL, NULL),
			      "%zu maps, %zu programs and %zu externs are more than can be loaded at once",
			      spec->maps.n, spec->progs.n, spec->externs.n);

	for (i = 0; i < spec->progs.n; i++)
		p->plan->prog_slot[i] = spec->maps.n + i;
	p->plan->btf_slot = spec->maps.n + spec->progs.n;
	p->first_spare = slots;
	p->next_spare = slots;
	p->plan->slots = slots;
	return 0;
}

int plan_make(struct plan *plan, const struct spec *spec)
{
	struct planner p = {
		.plan = plan, .spec = spec, .arena = spec->arena,
		.license = SPEC_NONE, .zero_key = SPEC_NONE,
	};
	size_t i;
	int err;

	*plan = (struct plan){
		.spec = spec,
		.btf_optional = spec->btf && btf_is_optional(spec),
	};
	err = plan_slots(&p);
	if (err)
		return err;

	plan_btf(&p);
	err = plan_maps(&p);
	if (err)
		return err;
	plan_externs(&p);
	for (i = 0; i < spec->progs.n; i++)
		plan_prog(&p, i);
	plan_prog_arrays(&p);
	for (i = 0; i < spec->progs.n && plan->links != PLAN_NO_SLOT; i++) {
		err = plan_link(&p, i);
		if (err)
			return err;
	}
	return p.nomem ? sink_nomem(spec->sink) : 0;
}
