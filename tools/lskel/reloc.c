// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "refuse.h"
#include "reloc.h"

/* A subprogram is copied into every program that calls it, so a small file can
 * ask for much memory. No object comes near this.
 */
#define BYTES_MAX	(256u << 20)

#define NOWHERE		UINT32_MAX

/* A function whose calls are being followed */
struct frame {
	uint32_t func;
	size_t edge;		/* the next one */
};

struct linker {
	struct spec *spec;
	struct code *code;
	uint64_t bytes;		/* allocated for programs so far */

	/* Of the program at hand: where functions begin in it, by function, and
	 * the functions in the order of their places
	 */
	uint32_t *start;
	VEC(uint32_t) order;
	VEC(struct frame) stack;
};

static struct place place_of(const struct code *code,
			     const struct code_func *func, uint64_t insn)
{
	return (struct place){
		.section = code->sections.items[func->section].name,
		.symbol = func->name,
		.has_offset = true,
		.offset = (func->first + insn) * sizeof(struct bpf_insn),
	};
}

#define refuse_at(linker, why, func, insn, ...) ({			\
	struct place _place = place_of((linker)->code, func, insn);	\
	refuse((linker)->spec, why, &_place, __VA_ARGS__);		\
})

/* The last function that begins at @insn or before, or NULL */
static struct code_func *last_before(const struct code *code, uint32_t section,
				     uint64_t insn)
{
	size_t low = 0, high = code->funcs.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct code_func *func = &code->funcs.items[mid];

		if (func->section < section ||
		    (func->section == section && func->first <= insn))
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || code->funcs.items[low - 1].section != section)
		return NULL;
	return &code->funcs.items[low - 1];
}

struct code_func *code_func_at(const struct code *code, uint32_t section,
			       uint64_t insn)
{
	struct code_func *func = last_before(code, section, insn);

	return func && func->first == insn ? func : NULL;
}

struct code_func *code_func_with(const struct code *code, uint32_t section,
				 uint64_t insn)
{
	struct code_func *func = last_before(code, section, insn);

	return func && insn - func->first < func->insn_cnt ? func : NULL;
}

static bool is_ld_imm64(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static bool is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL);
}

/* Add the function at instruction @target of @section as one that @func refers
 * to.
 */
static int add_edge(struct linker *linker, struct code_func *func, uint32_t insn,
		    uint32_t section, int64_t target)
{
	const struct code_func *callee = NULL;
	struct code_edge *edge;

	if (target >= 0)
		callee = code_func_at(linker->code, section, target);
	if (!callee)
		return refuse_at(linker, REFUSE_call_target, func, insn,
				 "no function begins at what it calls");
	edge = vec_push(linker->spec->arena, &func->edges);
	if (!edge)
		return sink_nomem(linker->spec->sink);
	edge->insn = insn;
	edge->callee = callee - linker->code->funcs.items;
	return 0;
}

static int add_ksym(struct linker *linker, struct code_func *func, uint32_t insn,
		    int ext, bool call)
{
	struct spec_ksym_ref *ref = vec_push(linker->spec->arena, &func->ksym_refs);

	if (!ref)
		return sink_nomem(linker->spec->sink);
	*ref = (struct spec_ksym_ref){ .insn = insn, .ext = ext, .call = call };
	return 0;
}

static int scan_call(struct linker *linker, struct code_func *func, uint32_t i,
		     const struct bpf_insn *insn, const struct code_ref *ref)
{
	if (!ref) {
		if (insn->src_reg != BPF_PSEUDO_CALL)
			return 0;	/* a helper */
		return add_edge(linker, func, i, func->section,
				(int64_t)func->first + i + insn->imm + 1);
	}
	if (ref->kind == REF_EXTERN)
		return add_ksym(linker, func, i, ref->ext, true);
	if (insn->src_reg != BPF_PSEUDO_CALL || ref->value % sizeof(*insn))
		return refuse_at(linker, REFUSE_call_target, func, i,
				 "no function begins at what it calls");
	return add_edge(linker, func, i, ref->section,
			(int64_t)(ref->value / sizeof(*insn)) + insn->imm + 1);
}

