// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <string.h>

#include "disasm.h"
#include "layout.h"
#include "lib/endian.h"
#include "print.h"

#define WIDTH	100	/* columns */

/* The attributes that plans set */

enum format { DECIMAL, HEX, NAME, MAP_TYPE, PROG_TYPE, ATTACH_TYPE };

struct field {
	const char *name;
	uint16_t offset, size;	/* bytes */
	enum format format;
};

#define FIELD_AT(name, member, form) { \
	name, offsetof(union bpf_attr, member), \
	sizeof(((union bpf_attr *)0)->member), form }
#define FIELD(member, form)		FIELD_AT(#member, member, form)
#define FIELD_OF(command, member, form)	FIELD_AT(#member, command.member, form)

static const struct field btf_load[] = {
	FIELD(btf, HEX), FIELD(btf_size, DECIMAL), { 0 },
};

static const struct field map_create[] = {
	FIELD(map_type, MAP_TYPE), FIELD(key_size, DECIMAL),
	FIELD(value_size, DECIMAL), FIELD(max_entries, DECIMAL),
	FIELD(map_flags, HEX), FIELD(inner_map_fd, DECIMAL),
	FIELD(numa_node, DECIMAL), FIELD(map_name, NAME),
	FIELD(btf_fd, DECIMAL), FIELD(btf_key_type_id, DECIMAL),
	FIELD(btf_value_type_id, DECIMAL), FIELD(btf_vmlinux_value_type_id, DECIMAL),
	FIELD(map_extra, HEX), { 0 },
};

static const struct field map_update[] = {
	FIELD(map_fd, DECIMAL), FIELD(key, HEX), FIELD(value, HEX), { 0 },
};

static const struct field prog_load[] = {
	FIELD(prog_type, PROG_TYPE), FIELD(insn_cnt, DECIMAL),
	FIELD(insns, HEX), FIELD(license, HEX), FIELD(kern_version, HEX),
	FIELD(prog_flags, HEX), FIELD(prog_name, NAME),
	FIELD(expected_attach_type, ATTACH_TYPE), FIELD(prog_btf_fd, DECIMAL),
	FIELD(func_info_rec_size, DECIMAL), FIELD(func_info, HEX),
	FIELD(func_info_cnt, DECIMAL), FIELD(line_info_rec_size, DECIMAL),
	FIELD(line_info, HEX), FIELD(line_info_cnt, DECIMAL),
	FIELD(attach_btf_id, DECIMAL), FIELD(attach_btf_obj_fd, DECIMAL),
	FIELD(fd_array, HEX), FIELD(core_relo_rec_size, DECIMAL),
	FIELD(core_relos, HEX), FIELD(core_relo_cnt, DECIMAL), { 0 },
};

static const struct field link_create[] = {
	FIELD_OF(link_create, prog_fd, DECIMAL), FIELD_OF(link_create, attach_type, ATTACH_TYPE),
	{ 0 },
};

static const struct field raw_tp_open[] = {
	FIELD_OF(raw_tracepoint, name, HEX), FIELD_OF(raw_tracepoint, prog_fd, DECIMAL), { 0 },
};

static const struct field *const fields[] = {
	[PLAN_BTF_LOAD]		= btf_load,
	[PLAN_MAP_CREATE]	= map_create,
	[PLAN_MAP_INIT]		= map_update,
	[PLAN_MAP_FREEZE]	= map_update,
	[PLAN_MAP_SLOT]		= map_update,
	[PLAN_FIND_BTF]		= (const struct field[]){ { 0 } },
	[PLAN_FIND_KSYM]	= (const struct field[]){ { 0 } },
	[PLAN_PROG_LOAD]	= prog_load,
	[PLAN_LINK_CREATE]	= link_create,
	[PLAN_RAW_TP_OPEN]	= raw_tp_open,
};

static const struct plan_operand *operand_at(const struct plan_step *step,
					     uint32_t offset)
{
	const struct plan_operand *op;

	vec_for_each(op, &step->operands)
		if (op->offset == offset)
			return op;
	return NULL;
}

