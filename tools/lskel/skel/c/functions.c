// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "skel/c/print.h"
#include "skel/parts.h"

static const struct attach_param no_params[] = { { NULL, NULL, NULL } };

/* A function that attaches program or table @nr where its parameters say; none: where the
 * section's name does
 */
static void print_attach(struct printer *p, const char *ident, size_t nr, const char *function,
			 const struct attach_param *params)
{
	const char *name = p->skel->name;
	const struct attach_param *param;

	P("static inline int %s__%s__%s(struct %s *skel", name, ident, function, name);
	for (param = params; param->name; param++)
		P(", %s%s", param->declaration, param->name);
	P(")\n{\n");
	if (params->name)
		P("\tstruct lskel_where where = lskel_nowhere;\n\n");
	for (param = params; param->name; param++)
		P("\twhere.%s = %s;\n", param->member, param->name);
	P("\treturn lskel_attach(&skel->lskel, %zu, %s);\n}\n\n", nr, params->name ? "&where" : "0");
}

static void print_prog_functions(struct printer *p, const struct skel_prog *prog, size_t nr)
{
	const struct attach_kind *kind = prog->attach;
	const char *name = p->skel->name;

	if (prog->prog->target_prog) {
		const bool func = !prog->prog->target_func;

		P("static inline void %s__%s__set_target(struct %s *skel, int fd%s)\n{\n"
		  "\tskel->progs.%s.target_fd = fd;\n", name, prog->ident, name,
		  func ? ", const char *func" : "", prog->ident);
		if (func)
			P("\tskel->progs.%s.target_func = func;\n", prog->ident);
		P("}\n\n");
	}
	print_attach(p, prog->ident, nr, "attach", prog->where.given ? no_params : kind->params);
	if (kind->to[0].name)
		print_attach(p, prog->ident, nr, "attach_to", kind->to);
	if (prog->prog->type == BPF_PROG_TYPE_SYSCALL)
		P("static inline __s64 %s__%s__run(struct %s *skel, void *ctx, __u32 size)\n{\n"
		  "\treturn lskel_run(&skel->lskel, %zu, ctx, size);\n}\n\n",
		  name, prog->ident, name, nr);
}

/* @text with the name of the skeleton for each @ */
static void print_named(struct printer *p, const char *text)
{
	for (; *text; text++)
		if (*text == '@')
			P("%s", p->skel->name);
		else
			P("%c", *text);
}

void c_print_functions(struct printer *p)
{
	static const char life[] =
		"static inline struct @ *@__open(void)\n{\n"
		"\treturn (struct @ *)(void *)lskel_open(&@__object);\n}\n\n"
		"static inline int @__load(struct @ *skel)\n{\n"
		"\treturn lskel_load(&skel->lskel);\n}\n\n"
		"static inline void @__destroy(struct @ *skel)\n{\n"
		"\tif (skel)\n\t\tlskel_destroy(&skel->lskel);\n}\n\n"
		"static inline struct @ *@__open_and_load(void)\n{\n"
		"\tstruct @ *skel = @__open();\n\n"
		"\tif (skel && @__load(skel)) {\n"
		"\t\tconst int err = errno;\n\n"
		"\t\t@__destroy(skel);\n"
		"\t\terrno = err;\n"
		"\t\tskel = 0;\n\t}\n\treturn skel;\n}\n\n"
		"static inline const char *@__error(const struct @ *skel)\n{\n"
		"\treturn lskel_error(skel ? &skel->lskel : 0);\n}\n\n"
		"static inline const char *@__log(const struct @ *skel)\n{\n"
		"\treturn lskel_log(skel ? &skel->lskel : 0);\n}\n\n";
	static const char attach_some[] =
		"static inline int @__attach(struct @ *skel)\n{\n"
		"\treturn lskel_attach_all(&skel->lskel, lskel_not_attached);\n}\n\n";
	static const char attach_all[] =
		"static inline int @__attach(struct @ *skel)\n{\n"
		"\treturn lskel_attach_all(&skel->lskel, 0);\n}\n\n";
	static const char detach[] =
		"static inline void @__detach(struct @ *skel)\n{\n"
		"\tlskel_detach(&skel->lskel);\n}\n\n";
	static const char nothing_to_attach[] =
		"static inline int @__attach(struct @ *skel)\n{\n"
		"\treturn lskel_fail(&skel->lskel, -EOPNOTSUPP, \"no program of it is one to attach\");\n}\n\n"
		"static inline void @__detach(struct @ *skel)\n{\n"
		"\t(void)skel;\n}\n\n";
	size_t nr = p->skel->progs.n;
	const struct skel_prog *prog;
	const struct skel_map *map;

	print_named(p, life);
	if (p->needs & NEED_ATTACH) {
		print_named(p, p->needs & NEED_NOT_ATTACHED ? attach_some : attach_all);
		print_named(p, detach);
	} else {
		print_named(p, nothing_to_attach);
	}
	vec_for_each(prog, &p->skel->progs)
		print_prog_functions(p, prog, prog - p->skel->progs.items);
	vec_for_each(map, &p->skel->maps)
		if (map->link)
			print_attach(p, map->link, nr++, "attach", no_params);
}