static int scan_ld_imm64(struct linker *linker, struct code_func *func,
			 uint32_t i, const struct bpf_insn *insn,
			 const struct code_ref *ref)
{
	struct spec_map_ref *map_ref;
	int64_t target;

	if (i + 1 == func->insn_cnt || insn[1].code)
		return refuse_at(linker, REFUSE_bad_instruction, func, i,
				 "half an instruction of 16 bytes");
	if (!ref) {
		if (insn->src_reg)
			return refuse_at(linker, REFUSE_raw_fd, func, i,
					 "names a map, function or type by a number that only the loading process could know");
		return 0;
	}
	if (ref->kind == REF_FUNC) {
		target = (int64_t)ref->value + insn->imm;
		if (target % (int64_t)sizeof(*insn))
			target = -1;
		return add_edge(linker, func, i, ref->section,
				target / (int64_t)sizeof(*insn));
	}
	if (ref->kind == REF_EXTERN)
		return add_ksym(linker, func, i, ref->ext, false);
	map_ref = vec_push(linker->spec->arena, &func->map_refs);
	if (!map_ref)
		return sink_nomem(linker->spec->sink);
	*map_ref = (struct spec_map_ref){
		.insn = i,
		.map = ref->map,
		.value = ref->kind == REF_VALUE,
		.offset = ref->offset,
	};
	return 0;
}

/* Find out what the instructions of @func refer to. */
static int scan(struct linker *linker, struct code_func *func)
{
	const struct code_section *section =
		&linker->code->sections.items[func->section];
	const struct code_ref *refs = section->refs.items;
	size_t ref = 0, n = section->refs.n;
	int err;

	func->scanned = true;
	/* The first one that is not before the function */
	for (size_t high = n; ref < high;) {
		size_t mid = ref + (high - ref) / 2;

		if (refs[mid].insn < func->first)
			ref = mid + 1;
		else
			high = mid;
	}
	for (uint32_t i = 0; i < func->insn_cnt; i++) {
		const struct bpf_insn *insn = &section->insns[func->first + i];
		const struct code_ref *here = NULL;

		if (ref < n && refs[ref].insn == func->first + i)
			here = &refs[ref++];
		if (is_call(insn)) {
			err = scan_call(linker, func, i, insn, here);
		} else if (is_ld_imm64(insn)) {
			err = scan_ld_imm64(linker, func, i, insn, here);
			i++;
		} else {
			err = 0;
		}
		if (err)
			return err;
		if ((here && !is_call(insn) && !is_ld_imm64(insn)) ||
		    (ref < n && refs[ref].insn <= func->first + i))
			return refuse_at(linker, REFUSE_bad_relocation, func, i,
					 "a relocation of what is no call and no address");
	}
	return 0;
}

static int enter(struct linker *linker, uint32_t index, uint32_t *insn_cnt)
{
	struct code_func *func = &linker->code->funcs.items[index];
	struct frame *frame = vec_push(linker->spec->arena, &linker->stack);
	uint32_t *place = vec_push(linker->spec->arena, &linker->order);
	int err;

	if (!frame || !place)
		return sink_nomem(linker->spec->sink);
	if (!func->scanned) {
		err = scan(linker, func);
		if (err)
			return err;
	}
	linker->bytes += (uint64_t)func->insn_cnt * sizeof(struct bpf_insn) +
			 (uint64_t)func->func_info.n * func->func_info.rec_size +
			 (uint64_t)func->line_info.n * func->line_info.rec_size +
			 (uint64_t)func->n_core * sizeof(struct spec_core_ref) +
			 func->map_refs.n * sizeof(struct spec_map_ref) +
			 func->ksym_refs.n * sizeof(struct spec_ksym_ref);
	if (linker->bytes > BYTES_MAX)
		return refuse_at(linker, REFUSE_too_big, func, 0,
				 "with it, the programs exceed %u MiB",
				 BYTES_MAX >> 20);
	linker->start[index] = *insn_cnt;
	*insn_cnt += func->insn_cnt;
	*place = index;
	*frame = (struct frame){ .func = index };
	return 0;
}

/* Give a place to function @main and all that it calls. */
static int lay_out(struct linker *linker, uint32_t main, uint32_t *insn_cnt)
{
	int err;

	*insn_cnt = 0;
	for (size_t i = 0; i < linker->order.n; i++)
		linker->start[linker->order.items[i]] = NOWHERE;
	linker->order.n = 0;
	linker->stack.n = 0;
	err = enter(linker, main, insn_cnt);
	while (!err && linker->stack.n) {
		struct frame *top = &linker->stack.items[linker->stack.n - 1];
		const struct code_func *func =
			&linker->code->funcs.items[top->func];
		uint32_t callee;

		if (top->edge == func->edges.n) {
			linker->stack.n--;
			continue;
		}
		callee = func->edges.items[top->edge++].callee;
		if (linker->start[callee] == NOWHERE)
			err = enter(linker, callee, insn_cnt);
	}
	return err;
}

/* The records of all functions in their places; none, unless every function
 * has some.
 */
static int join_records(struct linker *linker, size_t which,
			struct spec_records *to)
{
	const struct code_func *funcs = linker->code->funcs.items;
	uint8_t *out;