static uint64_t value_of(const struct plan *plan, const uint8_t *attr,
			 const struct field *field)
{
	attr += field->offset;
	return field->size == 8 ? get_u64(attr, plan->spec->big_endian) :
	       get_u32(attr, plan->spec->big_endian);
}

/* Is there something to say about @field? */
static bool is_set(const struct plan_step *step, const uint8_t *attr,
		   const struct field *field)
{
	static const uint8_t zero[16];

	return field->offset + field->size <= step->attr_size &&
	       memcmp(attr + field->offset, zero, field->size);
}

/* Words in lines that are not too long */
struct text {
	FILE *out;
	int column, indent;
};

static void word(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void word(struct text *text, const char *format, ...)
{
	char buf[1024], *c;
	va_list args;
	int len;

	va_start(args, format);
	vsnprintf(buf, sizeof(buf), format, args);
	va_end(args);
	for (c = buf; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			*c = '?';
	len = c - buf;
	if (text->column > text->indent && text->column + 1 + len > WIDTH) {
		fprintf(text->out, "\n%*s", text->indent, "");
		text->column = text->indent;
	} else if (text->column > text->indent) {
		fputc(' ', text->out);
		text->column++;
	}
	fputs(buf, text->out);
	text->column += len;
}

static void new_line(struct text *text, int indent)
{
	fprintf(text->out, "%s%*s", text->column ? "\n" : "", indent, "");
	text->column = indent;
	text->indent = indent;
}

struct name {
	char s[512];
};

static struct name slot_name(const struct plan *plan, uint32_t slot)
{
	const struct spec *spec = plan->spec;
	const struct plan_step *step;
	struct name name;

	if (slot < spec->maps.n) {
		snprintf(name.s, sizeof(name.s), "<map %s>",
			 spec->maps.items[slot].name);
		return name;
	}
	if (spec->btf && slot == plan->btf_slot) {
		snprintf(name.s, sizeof(name.s), "<BTF>");
		return name;
	}
	if (slot < spec->maps.n + spec->progs.n) {
		snprintf(name.s, sizeof(name.s), "<program %s>",
			 spec->progs.items[slot - spec->maps.n].name);
		return name;
	}
	if (plan->links != PLAN_NO_SLOT && slot - plan->links < spec->progs.n) {
		snprintf(name.s, sizeof(name.s), "<link of %s>",
			 spec->progs.items[slot - plan->links].name);
		return name;
	}
	vec_for_each(step, &plan->steps) {
		if (!plan_finds(step->kind) || slot < step->slot ||
		    slot - step->slot > (step->kind == PLAN_FIND_BTF ? 1 : 2))
			continue;
		snprintf(name.s, sizeof(name.s), "<%s%s>", slot == step->slot ? "" :
			 step->kind == PLAN_FIND_BTF ? "BTF of " : "address of ",
			 step->object);
		return name;
	}
	snprintf(name.s, sizeof(name.s), "<%u>", slot);
	return name;
}

static struct name operand_name(const struct plan *plan,
				const struct plan_operand *op)
{
	struct name name, slot;

	switch (op->kind) {
	case OPERAND_DATA:
		snprintf(name.s, sizeof(name.s), "{%s, %u bytes}",
			 plan->data.items[op->ref].what,
			 plan->data.items[op->ref].size);
		return name;
	case OPERAND_SLOT:
		return slot_name(plan, op->ref);
	case OPERAND_SLOT_ADDR:
		slot = slot_name(plan, op->ref);
		snprintf(name.s, sizeof(name.s), "&%.500s", slot.s);
		return name;
	}
	name.s[0] = '\0';
	return name;
}

static void print_value(struct text *text, const struct plan *plan,
			const uint8_t *attr, const struct field *field)
{
	uint64_t value = field->format == NAME ? 0 : value_of(plan, attr, field);
	const char *symbol = NULL;

	switch (field->format) {
	case NAME:
		word(text, "%s=%.*s", field->name, field->size,
		     (const char *)attr + field->offset);
		return;
	case HEX:
		word(text, "%s=0x%llx", field->name, (unsigned long long)value);
		return;
	case DECIMAL:
		break;
	case MAP_TYPE:
		symbol = libbpf_bpf_map_type_str(value);
		break;
	case PROG_TYPE:
		symbol = libbpf_bpf_prog_type_str(value);
		break;
	case ATTACH_TYPE:
		symbol = libbpf_bpf_attach_type_str(value);
		break;
	}
	if (symbol)
		word(text, "%s=%s", field->name, symbol);
	else
		word(text, "%s=%llu", field->name, (unsigned long long)value);
}

static void print_attributes(struct text *text, const struct plan *plan,
			     const struct plan_step *step)
{
	const struct plan_operand *op;
	const struct field *field;
	bool said = false;

	if (step->attr_size && !plan_finds(step->kind))
		new_line(text, text->indent);
	for (field = fields[step->kind]; field->name; field++) {
		op = operand_at(step, field->offset);
		if (op)
			word(text, "%s=%s", field->name,
			     operand_name(plan, op).s);
		else if (is_set(step, step->attr, field))
			print_value(text, plan, step->attr, field);
	}
	if (!step->attr_no_btf)
		return;
	for (field = fields[step->kind]; field->name; field++) {
		if (!is_set(step, step->attr, field) ||
		    is_set(step, step->attr_no_btf, field))
			continue;
		if (!said) {
			new_line(text, text->indent);
			word(text, "without BTF no");
		}
		said = true;
		word(text, "%s", field->name);
	}
}

static const char *btf_kind(uint32_t kind)
{
	static const char *const kinds[] = {
		[4] = "struct", [5] = "union", [8] = "typedef", [12] = "function",
		[14] = "variable",
	};

	return kind < sizeof(kinds) / sizeof(kinds[0]) && kinds[kind] ?
	       kinds[kind] : "type";
}

static void print_guard(struct text *text, const struct plan *plan,
			uint32_t number)
{
	const struct plan_step *step = &plan->steps.items[number];
	static const char *const conditions[] = {
		[GUARD_UNSET]	= "is unset",
		[GUARD_DONE]	= "is there",
		[GUARD_FAILED]	= "failed",
	};

	if (step->guard == GUARD_NONE)
		return;
	new_line(text, text->indent);
	word(text, "if %s %s", slot_name(plan, step->guard_slot).s,
	     conditions[step->guard]);
	if (step->guarded > 1)
		word(text, "(steps %u to %u)", number, number + step->guarded - 1);
}

/* What is stored into the instructions */
static void print_fixups(struct text *text, const struct plan *plan,
			  const struct plan_step *step)
{
	const struct plan_operand *op;
	const struct plan_fixup *fixup;
	bool said = false;

	vec_for_each(op, &step->operands) {
		if (op->kind != OPERAND_DATA)
			continue;
		vec_for_each(fixup, &plan->data.items[op->ref].fixups) {
			if (!said)
				new_line(text, text->indent);
			word(text, said ? "and" : "with");
			said = true;
			word(text, "%s%s in instruction %u", fixup->weak ? "weak " : "",
			     slot_name(plan, fixup->slot + (fixup->kind == FIXUP_ADDRESS)).s,
			     fixup->insn);
		}
	}
}

/* What the plan leaves to those who know the target; "": nothing */
static struct name left_open(const struct plan *plan, const struct plan_step *step)
{
	const struct spec *spec = plan->spec;
	const struct spec_prog *prog = NULL;
	const struct spec_map *map = NULL;
	struct name name = { "" };

	if (step->kind == PLAN_MAP_CREATE)
		map = &spec->maps.items[step->map];
	if (step->kind == PLAN_PROG_LOAD)
		prog = &spec->progs.items[step->prog];
	if (map && map->ops)
		snprintf(name.s, sizeof(name.s), "value_size and btf_vmlinux_value_type_id, for struct %.300s",
			 map->ops->name);
	else if (map && map->entries == ENTRIES_CPUS)
		snprintf(name.s, sizeof(name.s), "max_entries, one per possible CPU");
	else if (map && map->entries == ENTRIES_PAGES)
		snprintf(name.s, sizeof(name.s), "max_entries, a power of two of pages");
	else if (prog && prog->target_prog)
		snprintf(name.s, sizeof(name.s), "attach_prog_fd and attach_btf_id");
	else if (prog && prog->table != SPEC_NONE)
		snprintf(name.s, sizeof(name.s), "attach_btf_id and expected_attach_type, for %.200s of struct %.200s",
			 spec_member_of(spec, prog)->name, spec->maps.items[prog->table].ops->name);
	return name;
}

static void print_open(struct text *text, const struct plan *plan,
		       const struct plan_step *step)
{
	struct name what = left_open(plan, step);

	if (!what.s[0])
		return;
	new_line(text, text->indent);
	word(text, "left to the caller: %s", what.s);
}

/* For which kernels a patch is */
static struct name patch_name(const struct patches *patches, const struct patch *patch)
{
	const struct patch_target *target;
	struct name name = { "" };

	vec_for_each(target, &patches->targets) {
		size_t len = strlen(name.s);

		if (&patches->patches.items[target->patch] == patch)
			snprintf(name.s + len, sizeof(name.s) - len, "%s%s", len ? ", " : "",
				 target->key);
	}
	return name;
}

/* What the relocation @ref is after a patch, in DISASM_MAX bytes of @line */
static const char *patched(char *line, const struct patch *patch, int prog, uint32_t insn)
{
	const struct missing *missing;

	vec_for_each(missing, &patch->resolved->missing)
		if (missing->prog == prog && missing->insn == insn)
			return missing->why;
	disasm(line, patch->resolved->insns[prog], insn);
	return line;
}

static void print_core(struct text *text, const struct plan *plan,
		       const struct plan_step *step, const struct patches *patches)
{
	const struct spec_core_ref *ref;
	const struct patch *patch;
	char line[DISASM_MAX];

	if (step->kind != PLAN_PROG_LOAD)
		return;
	vec_for_each(ref, &plan->spec->progs.items[step->prog].core) {
		new_line(text, 4);
		word(text, "CO-RE in instruction %u: %s", ref->insn,
		     resolve_describe(plan->spec, ref->core) ?: "?");
		if (patches)
			vec_for_each(patch, &patches->patches) {
				new_line(text, 8);
				word(text, "%s: %s", patch_name(patches, patch).s,
				     patched(line, patch, step->prog, ref->insn));
			}
	}
}

/* What a kernel makes of a table, or of a program in one, or "" if @step has neither */
static struct name table_name(const struct plan *plan, const struct plan_step *step,
			      const struct lskel_layout *layouts)
{
	const struct spec *spec = plan->spec;
	struct name name = { "" };
	struct layout_place place;
	int map = step->map;

	if (step->kind == PLAN_PROG_LOAD)
		map = spec->progs.items[step->prog].table;
	if (!layouts || map == SPEC_NONE || !spec->maps.items[map].ops)
		return name;
	if (step->kind == PLAN_MAP_CREATE) {
		place = layout_place(layouts, spec, map, 0);
		snprintf(name.s, sizeof(name.s), "value_size=%u btf_vmlinux_value_type_id=%u",
			 place.value_size, place.value_type);
	} else if (step->kind == PLAN_PROG_LOAD) {
		place = layout_place(layouts, spec, map, spec->progs.items[step->prog].member);
		if (place.missing)
			snprintf(name.s, sizeof(name.s), "no such member");
		else
			snprintf(name.s, sizeof(name.s), "attach_btf_id=%u expected_attach_type=%u",
				 place.type, place.index);
	}
	return name;
}

static void print_table(struct text *text, const struct plan *plan, const struct plan_step *step,
			const struct patches *patches)
{
	const struct patch_target *target;
	struct name name;

	vec_for_each(target, &patches->targets) {
		name = table_name(plan, step, target->layouts);
		if (!name.s[0])
			continue;
		new_line(text, 8);
		word(text, "%s: %s", target->key, name.s);
	}
}

void print_plan(FILE *out, const struct plan *plan, const struct patches *patches)
{
	struct text text = { .out = out };
	const struct plan_step *step;
	const struct plan_data *data;
	uint64_t bytes = 0;
	uint32_t i;

	vec_for_each(data, &plan->data)
		bytes += data->size;
	word(&text, "%s: %zu steps, %u slots, %llu bytes of data, %s endian",
	     plan->spec->name, plan->steps.n, plan->slots,
	     (unsigned long long)bytes,
	     plan->spec->big_endian ? "big" : "little");
	for (i = 0; i < plan->steps.n; i++) {
		step = &plan->steps.items[i];
		new_line(&text, 0);
		word(&text, "%u %s", i, plan_words[step->kind].kind);
		if (step->object[0])
			word(&text, "%s", step->object);
		if (step->kind == PLAN_FIND_BTF)
			word(&text, "(%s)", btf_kind(step->btf_kind));
		word(&text, "-> %u", step->slot);
		if (step->kind != PLAN_MAP_INIT && step->kind != PLAN_MAP_FREEZE &&
		    step->kind != PLAN_MAP_SLOT)
			word(&text, "%s", slot_name(plan, step->slot).s);
		if (step->may_fail)
			word(&text, "or goes on without");
		text.indent = 4;
		print_guard(&text, plan, i);
		print_attributes(&text, plan, step);
		print_fixups(&text, plan, step);
		print_open(&text, plan, step);
		if (patches)
			print_table(&text, plan, step, patches);
		print_core(&text, plan, step, patches);
	}
	fputc('\n', out);
}

/* JSON */

struct json {
	FILE *out;
	int depth;
	bool first;		/* in what is open */
};

static void json_string(struct json *json, const char *s, size_t max)
{
	fputc('"', json->out);
	for (; max && *s; s++, max--) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			fprintf(json->out, "\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			fprintf(json->out, "\\u%04x", c);
		else
			fputc(c, json->out);
	}
	fputc('"', json->out);
}

/* Begin a member, or an element if @key is NULL. */
static void json_key(struct json *json, const char *key)
{
	if (json->depth)
		fprintf(json->out, "%s\n%*s", json->first ? "" : ",",
			json->depth * 2, "");
	json->first = false;
	if (key)
		fprintf(json->out, "\"%s\": ", key);
}

static void json_open(struct json *json, const char *key, char bracket)
{
	json_key(json, key);
	fputc(bracket, json->out);
	json->depth++;
	json->first = true;
}

static void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (!json->first)
		fprintf(json->out, "\n%*s", json->depth * 2, "");
	fputc(bracket, json->out);
	json->first = false;
}

static void json_number(struct json *json, const char *key, long long value)
{
	json_key(json, key);
	fprintf(json->out, "%lld", value);
}

static void json_text(struct json *json, const char *key, const char *s)
{
	json_key(json, key);
	json_string(json, s, SIZE_MAX);
}

static void json_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	fputs(value ? "true" : "false", json->out);
}

