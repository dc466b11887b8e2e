// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The skeleton as a header for C11 and C++17: types of global data, the
 * skeleton's struct, tables that describe the load, and functions of one line
 * that hand them to runtime.h. c/ prints these one by one.
 */
#include <ctype.h>

#include "skel/c/print.h"
#include "skel/parts.h"

/* Identifiers that may be macros of the headers before: those with a capital at
 * the start. Whatever else can be is mapped to something else by skel_ident().
 */
static void print_macros(struct printer *p, const struct skel_scope *scope, const char *format)
{
	const struct skel_name *name;

	vec_for_each(name, &scope->names)
		if (name->raw && isupper((unsigned char)name->ident[0]))
			P(format, name->ident, name->ident);
}

static void print_all_macros(struct printer *p, const char *format)
{
	const struct skel_type *type;

	if (isupper((unsigned char)p->skel->name[0]))
		P(format, p->skel->name, p->skel->name);
	print_macros(p, &p->skel->maps_scope, format);
	print_macros(p, &p->skel->progs_scope, format);
	vec_for_each(type, &p->skel->types)
		print_macros(p, &type->scope, format);
}

static void print_runtime(struct printer *p)
{
	const struct skel_part *part;

	P("%s\n", skel_runtime);
	P("#if LSKEL_RUNTIME != 1\n"
	  "#error \"the skeletons in this file were made by different versions of lskel\"\n"
	  "#endif\n\n");
	for (part = skel_parts; part->text; part++)
		if (part->needs & p->needs)
			P("%s\n", part->text);
}

int skel_print_c(const struct skel *skel, FILE *out)
{
	struct printer printer = { .out = out, .skel = skel, .needs = skel_needs(skel) };
	struct printer *p = &printer;
	const char *order = skel->spec->big_endian ? "BIG" : "LITTLE";
	int err;

	P("/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */\n"
	  "/* The light skeleton of a BPF object. Made by lskel, do not edit. */\n"
	  "#ifndef LSKEL_OF_%s\n#define LSKEL_OF_%s\n\n"
	  "#if __BYTE_ORDER__ != __ORDER_%s_ENDIAN__\n"
	  "#error \"this skeleton is for the other byte order\"\n#endif\n\n",
	  skel->name, skel->name, order);
	print_runtime(p);
	print_all_macros(p, "#pragma push_macro(\"%s\")\n#undef %s\n");
	c_print_types(p);
	c_print_struct(p);
	P("#define LSKEL_AT(member)\toffsetof(struct %s, member)\n\n", skel->name);
	err = c_print_loaders(p) ?: c_print_ops(p);
	if (err)
		return sink_nomem(skel->spec->sink);
	c_print_steps(p);
	c_print_maps(p);
	c_print_progs(p);
	c_print_kernels(p);
	c_print_externs(p);
	c_print_object(p);
	P("#undef LSKEL_AT\n\n");
	c_print_functions(p);
	print_all_macros(p, "#pragma pop_macro(\"%1$s\")\n");
	P("#endif /* LSKEL_OF_%s */\n", skel->name);
	return 0;
}
