// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The loaders, and the steps that they do */
#include <errno.h>

#include "needs.h"
#include "plan.h"
#include "skel/c/print.h"

/* Instructions as the target has them. Returns how many pieces, or -ENOMEM. */
static int print_code(struct printer *p, const char *table, size_t nr,
		      const struct loader_code *code)
{
	uint32_t size = code->insn_cnt * sizeof(*code->insns), i;
	uint8_t *bytes = arena_alloc(p->skel->spec->arena, size);

	if (!bytes)
		return -ENOMEM;
	for (i = 0; i < code->insn_cnt; i++)
		insn_encode(bytes + i * sizeof(*code->insns), &code->insns[i],
			    p->skel->spec->big_endian);
	return (int)c_print_pieces(p, table, nr, bytes, size);
}

int c_print_loaders(struct printer *p)
{
	const struct loaders *loaders = p->skel->loaders;
	struct arena *arena = p->skel->spec->arena;
	struct image { int blob, any, usual; } *pieces;
	const struct loader *loader;
	size_t nr;

	pieces = arena_array(arena, loaders->loader.n, sizeof(*pieces));
	if (!pieces)
		return -ENOMEM;
	vec_for_each(loader, &loaders->loader) {
		nr = loader - loaders->loader.items;
		pieces[nr].blob = (int)c_print_pieces(p, "blob", nr, loader->blob, loader->blob_len);
		pieces[nr].any = print_code(p, "any", nr, &loader->any);
		pieces[nr].usual = print_code(p, "usual", nr, &loader->usual);
		if (pieces[nr].any < 0 || pieces[nr].usual < 0)
			return -ENOMEM;
	}
	P("static const struct lskel_loader %s__loaders[] = {\n", p->skel->name);
	vec_for_each(loader, &loaders->loader) {
		nr = loader - loaders->loader.items;
		P("\t{ ");
		c_print_image(p, "blob", nr, pieces[nr].blob, loader->blob_size);
		P(", ");
		c_print_image(p, "any", nr, pieces[nr].any,
			      loader->any.insn_cnt * sizeof(struct bpf_insn));
		P(", ");
		c_print_image(p, "usual", nr, pieces[nr].usual,
			      loader->usual.insn_cnt * sizeof(struct bpf_insn));
		P(", %u, %u, %u },\n", loader->twin, loader->first, loader->steps);
	}
	P("};\n\n");
	return 0;
}

void c_print_steps(struct printer *p)
{
	static const char *const kinds[] = {
		[PLAN_BTF_LOAD] = "BTF_LOAD", [PLAN_MAP_CREATE] = "MAP_CREATE",
		[PLAN_MAP_INIT] = "MAP_INIT", [PLAN_MAP_FREEZE] = "MAP_FREEZE",
		[PLAN_MAP_SLOT] = "MAP_SLOT", [PLAN_FIND_BTF] = "FIND_BTF",
		[PLAN_FIND_KSYM] = "FIND_KSYM",
		[PLAN_PROG_LOAD] = "PROG_LOAD", [PLAN_LINK_CREATE] = "LINK_CREATE",
		[PLAN_RAW_TP_OPEN] = "RAW_TP_OPEN",
	};
	const struct loader *loader;
	uint32_t i;

	P("static const struct lskel_step %s__steps[] = {\n", p->skel->name);
	vec_for_each(loader, &p->skel->loaders->loader) {
		for (i = loader->first; i < loader->first + loader->steps; i++) {
			const struct plan_step *step = &p->skel->plan->steps.items[i];

			P("\t{ LSKEL_STEP_%s, %s, %s, %u, %u, ", kinds[step->kind],
			  step->may_fail ? "true" : "false", step->attr_no_btf ? "true" : "false",
			  step->slot, loader->attr[i] == NOT_HERE ? 0 : loader->attr[i]);
			c_print_name(p, step->object);
			P(", %u },\n", needs_word(step_needs(p->skel->spec, step)));
		}
	}
	P("};\n\n");
}