static void json_attributes(struct json *json, const struct plan *plan,
			    const char *key, const struct plan_step *step,
			    const uint8_t *attr)
{
	const struct field *field;

	if (!attr)
		return;
	json_open(json, key, '{');
	for (field = fields[step->kind]; field->name; field++) {
		if (!is_set(step, attr, field))
			continue;
		json_key(json, field->name);
		if (field->format == NAME)
			json_string(json, (const char *)attr + field->offset,
				    field->size);
		else
			fprintf(json->out, "%llu", (unsigned long long)
				value_of(plan, attr, field));
	}
	json_close(json, '}');
}

static void json_operands(struct json *json, const struct plan_step *step)
{
	static const char *const kinds[] = {
		[OPERAND_DATA]		= "data",
		[OPERAND_SLOT]		= "slot",
		[OPERAND_SLOT_ADDR]	= "slot_addr",
	};
	const struct plan_operand *op;
	const struct field *field;

	json_open(json, "operands", '{');
	for (field = fields[step->kind]; field->name; field++) {
		op = operand_at(step, field->offset);
		if (!op)
			continue;
		json_open(json, field->name, '{');
		json_number(json, kinds[op->kind], op->ref);
		json_close(json, '}');
	}
	json_close(json, '}');
}

static void json_guard(struct json *json, const struct plan_step *step)
{
	static const char *const kinds[] = {
		[GUARD_UNSET] = "unset", [GUARD_DONE] = "done",
		[GUARD_FAILED] = "failed",
	};

	if (step->guard == GUARD_NONE)
		return;
	json_open(json, "guard", '{');
	json_text(json, "if", kinds[step->guard]);
	json_number(json, "slot", step->guard_slot);
	json_number(json, "steps", step->guarded);
	json_close(json, '}');
}