	*to = (struct spec_records){ 0 };
	for (size_t i = 0; i < linker->order.n; i++) {
		const struct spec_records *from =
			(const void *)((const char *)&funcs[linker->order.items[i]] + which);

		if (!from->n) {
			to->n = 0;
			return 0;
		}
		to->rec_size = from->rec_size;
		to->n += from->n;
	}
	out = arena_array(linker->spec->arena, to->n, to->rec_size);
	if (!out)
		return sink_nomem(linker->spec->sink);
	to->items = out;
	for (size_t i = 0; i < linker->order.n; i++) {
		const struct code_func *func = &funcs[linker->order.items[i]];
		const struct spec_records *from =
			(const void *)((const char *)func + which);

		memcpy(out, from->items, (size_t)from->n * from->rec_size);
		for (uint32_t j = 0; j < from->n; j++, out += from->rec_size) {
			uint32_t *insn = (uint32_t *)out;

			*insn = *insn / sizeof(struct bpf_insn) - func->first +
				linker->start[linker->order.items[i]];
		}
	}
	return 0;
}

static int copy_func(struct linker *linker, struct spec_prog *prog,
		     uint32_t index)
{
	const struct code_func *func = &linker->code->funcs.items[index];
	const struct code_edge *edge;
	const struct spec_map_ref *ref;
	const struct spec_ksym_ref *ksym;
	uint32_t start = linker->start[index];
	struct bpf_insn *insns = prog->insns + start;

	memcpy(insns, linker->code->sections.items[func->section].insns + func->first,
	       func->insn_cnt * sizeof(*insns));
	vec_for_each(edge, &func->edges) {
		if (!is_call(&insns[edge->insn]))
			insns[edge->insn].src_reg = BPF_PSEUDO_FUNC;
		insns[edge->insn].imm = linker->start[edge->callee] -
					(start + edge->insn) - 1;
	}
	vec_for_each(ref, &func->map_refs) {
		struct spec_map_ref *to = vec_push(linker->spec->arena, &prog->map_refs);

		if (!to)
			return sink_nomem(linker->spec->sink);
		*to = *ref;
		to->insn += start;
		insns[ref->insn].src_reg = 0;
		insns[ref->insn].imm = 0;
		insns[ref->insn + 1].imm = 0;
	}
	for (uint32_t i = func->first_core; i < func->first_core + func->n_core; i++) {
		const struct spec_core *core = &linker->spec->core.items[i];
		struct spec_core_ref *to = vec_push(linker->spec->arena, &prog->core);

		if (!to)
			return sink_nomem(linker->spec->sink);
		*to = (struct spec_core_ref){
			.insn = start + core->relo.insn_off / sizeof(*insns) - func->first,
			.core = i,
		};
	}
	vec_for_each(ksym, &func->ksym_refs) {
		struct spec_ksym_ref *to = vec_push(linker->spec->arena, &prog->ksym_refs);

		if (!to)
			return sink_nomem(linker->spec->sink);
		*to = *ksym;
		to->insn += start;
		insns[ksym->insn].src_reg = ksym->call ? BPF_PSEUDO_KFUNC_CALL : 0;
		insns[ksym->insn].imm = 0;
		if (ksym->call)
			insns[ksym->insn].off = 0;
		else
			insns[ksym->insn + 1].imm = 0;
	}
	return 0;
}

static int link_prog(struct linker *linker, uint32_t main,
		     struct spec_prog *prog)
{
	int err = lay_out(linker, main, &prog->insn_cnt);

	if (err)
		return err;
	prog->insns = arena_array(linker->spec->arena, prog->insn_cnt,
				  sizeof(*prog->insns));
	if (!prog->insns)
		return sink_nomem(linker->spec->sink);
	for (size_t i = 0; i < linker->order.n && !err; i++)
		err = copy_func(linker, prog, linker->order.items[i]);
	if (!err)
		err = join_records(linker, offsetof(struct code_func, func_info),
				   &prog->func_info);
	if (!err)
		err = join_records(linker, offsetof(struct code_func, line_info),
				   &prog->line_info);
	return err;
}

int reloc_link(struct spec *spec, struct code *code)
{
	struct linker linker = { .spec = spec, .code = code };
	int err = 0;

	linker.start = arena_array(spec->arena, code->funcs.n, sizeof(uint32_t));
	if (!linker.start)
		return sink_nomem(spec->sink);
	for (size_t i = 0; i < code->funcs.n; i++)
		linker.start[i] = NOWHERE;
	for (size_t i = 0; i < code->funcs.n && !err; i++)
		if (code->funcs.items[i].prog != SPEC_NONE)
			err = link_prog(&linker, i,
					&spec->progs.items[code->funcs.items[i].prog]);
	return err;
}
