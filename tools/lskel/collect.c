// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>

#include "checks.h"
#include "object.h"

#define LICENSE_MAX	63	/* as much as libbpf passes on */

/*
 * License and version
 */

static int collect_license(struct object *o)
{
	const struct elf_section *s = elf_section(&o->elf, "license");
	char license[LICENSE_MAX + 1] = "";

	if (s && s->data)
		memcpy(license, s->data, s->size < LICENSE_MAX ? s->size : LICENSE_MAX);
	o->spec->license = dup_name(o, license);
	return o->spec->license ? 0 : sink_nomem(o->spec->sink);
}

static int collect_version(struct object *o)
{
	const struct elf_section *s = elf_section(&o->elf, "version");

	if (!s)
		return 0;
	if (!s->data || s->size != sizeof(uint32_t))
		return refuse(o->spec, REFUSE_bad_version,
			      IN(s->name, NULL), "not one number of 4 bytes");
	o->spec->kern_version = elf_u32(&o->elf, s->data);
	return 0;
}

/*
 * Types
 */

struct var_order {
	struct btf_var_secinfo var;
	uint32_t index;
};

static int by_place(const void *a, const void *b)
{
	const struct var_order *x = a, *y = b;

	if (x->var.offset != y->var.offset)
		return x->var.offset > y->var.offset ? 1 : -1;
	return x->index > y->index ? 1 : -1;
}

static int sort_vars(struct object *o, struct btf_type *t)
{
	struct btf_var_secinfo *vars = btf_var_secinfos(t);
	struct var_order *order;
	uint32_t n = btf_vlen(t);

	order = arena_array(o->spec->arena, n, sizeof(*order));
	if (!order)
		return sink_nomem(o->spec->sink);
	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct var_order){ .var = vars[i], .index = i };
	qsort(order, n, sizeof(*order), by_place);
	for (uint32_t i = 0; i < n; i++)
		vars[i] = order[i].var;
	return 0;
}

/* A compiler leaves the size of a section and the offsets of variables that
 * other files see to a linker; they are in the section and the symbols. bpftool's
 * linker gets offsets wrong where one file had the variable as an extern.
 */
static int complete_datasec(struct object *o, struct btf_type *t)
{
	const struct btf *types = o->spec->types;
	const char *name = btf__name_by_offset(types, t->name_off);
	const struct elf_section *section = elf_section(&o->elf, name);
	bool complete = t->size;

	if (!complete) {
		if (!section || !section->size || section->size > UINT32_MAX)
			return refuse(o->spec, REFUSE_bad_datasec, IN(name, NULL),
				      "BTF has variables in it, but the file has no such section");
		t->size = section->size;
	}
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		struct btf_var_secinfo *info = &btf_var_secinfos(t)[i];
		const struct btf_type *var = btf__type_by_id(types, info->type);
		const char *var_name = btf__name_by_offset(types, var->name_off);
		const struct elf_symbol *symbol = NULL;
		bool seen;	/* by other files */

		if (!btf_is_var(var))
			return refuse(o->spec, REFUSE_bad_datasec, IN(name, var_name),
				      "BTF calls it no variable");
		seen = btf_var(var)->linkage != BTF_VAR_STATIC;
		if (seen && section)
			symbol = elf_variable(&o->elf, var_name);
		if (symbol && symbol->section == elf_index(&o->elf, section))
			info->offset = symbol->value;
		else if (seen && !complete)
			return refuse(o->spec, REFUSE_bad_datasec, IN(name, var_name),
				      "BTF has a variable that the file has not");
		if (info->offset > t->size || info->size > t->size - info->offset)
			return refuse(o->spec, REFUSE_bad_datasec,
				      AT(name, var_name, info->offset),
				      "BTF has a variable that exceeds the section");
	}
	return sort_vars(o, t);
}

/* The verifier looks at a global subprogram on its own. One with hidden
 * visibility is to be seen together with its callers, like a static one.
 */
