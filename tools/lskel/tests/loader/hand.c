// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/btf.h>
#include <err.h>

#include "asm.h"
#include "hand.h"

static void *need(void *p)
{
	if (!p)
		errx(1, "out of memory");
	return p;
}

#define PUSH(hand, vec) \
	((__typeof__((vec)->items))need(vec_push(&(hand)->arena, vec)))

void hand_init(struct hand *h)
{
	memset(h, 0, sizeof(*h));
	h->spec.arena = &h->arena;
	h->spec.sink = &h->sink;
	h->spec.file = "hand.bpf.o";
	h->spec.name = "hand";
	h->spec.license = "GPL";
	h->spec.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
}

void hand_free(struct hand *h)
{
	arena_free(&h->arena);
}

void hand_btf(struct hand *h)
{
	struct btf *btf = btf__new_empty();
	const void *raw;

	if (!btf || btf__add_int(btf, "int", 4, BTF_INT_SIGNED) != 1 ||
	    btf__add_func_proto(btf, 1) != 2 ||
	    btf__add_func(btf, "f", BTF_FUNC_GLOBAL, 2) != 3)
		errx(1, "cannot make BTF");
	btf__set_endianness(btf, h->spec.big_endian ? BTF_BIG_ENDIAN :
			    BTF_LITTLE_ENDIAN);
	raw = need((void *)btf__raw_data(btf, &h->spec.btf_size));
	h->spec.btf = need(arena_dup(&h->arena, raw, h->spec.btf_size));
	btf__free(btf);
}

void hand_bad_btf(struct hand *h)
{
	static const uint8_t bad[24] = { 0xff };

	h->spec.btf = bad;
	h->spec.btf_size = sizeof(bad);
}

int hand_map(struct hand *h, uint32_t type, uint32_t size)
{
	struct spec_map *map = PUSH(h, &h->spec.maps);
	char *name = need(arena_printf(&h->arena, "m%zu", h->spec.maps.n - 1));

	map->name = name;
	map->kernel_name = name;
	map->type = type;
	map->key_size = 4;
	map->value_size = size;
	map->max_entries = 1;
	map->inner = SPEC_NONE;
	if (h->spec.btf && type == BPF_MAP_TYPE_ARRAY && size == 4) {
		map->btf_key_type_id = 1;
		map->btf_value_type_id = 1;
	}
	return h->spec.maps.n - 1;
}

int hand_data(struct hand *h, enum spec_map_kind kind, const void *bytes,
	      uint32_t size)
{
	int index = hand_map(h, BPF_MAP_TYPE_ARRAY, size);
	struct spec_map *map = &h->spec.maps.items[index];

	map->kind = kind;
	map->flags = kind == MAP_RODATA ? BPF_F_RDONLY_PROG : 0;
	map->btf_key_type_id = 0;
	map->btf_value_type_id = 0;
	if (bytes)
		map->data = need(arena_dup(&h->arena, bytes, size));
	return index;
}

void hand_slot(struct hand *h, int map, uint32_t key, int ref)
{
	*PUSH(h, &h->spec.maps.items[map].slots) =
		(struct spec_map_slot){ .key = key, .ref = ref };
}

int hand_prog(struct hand *h, int map, bool value)
{
	const struct bpf_insn insns[] = {
		insn(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 0),
		insn(0, 0, 0, 0, 0),
		insn_alu(BPF_MOV, 0, 2),
		insn_exit(),
	};
	struct spec_prog *prog = PUSH(h, &h->spec.progs);

	prog->name = need(arena_printf(&h->arena, "p%zu", h->spec.progs.n - 1));
	prog->section = "xdp";
	prog->type = BPF_PROG_TYPE_XDP;
	prog->autoload = true;
	prog->insns = need(arena_dup(&h->arena, insns, sizeof(insns)));
	prog->insn_cnt = sizeof(insns) / sizeof(insns[0]);
	if (map != SPEC_NONE)
		*PUSH(h, &prog->map_refs) = (struct spec_map_ref){
			.map = map, .value = value, .offset = value ? 4 : 0,
		};
	if (h->spec.btf) {
		struct bpf_func_info *func = need(arena_alloc(&h->arena,
							      sizeof(*func)));

		func->type_id = 3;
		prog->func_info = (struct spec_records){ func, sizeof(*func), 1 };
	}
	return h->spec.progs.n - 1;
}

