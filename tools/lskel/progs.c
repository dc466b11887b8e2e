// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>

#include "object.h"
#include "sections.h"

static int by_start(const void *a, const void *b)
{
	const struct code_func *x = a, *y = b;

	if (x->section != y->section)
		return x->section > y->section ? 1 : -1;
	if (x->first != y->first)
		return x->first > y->first ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Instructions in host order: the nibbles of the second byte follow the byte
 * order of the file.
 */
static int read_insns(struct object *o, const struct elf_section *s,
		      struct code_section *to)
{
	if (s->size / sizeof(struct bpf_insn) > INT32_MAX)
		return refuse(o->spec, REFUSE_too_big, IN(s->name, NULL),
			      "more instructions than a program can have");
	to->insn_cnt = s->size / sizeof(struct bpf_insn);
	to->insns = arena_array(o->spec->arena, to->insn_cnt, sizeof(*to->insns));
	if (!to->insns)
		return sink_nomem(o->spec->sink);
	for (uint32_t i = 0; i < to->insn_cnt; i++) {
		const uint8_t *from = s->data + (size_t)i * 8;
		uint32_t first = elf_u32(&o->elf, from);
		bool big = o->spec->big_endian;

		to->insns[i] = (struct bpf_insn){
			.code = from[0],
			.dst_reg = big ? from[1] >> 4 : from[1] & 0xf,
			.src_reg = big ? from[1] & 0xf : from[1] >> 4,
			.off = (int16_t)(big ? first & 0xffff : first >> 16),
			.imm = (int32_t)elf_u32(&o->elf, from + 4),
		};
	}
	return 0;
}

static int add_func(struct object *o, const struct elf_symbol *symbol)
{
	struct code_func *func;

	if (!symbol->size || symbol->size % 8 || symbol->value % 8)
		return refuse(o->spec, REFUSE_bad_function,
			      AT(section_name(o, symbol->section), symbol->name, symbol->value),
			      "%llu bytes, which is no number of instructions",
			      (unsigned long long)symbol->size);
	func = vec_push(o->spec->arena, &o->code.funcs);
	if (!func)
		return sink_nomem(o->spec->sink);
	*func = (struct code_func){
		.name = dup_name(o, symbol->name),
		.section = symbol->section,
		.first = symbol->value / 8,
		.insn_cnt = symbol->size / 8,
		.prog = SPEC_NONE,
		.local = symbol->bind == STB_LOCAL,
		.hidden = symbol->bind != STB_LOCAL &&
			  (symbol->visibility == STV_HIDDEN ||
			   symbol->visibility == STV_INTERNAL),
	};
	return func->name ? 0 : sink_nomem(o->spec->sink);
}

int collect_funcs(struct object *o)
{
	const struct elf_section *s;
	const struct elf_symbol *symbol;
	struct code_func *func;
	int err = 0;

	vec_for_each(s, &o->elf.sections) {
		struct code_section *to = vec_push(o->spec->arena, &o->code.sections);

		if (!to)
			return sink_nomem(o->spec->sink);
		to->name = s->name;
		if (elf_is_code(s) && s->data)
			err = read_insns(o, s, to);
		if (err)
			return err;
	}
	vec_for_each(symbol, &o->elf.symbols) {
		if (symbol->type != STT_FUNC || symbol->section >= o->code.sections.n ||
		    !o->code.sections.items[symbol->section].insns)
			continue;
		err = add_func(o, symbol);
		if (err)
			return err;
	}
	if (o->code.funcs.n)
		qsort(o->code.funcs.items, o->code.funcs.n, sizeof(*func), by_start);
	for (size_t i = 1; i < o->code.funcs.n; i++) {
		const struct code_func *a = &o->code.funcs.items[i - 1];
		const struct code_func *b = &o->code.funcs.items[i];

		if (a->section != b->section || a->first + a->insn_cnt <= b->first ||
		    (a->first == b->first && a->insn_cnt == b->insn_cnt))
			continue;
		return refuse(o->spec, REFUSE_bad_function,
			      AT(section_name(o, b->section), b->name, b->first * 8ull),
			      "overlaps function '%s'", a->name);
	}
	return 0;
}

static int read_extern(struct object *o, struct code_section *section,
		       const struct elf_symbol *symbol, uint32_t insn,
		       const struct place *place)
{
	int index = names_find(&o->externs, symbol->name);
	const struct spec_extern *ext = &o->spec->externs.items[index];
	const struct bpf_insn *at = &section->insns[insn];
	bool call = at->code == (BPF_JMP | BPF_CALL);
	struct code_ref *to;

	if (call && ext->kind != EXTERN_FUNC)
		return refuse(o->spec, REFUSE_call_target, place,
			      "a call of '%s', which is no function", symbol->name);
	if (!call && at->imm)
		return refuse(o->spec, REFUSE_data_target, place,
			      "'%s'%+d is not at the start of an extern", symbol->name, at->imm);
	to = vec_push(o->spec->arena, &section->refs);
	if (!to)
		return sink_nomem(o->spec->sink);
	*to = (struct code_ref){ .insn = insn, .kind = REF_EXTERN, .ext = index };
	if (ext->kind == EXTERN_KCONFIG) {
		to->kind = REF_VALUE;
		to->map = o->kconfig_map;
		to->offset = ext->offset;
	}
	return 0;
}

/* What @symbol means to the instruction at @place, which is index @insn of
 * @section
 */
static int read_ref(struct object *o, struct code_section *section,
		    const struct elf_symbol *symbol, uint32_t insn,
		    const struct place *place)
{
	struct code_ref ref = {
		.insn = insn,
		.section = symbol->section,
		.value = symbol->value,
	};
	const struct elf_section *target;
	struct code_ref *to;
	int64_t offset;

	if (elf_is_undefined(symbol))
		return read_extern(o, section, symbol, insn, place);
	if (symbol->section == SHN_COMMON)
		return refuse(o->spec, REFUSE_common, place,
			      "'%s' has no place in a section: compile with -fno-common",
			      symbol->name);
	if (symbol->section >= o->elf.sections.n || !symbol->section)
		return refuse(o->spec, REFUSE_bad_relocation, place,
			      "'%s' is in no section", symbol->name);
	target = &o->elf.sections.items[symbol->section];
	offset = (int64_t)symbol->value + section->insns[insn].imm;
	if (o->code.sections.items[symbol->section].insns) {
		struct code_func *func;

		ref.kind = REF_FUNC;
		func = code_func_at(&o->code, symbol->section, symbol->value / 8);
		if (func && symbol->type == STT_FUNC)
			func->called = true;
	} else if (section->insns[insn].code == (BPF_JMP | BPF_CALL)) {
		return refuse(o->spec, REFUSE_call_target, place,
			      "a call of '%s', which is no function", symbol->name);
	} else {
		if (!o->maps_of[symbol->section].n ||
		    o->spec->maps.items[o->maps_of[symbol->section].first].kind == MAP_OPS)
			return refuse(o->spec, REFUSE_data_target, place,
				      "'%s' in section %s is neither map nor data",
				      symbol->name, target->name);
		ref.map = offset < 0 ? SPEC_NONE :
				       map_with(o, symbol->section, offset);
		if (ref.map == SPEC_NONE)
			return refuse(o->spec, REFUSE_data_target, place,
				      "'%s'%+lld is outside of section %s",
				      symbol->name,
				      (long long)(offset - (int64_t)symbol->value),
				      target->name);
		if (o->spec->maps.items[ref.map].kind != MAP_DEFINED) {
			ref.kind = REF_VALUE;
			ref.offset = offset;
		} else if ((uint64_t)offset != o->origins.items[ref.map].offset) {
			return refuse(o->spec, REFUSE_map_target, place,
				      "the inside of map '%s' has no address",
				      o->spec->maps.items[ref.map].name);
		}
	}
	to = vec_push(o->spec->arena, &section->refs);
	if (!to)
		return sink_nomem(o->spec->sink);
	*to = ref;
	return 0;
}

int collect_refs(struct object *o)
{
	const struct elf_section *s;
	int err;

	vec_for_each(s, &o->elf.sections) {
		struct code_section *section = &o->code.sections.items[s->target];

		for (size_t i = 0; i < s->n_relocs && section->insns; i++) {
			const Elf64_Rel *rel = &s->relocs[i];
			const struct code_func *func =
				code_func_with(&o->code, s->target, rel->r_offset / 8);
			struct place place = *AT(section->name, NULL, rel->r_offset);

			/* A weak function that a linker replaced has left its
			 * instructions behind.
			 */
			if (!func)
				continue;
			place.symbol = func->name;
			if (rel->r_offset % 8)
				return refuse(o->spec, REFUSE_bad_relocation, &place,
					      "a relocation inside of an instruction");
			err = read_ref(o, section,
				       &o->elf.symbols.items[ELF64_R_SYM(rel->r_info)],
				       rel->r_offset / 8, &place);
			if (err)
				return err;
		}
	}
	return 0;
}

/* The section's name as the options want it, without '?' but for what they say
 */
static const char *sec_name(struct object *o, const char *section)
{
	const char *plain = section + (section[0] == '?');

	for (size_t i = 0; i < o->options->types.n; i++) {
		const struct spec_type *type = &o->options->types.items[i];

		if (strcmp(type->section, section) && strcmp(type->section, plain))
			continue;
		o->type_used[i] = true;
		return type->sec;
	}
	return section;
}

/* What the argument in a section's name is to the kernel */
static int set_target(struct object *o, struct spec_prog *prog,
		      const struct section_def *def, const char *arg)
{
	struct arena *arena = o->spec->arena;
	const char *colon;

	if (arg) {
		prog->attach_arg = arena_strdup(arena, arg);
		if (!prog->attach_arg)
			return sink_nomem(o->spec->sink);
	}
	if (!def->btf_prefix)
		return 0;
	/* Without an argument, tracing of functions is for those of a program. */
	if (prog->type == BPF_PROG_TYPE_EXT || (!arg && !def->btf_prefix[0])) {
		prog->target_prog = true;
		prog->target_func = prog->attach_arg;
		return 0;
	}
	if (!arg)
		return 0;
	colon = strchr(arg, ':');
	if (colon) {
		prog->btf_target_module = arena_printf(arena, "%.*s", (int)(colon - arg), arg);
		if (!prog->btf_target_module)
			return sink_nomem(o->spec->sink);
		arg = colon + 1;
	}
	prog->btf_target_kind = def->btf_kind;
	prog->btf_target = arena_printf(arena, "%s%s", def->btf_prefix, arg);
	return prog->btf_target ? 0 : sink_nomem(o->spec->sink);
}

/* A function is a program if it is global and its section's name says of what
 * type; else it is a subprogram. One of no known type must be called by others.
 */
static int collect_prog(struct object *o, struct code_func *func)
{
	const char *section = section_name(o, func->section);
	const struct section_def *def;
	struct spec_prog *prog;
	const char *sec, *arg;
	bool autoload;

	if (func->local || !strcmp(section, ".text"))
		return 0;
	sec = sec_name(o, section);
	autoload = sec[0] != '?';
	sec += !autoload;
	def = section_find(sec);
	if (!def && func->called)
		return 0;
	if (!def)
		return refuse(o->spec, REFUSE_section_unknown,
			      AT(section, func->name, func->first * 8ull),
			      "no type of program is known for '%s': use --type %s=SEC",
			      sec, section + (section[0] == '?'));
	prog = vec_push(o->spec->arena, &o->spec->progs);
	if (!prog)
		return sink_nomem(o->spec->sink);
	func->prog = o->spec->progs.n - 1;
	*prog = (struct spec_prog){
		.name = func->name,
		.section = dup_name(o, section),
		.offset = (uint64_t)func->first * 8,
		.sec_name = def->name,
		.type = def->type,
		.expected_attach_type = def->attach_type,
		.flags = def->flags,
		.autoload = autoload,
		.attach = def->attach,
		.table = SPEC_NONE,
	};
	if (!prog->section)
		return sink_nomem(o->spec->sink);
	arg = sec + strlen(def->name);
	return set_target(o, prog, def, *arg ? arg + 1 : NULL);
}

int collect_progs(struct object *o)
{
	struct code_func *func;
	int err;

	o->type_used = arena_array(o->spec->arena, o->options->types.n, sizeof(bool));
	if (!o->type_used)
		return sink_nomem(o->spec->sink);
	vec_for_each(func, &o->code.funcs) {
		err = collect_prog(o, func);
		if (err)
			return err;
	}
	for (size_t i = 0; i < o->options->types.n; i++)
		if (!o->type_used[i])
			return refuse(o->spec, REFUSE_type_unused,
				      IN(o->options->types.items[i].section, NULL),
				      "--type names it, but it has no programs");
	return 0;
}

/* For each section its records in @table */
static const struct spec_records **by_section(struct object *o,
					      const ext_table *table)
{
	const struct spec_records **records;
	const struct ext_records *r;

	records = arena_array(o->spec->arena, o->elf.sections.n, sizeof(*records));
	vec_for_each(r, table) {
		const struct elf_section *s = elf_section(&o->elf, r->section);

		if (records && s && !records[elf_index(&o->elf, s)])
			records[elf_index(&o->elf, s)] = &r->records;
	}
	return records;
}

/* That what a CO-RE record says is in the object */
static int check_core(struct object *o, const struct spec_core *core)
{
	const struct bpf_core_relo *relo = &core->relo;
	const struct place *place = AT(core->section, core->func, relo->insn_off);

	if (relo->insn_off % sizeof(struct bpf_insn))
		return refuse(o->spec, REFUSE_bad_core, place,
			      "a CO-RE relocation inside of an instruction");
	if (relo->type_id >= btf__type_cnt(o->spec->types))
		return refuse(o->spec, REFUSE_bad_core, place,
			      "a CO-RE relocation with type %u, which does not exist",
			      relo->type_id);
	if (!btf__str_by_offset(o->spec->types, relo->access_str_off))
		return refuse(o->spec, REFUSE_bad_core, place,
			      "a CO-RE relocation with an access string outside of the strings");
	return 0;
}

/* The CO-RE records of one section */
static int add_core(struct object *o, const struct ext_records *table, uint32_t section)
{
	const struct spec_records *records = &table->records;

	for (uint32_t i = 0; i < records->n; i++) {
		struct spec_core *core = vec_push(o->spec->arena, &o->spec->core);
		const struct code_func *func;
		int err;

		if (!core)
			return sink_nomem(o->spec->sink);
		memcpy(&core->relo, (const char *)records->items + (size_t)i * records->rec_size,
		       sizeof(core->relo));
		func = code_func_with(&o->code, section, core->relo.insn_off / sizeof(struct bpf_insn));
		/* A weak function that a linker replaced has left them behind. */
		if (!func)
			continue;
		core->section = dup_name(o, table->section);
		core->func = func->name;
		core->optional = func->prog != SPEC_NONE &&
				 !o->spec->progs.items[func->prog].autoload;
		err = core->section ? check_core(o, core) : sink_nomem(o->spec->sink);
		if (err)
			return err;
	}
	return 0;
}

static int collect_core(struct object *o)
{
	const struct ext_records **tables;
	const struct ext_records *table;
	struct code_func *func;
	uint32_t *first;

	tables = arena_array(o->spec->arena, o->elf.sections.n, sizeof(*tables));
	first = arena_array(o->spec->arena, o->elf.sections.n, sizeof(*first));
	if (!tables || !first)
		return sink_nomem(o->spec->sink);
	vec_for_each(table, &o->ext.core) {
		const struct elf_section *s = elf_section(&o->elf, table->section);
		uint32_t index = s ? elf_index(&o->elf, s) : 0;
		int err;

		if (!s)
			continue;
		if (tables[index])
			return refuse(o->spec, REFUSE_bad_btf_ext, IN(table->section, NULL),
				      "CO-RE relocations in more than one table");
		tables[index] = table;
		first[index] = o->spec->core.n;
		err = add_core(o, table, index);
		if (err)
			return err;
	}
	vec_for_each(func, &o->code.funcs) {
		struct spec_records records;

		table = tables[func->section];
		if (!table)
			continue;
		records = ext_range(&table->records, func->first * 8ull,
				    (func->first + (uint64_t)func->insn_cnt) * 8);
		func->n_core = records.n;
		func->first_core = first[func->section] +
				   ((const char *)records.items - (const char *)table->records.items) /
				   table->records.rec_size;
	}
	return 0;
}

int collect_ext(struct object *o)
{
	static const struct spec_records none;
	const struct elf_section *s = elf_section(&o->elf, ".BTF.ext");
	const struct spec_records **line, **info;
	struct code_func *func;
	int err;

	if (!s || !s->data || !o->spec->types)
		return 0;
	err = ext_read(&o->ext, o->spec, s->data, s->size);
	if (err)
		return err;
	info = by_section(o, &o->ext.func);
	line = by_section(o, &o->ext.line);
	if (!info || !line)
		return sink_nomem(o->spec->sink);
	vec_for_each(func, &o->code.funcs) {
		uint64_t start = (uint64_t)func->first * 8;
		uint64_t end = start + (uint64_t)func->insn_cnt * 8;

		func->func_info = ext_range(info[func->section] ?: &none, start, end);
		func->line_info = ext_range(line[func->section] ?: &none, start, end);
	}
	return collect_core(o);
}