static int hide_funcs(struct object *o)
{
	const struct btf *types = o->spec->types;
	const struct code_func *func;
	struct names hidden = { 0 };

	vec_for_each(func, &o->code.funcs)
		if (func->hidden && func->prog == SPEC_NONE &&
		    names_add(o->spec->arena, &hidden, func->name, 0))
			return sink_nomem(o->spec->sink);
	names_sort(&hidden);
	for (uint32_t id = 1; types && id < btf__type_cnt(types); id++) {
		struct btf_type *t = types_edit(o->spec, id);

		/* The vlen of a function is its linkage. */
		if (btf_is_func(t) && btf_vlen(t) == BTF_FUNC_GLOBAL &&
		    names_find(&hidden, btf__name_by_offset(types, t->name_off)) !=
		    NAMES_NONE)
			t->info = BTF_KIND_FUNC << 24 | BTF_FUNC_STATIC;
	}
	return 0;
}

static int collect_types(struct object *o)
{
	const struct elf_section *s = elf_section(&o->elf, ".BTF");
	int err;

	if (!s || !s->data)
		return 0;
	err = types_read(o->spec, s->data, s->size);
	if (!err)
		err = add_extern_types(o);
	if (err)
		return err;
	if (types_names(o->spec, BTF_KIND_DATASEC, &o->datasecs) ||
	    types_names(o->spec, BTF_KIND_STRUCT, &o->structs))
		return sink_nomem(o->spec->sink);
	return 0;
}

static int complete_types(struct object *o)
{
	int err = 0;

	for (uint32_t id = 1; o->spec->types && !err &&
	     id < btf__type_cnt(o->spec->types); id++) {
		struct btf_type *t = types_edit(o->spec, id);

		if (btf_is_datasec(t))
			err = complete_datasec(o, t);
	}
	return err;
}

/* The order is that of what needs what: types to know the externs, symbols to
 * complete types, maps before what refers to them, and references before
 * programs, as a function that is called need not be one.
 */
static int collect(struct object *o)
{
	static int (*const steps[])(struct object *) = {
		collect_license,
		collect_version,
		collect_types,
		collect_externs,
		complete_types,
		collect_btf_maps,
		collect_legacy_maps,
		collect_data_maps,
		collect_kconfig_map,
		collect_ops,
		collect_data_refs,
		collect_funcs,
		collect_refs,
		collect_progs,
		collect_slots,
		collect_ops_progs,
		collect_ext,
		hide_funcs,
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !err; i++)
		err = steps[i](o);
	return err;
}

static const char *object_name(struct spec *spec, const char *file)
{
	const char *base = strrchr(file, '/');

	base = base ? base + 1 : file;
	return arena_printf(spec->arena, "%.*s", (int)strcspn(base, "."), base);
}

int spec_read(struct spec *spec, const char *file, const void *bytes,
	      size_t size, const struct spec_options *options)
{
	static const struct spec_options none;
	struct object o = { .spec = spec, .options = options ?: &none };
	int err;

	spec->file = arena_strdup(spec->arena, file);
	spec->name = o.options->name ? dup_name(&o, o.options->name) :
				       object_name(spec, file);
	if (!spec->file || !spec->name)
		return sink_nomem(spec->sink);
	err = elf_open(&o.elf, spec, bytes, size);
	if (!err) {
		o.maps_of = arena_array(spec->arena, o.elf.sections.n,
					sizeof(*o.maps_of));
		err = o.maps_of ? collect(&o) : sink_nomem(spec->sink);
	}
	if (!err)
		err = reloc_link(spec, &o.code);
	elf_close(&o.elf);
	if (!err)
		err = checks_run(spec);
	if (!err)
		err = types_finish(spec);
	return err;
}

void spec_free(struct spec *spec)
{
	btf__free((struct btf *)spec->types);
	spec->types = NULL;
}