int hand_extern(struct hand *h, enum spec_extern_kind kind, const char *name,
		bool weak)
{
	*PUSH(h, &h->spec.externs) = (struct spec_extern){
		.name = name, .kind = kind, .weak = weak,
	};
	return h->spec.externs.n - 1;
}

void hand_gap(struct hand *h, int index, uint32_t n)
{
	struct spec_prog *prog = &h->spec.progs.items[index];
	struct spec_ksym_ref *ref;
	struct bpf_insn *insns;
	uint32_t i;

	insns = need(arena_array(&h->arena, prog->insn_cnt + n, sizeof(*insns)));
	for (i = 0; i < n; i++)
		insns[i] = insn_alu(BPF_MOV, 0, 0);
	memcpy(insns + n, prog->insns, prog->insn_cnt * sizeof(*insns));
	prog->insns = insns;
	prog->insn_cnt += n;
	vec_for_each(ref, &prog->ksym_refs)
		ref->insn += n;
	if (prog->map_refs.n)
		prog->map_refs.items[0].insn += n;
}

void hand_ksym(struct hand *h, int index, int ext)
{
	struct spec_prog *prog = &h->spec.progs.items[index];
	bool call = h->spec.externs.items[ext].kind == EXTERN_FUNC;

	hand_gap(h, index, call ? 1 : 2);
	if (call) {
		prog->insns[0] = insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, 0);
	} else {
		prog->insns[0] = insn(BPF_LD | BPF_IMM | BPF_DW, ext % 5, 0, 0, 0);
		prog->insns[1] = insn(0, 0, 0, 0, 0);
	}
	*PUSH(h, &prog->ksym_refs) = (struct spec_ksym_ref){ .ext = ext, .call = call };
}

void hand_everything(struct hand *h)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5 };
	struct spec_prog *prog;
	int m, proto, outer, jumps;

	m = hand_map(h, BPF_MAP_TYPE_ARRAY, 8);
	hand_map(h, BPF_MAP_TYPE_ARRAY, 4);
	hand_data(h, MAP_DATA, bytes, sizeof(bytes));
	hand_data(h, MAP_DATA, NULL, 64);
	hand_data(h, MAP_RODATA, bytes, sizeof(bytes));
	hand_data(h, MAP_RODATA, NULL, 7);
	hand_data(h, MAP_BSS, NULL, 4096);
	proto = hand_map(h, BPF_MAP_TYPE_ARRAY, 8);
	h->spec.maps.items[proto].inner_only = true;
	outer = hand_map(h, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4);
	h->spec.maps.items[outer].inner = proto;
	h->spec.maps.items[outer].max_entries = 4;
	hand_slot(h, outer, 0, m);
	hand_slot(h, outer, 3, hand_map(h, BPF_MAP_TYPE_ARRAY, 8));
	h->spec.maps.items[outer].pin_by_name = true;
	jumps = hand_map(h, BPF_MAP_TYPE_PROG_ARRAY, 4);
	h->spec.maps.items[jumps].max_entries = 0x101;
	hand_prog(h, m, false);
	hand_prog(h, m, true);
	hand_prog(h, SPEC_NONE, false);
	hand_slot(h, jumps, 0, 2);
	hand_slot(h, jumps, 1, 0);
	hand_slot(h, jumps, 0x100, 2);

	prog = &h->spec.progs.items[1];
	prog->type = BPF_PROG_TYPE_TRACING;
	prog->expected_attach_type = BPF_TRACE_RAW_TP;
	prog->btf_target = "btf_trace_sched_switch";
	prog->btf_target_kind = BTF_KIND_TYPEDEF;
	h->spec.progs.items[2].autoload = false;
}

int hand_make(struct hand *h)
{
	int err = plan_make(&h->plan, &h->spec);

	return err ?: emit(&h->loaders, &h->plan);
}

unsigned int hand_steps(const struct hand *h, enum plan_kind kind)
{
	const struct plan_step *step;
	unsigned int n = 0;

	vec_for_each(step, &h->plan.steps)
		n += step->kind == kind;
	return n;
}