static void json_core(struct json *json, const struct plan *plan,
		      const struct spec_prog *prog, const struct patches *patches)
{
	const struct spec_core_ref *ref;
	const struct patch *patch;
	char line[DISASM_MAX];

	if (!prog->core.n)
		return;
	json_open(json, "core", '[');
	vec_for_each(ref, &prog->core) {
		json_open(json, NULL, '{');
		json_number(json, "insn", ref->insn);
		json_text(json, "means", resolve_describe(plan->spec, ref->core) ?: "");
		if (patches)
			vec_for_each(patch, &patches->patches)
				json_text(json, patch_name(patches, patch).s,
					  patched(line, patch, prog - plan->spec->progs.items,
						  ref->insn));
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void json_table(struct json *json, const struct plan *plan,
		       const struct plan_step *step, const struct patches *patches)
{
	const struct spec *spec = plan->spec;
	const struct spec_prog *prog = step->kind == PLAN_PROG_LOAD ? &spec->progs.items[step->prog] : NULL;
	int map = prog ? prog->table : step->kind == PLAN_MAP_CREATE ? step->map : SPEC_NONE;
	const struct patch_target *target;

	if (map == SPEC_NONE || !spec->maps.items[map].ops)
		return;
	json_open(json, "struct_ops", '{');
	json_text(json, "struct", spec->maps.items[map].ops->name);
	if (prog)
		json_text(json, "member", spec_member_of(spec, prog)->name);
	if (patches)
		vec_for_each(target, &patches->targets)
			json_text(json, target->key, table_name(plan, step, target->layouts).s);
	json_close(json, '}');
}

static void json_step(struct json *json, const struct plan *plan,
		      const struct plan_step *step, const struct patches *patches)
{
	json_open(json, NULL, '{');
	json_text(json, "kind", plan_words[step->kind].kind);
	json_text(json, "object", step->object);
	if (step->map != SPEC_NONE)
		json_number(json, "map", step->map);
	if (step->prog != SPEC_NONE)
		json_number(json, "program", step->prog);
	json_number(json, "slot", step->slot);
	json_bool(json, "may_fail", step->may_fail);
	json_guard(json, step);
	if (plan_finds(step->kind)) {
		json_number(json, "name", step->name);
		if (step->kind == PLAN_FIND_BTF)
			json_number(json, "btf_kind", step->btf_kind);
	} else {
		json_number(json, "cmd", step->cmd);
		json_number(json, "attr_size", step->attr_size);
		json_attributes(json, plan, "attr", step, step->attr);
		json_attributes(json, plan, "attr_no_btf", step,
				step->attr_no_btf);
		json_operands(json, step);
	}
	if (step->kind == PLAN_PROG_LOAD)
		json_core(json, plan, &plan->spec->progs.items[step->prog], patches);
	json_table(json, plan, step, patches);
	json_close(json, '}');
}

static void json_fixups(struct json *json, const struct plan_data *data)
{
	static const char *const kinds[] = {
		[FIXUP_VAR] = "variable", [FIXUP_FUNC] = "function",
		[FIXUP_ADDRESS] = "address",
	};
	const struct plan_fixup *fixup;

	if (!data->fixups.n)
		return;
	json_open(json, "fixups", '[');
	vec_for_each(fixup, &data->fixups) {
		json_open(json, NULL, '{');
		json_text(json, "kind", kinds[fixup->kind]);
		json_number(json, "insn", fixup->insn);
		json_number(json, "slot", fixup->slot);
		json_bool(json, "weak", fixup->weak);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void print_plan_json(FILE *out, const struct plan *plan, const struct patches *patches)
{
	struct json json = { .out = out };
	const struct plan_step *step;
	const struct plan_data *data;
	const struct spec_prog *prog;
	const struct spec_map *map;

	json_open(&json, NULL, '{');
	json_text(&json, "name", plan->spec->name);
	json_bool(&json, "big_endian", plan->spec->big_endian);
	json_number(&json, "slots", plan->slots);
	if (plan->spec->btf)
		json_number(&json, "btf_slot", plan->btf_slot);
	json_open(&json, "maps", '[');
	vec_for_each(map, &plan->spec->maps)
		json_text(&json, NULL, map->name);
	json_close(&json, ']');
	json_open(&json, "programs", '[');
	vec_for_each(prog, &plan->spec->progs)
		json_text(&json, NULL, prog->name);
	json_close(&json, ']');
	json_open(&json, "data", '[');
	vec_for_each(data, &plan->data) {
		json_open(&json, NULL, '{');
		json_text(&json, "what", data->what);
		json_number(&json, "size", data->size);
		json_number(&json, "align", data->align);
		if (data->map != SPEC_NONE)
			json_number(&json, "map", data->map);
		json_fixups(&json, data);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_open(&json, "steps", '[');
	vec_for_each(step, &plan->steps)
		json_step(&json, plan, step, patches);
	json_close(&json, ']');
	json_close(&json, '}');
	fputc('\n', out);
}

/* Loaders */

#define COMMENTS	40	/* column */

/* An instruction of @step, and what it does if that is not obvious */
static void print_insn(struct text *text, const struct plan *plan,
		       const struct plan_step *step,
		       const struct bpf_insn *insn, const char *line)
{
	const struct plan_operand *op;
	const struct field *field;
	bool store = BPF_CLASS(insn->code) == BPF_STX;
	bool load = BPF_CLASS(insn->code) == BPF_LDX;

	if ((store && insn->dst_reg == 8) || (load && insn->src_reg == 8)) {
		fprintf(text->out, "%-*s", COMMENTS, line);
		word(text, "; %s", slot_name(plan, insn->off / 4).s);
		return;
	}
	if (step && store && insn->dst_reg == 2)
		for (field = fields[step->kind]; field->name; field++) {
			op = operand_at(step, field->offset);
			if (!op || field->offset != insn->off)
				continue;
			fprintf(text->out, "%-*s", COMMENTS, line);
			word(text, "; %s = %s", field->name,
			     operand_name(plan, op).s);
			return;
		}
	fputs(line, text->out);
}

static void print_code(FILE *out, const struct plan *plan,
		       const struct loader *loader,
		       const struct loader_code *code)
{
	uint32_t pos = 0, next = loader->first, end = next + loader->steps, size;
	const struct plan_step *step = NULL;
	struct text text = { .out = out };
	char line[DISASM_MAX];

	while (pos < code->insn_cnt) {
		while (next < end && code->first_insn[next] == NOT_HERE)
			next++;
		if (next < end && pos == code->first_insn[next]) {
			step = &plan->steps.items[next];
			new_line(&text, 0);
			word(&text, "; step %u: %s%s%s", next,
			     plan_words[step->kind].does,
			     step->object[0] ? " " : "", step->object);
			next++;
		}
		size = disasm(line, code->insns, pos);
		fprintf(out, "\n%5u: ", pos);
		text.column = text.indent = COMMENTS;
		print_insn(&text, plan, step, &code->insns[pos], line);
		pos += size;
	}
	fputc('\n', out);
}

void print_loaders(FILE *out, const struct plan *plan,
		   const struct loaders *loaders)
{
	const struct loader *loader;
	size_t i;

	for (i = 0; i < loaders->loader.n; i++) {
		loader = &loaders->loader.items[i];
		fprintf(out, "loader %zu: blob of %u bytes", i, loader->blob_size);
		if (loader->usual.insns) {
			fprintf(out, "\n%u instructions if nothing is chosen",
				loader->usual.insn_cnt);
			print_code(out, plan, loader, &loader->usual);
		}
		fprintf(out, "%s%u instructions%s", loader->usual.insns ? "" : "\n",
			loader->any.insn_cnt,
			loader->usual.insns ? " for any choice" : "");
		print_code(out, plan, loader, &loader->any);
	}
}
