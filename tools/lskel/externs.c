// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>

#include "object.h"

/* What a name in one of the two sections is in BTF: its type's id */
struct sections {
	struct names ksyms, kconfig;
};

static int read_section(struct object *o, const char *section, struct names *names)
{
	const struct btf *types = o->spec->types;
	uint32_t id = names_find(&o->datasecs, section);
	const struct btf_type *t;

	if (id == NAMES_NONE)
		return 0;
	t = btf__type_by_id(types, id);
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		uint32_t type = btf_var_secinfos(t)[i].type;
		const char *name = btf__name_by_offset(types,
				btf__type_by_id(types, type)->name_off);
		const struct elf_symbol *symbol = elf_undefined(&o->elf, name);

		if (!symbol)
			return refuse(o->spec, REFUSE_bad_datasec, IN(section, name),
				      "BTF has an extern that the file has not");
		if (names_add(o->spec->arena, names, symbol->name, type))
			return sink_nomem(o->spec->sink);
	}
	names_sort(names);
	return 0;
}

/* How a value of type @t is stored, or -1 */
static int kconfig_value(const struct btf *types, const struct btf_type *t)
{
	const char *name = btf__name_by_offset(types, t->name_off);
	uint32_t id;

	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		if (btf_int_encoding(t) & BTF_INT_BOOL)
			return t->size == 1 ? KCONFIG_BOOL : -1;
		if (t->size == 1)
			return KCONFIG_CHAR;
		return t->size == 2 || t->size == 4 || t->size == 8 ? KCONFIG_INT : -1;
	case BTF_KIND_ENUM:
		return t->size == 4 && !strcmp(name, "libbpf_tristate") ?
		       KCONFIG_TRISTATE : -1;
	case BTF_KIND_ARRAY:
		id = btf_array(t)->type;
		t = btf_array(t)->nelems ? types_skip(types, &id) : NULL;
		return t && btf_is_int(t) && kconfig_value(types, t) == KCONFIG_CHAR ?
		       KCONFIG_STRING : -1;
	default:
		return -1;
	}
}

/* What else there will be one day is weak. */
static bool is_known(const struct spec_extern *ext)
{
	return !strncmp(ext->name, "CONFIG_", strlen("CONFIG_")) ||
	       !strcmp(ext->name, "LINUX_KERNEL_VERSION") ||
	       !strcmp(ext->name, "LINUX_HAS_BPF_COOKIE") ||
	       !strcmp(ext->name, "LINUX_HAS_SYSCALL_WRAPPER") ||
	       (ext->weak && !strncmp(ext->name, "LINUX_", strlen("LINUX_")));
}

static int set_kconfig(struct object *o, struct spec_extern *ext, const struct btf_type *t)
{
	const struct btf *types = o->spec->types;
	int64_t size = btf__resolve_size(types, ext->type);
	int value = t ? kconfig_value(types, t) : -1;

	if (!is_known(ext))
		return refuse(o->spec, REFUSE_kconfig, IN(".kconfig", ext->name),
			      "neither CONFIG_* nor another value that is known");
	if (value < 0 || size <= 0 || size > UINT32_MAX / 2)
		return refuse(o->spec, REFUSE_kconfig, IN(".kconfig", ext->name),
			      "its type is not one of a configuration's: bool, char, an integer, enum libbpf_tristate, an array of char");
	ext->kind = EXTERN_KCONFIG;
	ext->value = value;
	ext->is_signed = btf_is_int(t) && btf_int_encoding(t) & BTF_INT_SIGNED;
	ext->size = size;
	return 0;
}

static int add_extern(struct object *o, const struct sections *sections,
		      const struct elf_symbol *symbol)
{
	const struct btf *types = o->spec->types;
	uint32_t ksym = names_find(&sections->ksyms, symbol->name);
	uint32_t kconfig = names_find(&sections->kconfig, symbol->name);
	const struct btf_type *t;
	struct spec_extern *ext;

	if (ksym == NAMES_NONE && kconfig == NAMES_NONE)
		return refuse(o->spec, REFUSE_undefined, IN(NULL, symbol->name),
			      "not defined in this object: has it been linked?");
	ext = vec_push(o->spec->arena, &o->spec->externs);
	if (!ext)
		return sink_nomem(o->spec->sink);
	ext->name = dup_name(o, symbol->name);
	if (!ext->name)
		return sink_nomem(o->spec->sink);
	ext->weak = symbol->bind == STB_WEAK;
	ext->type = ksym != NAMES_NONE ? ksym : kconfig;
	t = btf__type_by_id(types, ext->type);
	if (ksym != NAMES_NONE && btf_is_func(t)) {
		ext->kind = EXTERN_FUNC;
		return 0;
	}
	ext->type = t->type;
	t = types_skip(types, &ext->type);
	if (ksym == NAMES_NONE)
		return set_kconfig(o, ext, t);
	ext->kind = t ? EXTERN_VAR : EXTERN_ADDRESS;
	return 0;
}

static uint32_t alignment(const struct spec_extern *ext)
{
	return ext->value == KCONFIG_STRING ? 1 : ext->size;
}

/* Those of .kconfig first, in the order that libbpf gives them: what needs most
 * alignment, and is smallest
 */
static int by_place(const void *a, const void *b)
{
	const struct spec_extern *x = a, *y = b;

	if ((x->kind == EXTERN_KCONFIG) != (y->kind == EXTERN_KCONFIG))
		return x->kind == EXTERN_KCONFIG ? -1 : 1;
	if (x->kind == EXTERN_KCONFIG) {
		if (alignment(x) != alignment(y))
			return alignment(x) > alignment(y) ? -1 : 1;
		if (x->size != y->size)
			return x->size < y->size ? -1 : 1;
	}
	return strcmp(x->name, y->name);
}

static int place_kconfig(struct object *o)
{
	struct spec_extern *ext;
	uint64_t end = 0;

	vec_for_each(ext, &o->spec->externs) {
		uint32_t align = alignment(ext);

		if (ext->kind != EXTERN_KCONFIG)
			break;
		ext->offset = (end + align - 1) / align * align;
		end = (uint64_t)ext->offset + ext->size;
		if (end > UINT32_MAX / 2)
			return refuse(o->spec, REFUSE_too_big, IN(".kconfig", ext->name),
				      "no map can have a value of that size");
	}
	o->kconfig_size = end;
	return 0;
}

/*
 * To the kernel, the sections are to be like others: it knows no variables
 * without a place, and at first no functions among them.
 */

static void complete_kconfig(struct object *o)
{
	uint32_t id = names_find(&o->datasecs, ".kconfig");
	struct btf_type *t;

	if (id == NAMES_NONE)
		return;
	t = types_edit(o->spec, id);
	t->size = o->kconfig_size;
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		struct btf_var_secinfo *info = &btf_var_secinfos(t)[i];
		struct btf_type *var = types_edit(o->spec, info->type);
		uint32_t ext = names_find(&o->externs,
				btf__name_by_offset(o->spec->types, var->name_off));

		info->offset = o->spec->externs.items[ext].offset;
		btf_var(var)->linkage = BTF_VAR_GLOBAL_ALLOCATED;
	}
}

static int find_int(const struct btf *types)
{
	for (uint32_t id = 1; id < btf__type_cnt(types); id++) {
		const struct btf_type *t = btf__type_by_id(types, id);

		if (btf_is_int(t) && btf_int_bits(t) == 32)
			return id;
	}
	return 0;
}

int add_extern_types(struct object *o)
{
	struct btf *types = (struct btf *)o->spec->types;
	int id = btf__find_by_name_kind(types, ".ksyms", BTF_KIND_DATASEC);
	const struct btf_type *t = id > 0 ? btf__type_by_id(types, id) : NULL;
	int number = find_int(types), function = 0;

	if (!t)
		return 0;
	for (uint32_t i = 0; i < btf_vlen(t); i++)
		function |= btf_is_func(btf__type_by_id(types, btf_var_secinfos(t)[i].type));
	if (!number)
		number = btf__add_int(types, "int", 4, BTF_INT_SIGNED);
	if (number > 0 && function)
		o->place_holder = btf__add_var(types, "dummy_ksym", BTF_VAR_GLOBAL_ALLOCATED,
					       number);
	if (number < 0 || o->place_holder < 0)
		return sink_nomem(o->spec->sink);
	o->number = number;
	return 0;
}

/* A function moves out, and gets the names of parameters that kernels ask of one
 * that is no extern.
 */
static void complete_func(struct object *o, struct btf_type *func, uint32_t name)
{
	struct btf_type *proto = types_edit(o->spec, func->type);

	func->info = BTF_KIND_FUNC << 24 | BTF_FUNC_GLOBAL;
	for (uint32_t i = 0; btf_is_func_proto(proto) && i < btf_vlen(proto); i++) {
		struct btf_param *param = &btf_params(proto)[i];

		if (param->type && !param->name_off)
			param->name_off = name;
	}
}

static void complete_ksyms(struct object *o)
{
	uint32_t id = names_find(&o->datasecs, ".ksyms");
	struct btf_type *t;

	if (id == NAMES_NONE)
		return;
	t = types_edit(o->spec, id);
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		struct btf_var_secinfo *info = &btf_var_secinfos(t)[i];
		struct btf_type *var = types_edit(o->spec, info->type);

		if (btf_is_func(var)) {
			complete_func(o, var, types_edit(o->spec, o->place_holder)->name_off);
			info->type = o->place_holder;
		} else {
			btf_var(var)->linkage = BTF_VAR_GLOBAL_ALLOCATED;
			var->type = o->number;
		}
		info->offset = i * 4;
		info->size = 4;
	}
	t->size = btf_vlen(t) * 4;
}

int collect_externs(struct object *o)
{
	struct sections sections = { 0 };
	const struct elf_symbol *symbol;
	const struct spec_extern *ext;
	int err;

	err = read_section(o, ".ksyms", &sections.ksyms) ?:
	      read_section(o, ".kconfig", &sections.kconfig);
	vec_for_each(symbol, &o->elf.symbols) {
		if (!err && elf_is_undefined(symbol))
			err = add_extern(o, &sections, symbol);
	}
	if (err)
		return err;
	if (o->spec->externs.n)
		qsort(o->spec->externs.items, o->spec->externs.n,
			sizeof(*o->spec->externs.items), by_place);
	vec_for_each(ext, &o->spec->externs)
		if (names_add(o->spec->arena, &o->externs, ext->name,
			      ext - o->spec->externs.items))
			return sink_nomem(o->spec->sink);
	names_sort(&o->externs);
	err = place_kconfig(o);
	if (err)
		return err;
	complete_kconfig(o);
	complete_ksyms(o);
	return 0;
}
