// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/core.h"
#include "lib/names.h"
#include "resolve.h"

/* The types of the target with one name, flavours aside, in order */
struct namesakes {
	VEC(struct core_cand) items;
};

/* What the engine says: the errors, in one line */
struct text {
	struct core_log log;
	char line[768];
	bool ended;		/* by a newline that is not there yet */
};

struct resolver {
	const struct spec *spec;
	struct target *target;
	struct arena *arena;
	struct core core;
	struct text text;
	struct names names;		/* of namesakes, by their index */
	VEC(struct namesakes) namesakes;
	struct core_cands **cands;	/* by local type; NULL: not looked for */
	struct core_result *results;	/* by relocation */
	const char **why;		/* by relocation, NULL: no error */
};

static void clear(struct text *text)
{
	text->line[0] = '\0';
	text->ended = false;
}

__attribute__((format(printf, 3, 0)))
static void print(struct core_log *log, enum core_log_level level, const char *format,
		  va_list args)
{
	struct text *text = (struct text *)log;
	char part[256], *c;
	size_t len;

	if (level != CORE_LOG_ERROR)
		return;
	vsnprintf(part, sizeof(part), format, args);
	/* A line is followed by others or by nothing. */
	for (c = part; *c == ' ' && text->ended; c++)
		;
	len = strlen(text->line);
	snprintf(text->line + len, sizeof(text->line) - len, "%s%s", text->ended ? "; " : "", c);
	c = strchr(text->line + len, '\n');
	text->ended = c;
	if (c)
		*c = '\0';
}

__attribute__((format(printf, 3, 0)))
static void print_all(struct core_log *log, enum core_log_level level __attribute__((unused)),
		      const char *format, va_list args)
{
	print(log, CORE_LOG_ERROR, format, args);
}

const char *resolve_describe(const struct spec *spec, uint32_t nr)
{
	const struct bpf_core_relo *relo = &spec->core.items[nr].relo;
	struct core *core = arena_alloc(spec->arena, sizeof(*core));
	struct text text = { .log.print = print_all };

	if (!core)
		return NULL;
	*core = (struct core){ .local = spec->types };
	if (core_parse(core, relo, &core->local_spec))
		return arena_printf(spec->arena, "[%u] and \"%s\", which do not fit",
				    relo->type_id,
				    btf__str_by_offset(spec->types, relo->access_str_off));
	core_print_spec(&text.log, CORE_LOG_INFO, relo->kind, &core->local_spec);
	return arena_strdup(spec->arena, text.line);
}

/* The name of a type without its flavour; NULL: no memory */
static const char *essential_name(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%.*s", (int)core_essential_len(name, strlen(name)), name);
}

static const char *type_name(const struct btf *btf, uint32_t id)
{
	return btf__str_by_offset(btf, btf__type_by_id(btf, id)->name_off) ?: "";
}

/* The names that are looked for */
static int list_names(struct resolver *r)
{
	const struct spec_core *core;
	const char *name;

	vec_for_each(core, &r->spec->core) {
		if (!core->func || !core_needs_candidates(&core->relo))
			continue;
		name = essential_name(r->arena, type_name(r->spec->types, core->relo.type_id));
		if (!name)
			return -ENOMEM;
		if (name[0] && names_add(r->arena, &r->names, name, r->names.entries.n))
			return -ENOMEM;
	}
	names_sort(&r->names);
	r->namesakes.n = 0;
	for (size_t i = 0; i < r->names.entries.n; i++)
		if (!vec_push(r->arena, &r->namesakes))
			return -ENOMEM;
	return 0;
}

/* Find the types of @btf that have one of the names, from type @first on. */
static int find_namesakes(struct resolver *r, const struct btf *btf, uint32_t first)
{
	for (uint32_t id = first; id < btf__type_cnt(btf); id++) {
		const char *name = type_name(btf, id);
		struct core_cand *cand;
		uint32_t index;

		if (strstr(name, "___"))
			name = essential_name(r->arena, name);
		if (!name)
			return -ENOMEM;
		index = name[0] ? names_find(&r->names, name) : NAMES_NONE;
		if (index == NAMES_NONE)
			continue;
		cand = vec_push(r->arena, &r->namesakes.items[index].items);
		if (!cand)
			return -ENOMEM;
		*cand = (struct core_cand){ .btf = btf, .id = id };
	}
	return 0;
}

/* The candidates for local type @id in the kernel, or else in its modules */
static int find_candidates(struct resolver *r, uint32_t id, struct core_cands *cands)
{
	const char *name = essential_name(r->arena, type_name(r->spec->types, id));
	const struct namesakes *namesakes;
	const struct core_cand *cand;
	uint32_t index;

	if (!name)
		return -ENOMEM;
	index = name[0] ? names_find(&r->names, name) : NAMES_NONE;
	if (index == NAMES_NONE)
		return 0;
	namesakes = &r->namesakes.items[index];
	cands->items = arena_array(r->arena, namesakes->items.n, sizeof(*cands->items));
	if (!cands->items)
		return -ENOMEM;
	vec_for_each(cand, &namesakes->items) {
		if (cands->cnt && cand->btf != r->target->btf && cands->items[0].btf == r->target->btf)
			break;
		if (core_is_candidate(r->spec->types, id, cand->btf, cand->id))
			cands->items[cands->cnt++] = *cand;
	}
	return 0;
}

static int find_in_modules(struct resolver *r)
{
	struct btf **module;
	int err;

	if (r->target->has_modules || !r->target->running)
		return 0;
	err = target_modules(r->target, r->spec);
	vec_for_each(module, &r->target->modules)
		err = err ?: find_namesakes(r, *module, btf__type_cnt(r->target->btf));
	return err;
}

static struct core_cands *candidates(struct resolver *r, uint32_t id)
{
	struct core_cands *cands = r->cands[id];

	if (cands)
		return cands;
	cands = arena_alloc(r->arena, sizeof(*cands));
	if (!cands || find_candidates(r, id, cands))
		return NULL;
	if (!cands->cnt && (find_in_modules(r) || find_candidates(r, id, cands)))
		return NULL;
	r->cands[id] = cands;
	return cands;
}

/* Errors other than -ENOMEM are noted in r->why. */
static int resolve_one(struct resolver *r, uint32_t nr)
{
	const struct spec_core *core = &r->spec->core.items[nr];
	struct core_cands *cands = NULL;
	int err;

	if (core_needs_candidates(&core->relo)) {
		cands = candidates(r, core->relo.type_id);
		if (!cands)
			return -ENOMEM;
	}
	clear(&r->text);
	err = core_resolve(&r->core, &core->relo, cands, &r->results[nr]);
	if (!err)
		return 0;
	r->results[nr] = (struct core_result){ .poison = true };
	r->why[nr] = arena_strdup(r->arena, r->text.line[0] ? r->text.line : strerror(-err));
	return r->why[nr] ? err : -ENOMEM;
}

static int fail(struct resolver *r, uint32_t nr, int err)
{
	const struct spec_core *core = &r->spec->core.items[nr];

	return sink_fail(r->spec->sink, err, "%s: section %s+0x%x symbol %s: for %s: %s",
			 r->spec->file, core->section, core->relo.insn_off, core->func,
			 r->target->key, r->why[nr]);
}

/* Those that are optional come last: what they want shall not count for others. */
static int resolve_all(struct resolver *r, bool optional)
{
	int err;

	for (size_t i = 0; i < r->spec->core.n; i++) {
		const struct spec_core *core = &r->spec->core.items[i];

		if (!core->func || core->optional != optional)
			continue;
		err = resolve_one(r, i);
		if (err == -ENOMEM)
			return sink_nomem(r->spec->sink);
		if (err && !optional)
			return fail(r, i, err);
	}
	return 0;
}

static bool is_poisoned(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && insn->imm == CORE_POISON;
}

/* What core_patch() would not change: both halves, for the verifier looks at the
 * second one of a 64-bit immediate even where nothing gets to.
 */
static void poison(struct bpf_insn *insn)
{
	uint32_t n = insn->code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;

	while (n--)
		insn[n] = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = CORE_POISON };
}

/* Fill in what @missing is, but for the place. */
static int describe(struct resolver *r, uint32_t nr, struct missing *missing)
{
	const struct core_result *res = &r->results[nr];

	if (r->why[nr]) {
		missing->what = r->why[nr];
		missing->why = r->why[nr];
		return 0;
	}
	missing->what = resolve_describe(r->spec, nr);
	missing->why = "nothing like it";
	if (missing->what && res->bad_size && !res->poison) {
		missing->what = arena_printf(r->arena, "%s, which has another size there",
					     missing->what);
		missing->why = "it has another size there";
	}
	return missing->what ? 0 : -ENOMEM;
}

/* Change the instructions of a program. */
static int patch(struct resolver *r, struct resolved *resolved, int prog_nr)
{
	const struct spec_prog *prog = &r->spec->progs.items[prog_nr];
	struct bpf_insn *insns = arena_dup(r->arena, prog->insns, prog->insn_cnt * sizeof(*insns));
	const struct spec_core_ref *ref;
	struct missing *missing;
	int err;

	if (!insns)
		return sink_nomem(r->spec->sink);
	resolved->insns[prog_nr] = insns;
	vec_for_each(ref, &prog->core) {
		clear(&r->text);
		err = core_patch(insns, prog->insn_cnt, ref->insn, &r->results[ref->core],
				 &r->text.log);
		if (err) {
			r->why[ref->core] = arena_strdup(r->arena, r->text.line[0] ? r->text.line :
							 strerror(-err));
			if (!r->why[ref->core])
				return sink_nomem(r->spec->sink);
			if (!r->spec->core.items[ref->core].optional)
				return fail(r, ref->core, err);
			poison(&insns[ref->insn]);
		}
		if (!is_poisoned(&insns[ref->insn]))
			continue;
		missing = vec_push(r->arena, &resolved->missing);
		if (!missing)
			return sink_nomem(r->spec->sink);
		*missing = (struct missing){ .prog = prog_nr, .insn = ref->insn };
		if (describe(r, ref->core, missing))
			return sink_nomem(r->spec->sink);
	}
	return 0;
}

int resolve(struct resolved *resolved, const struct spec *spec, struct target *target)
{
	struct resolver r = {
		.spec = spec, .target = target, .arena = spec->arena,
		.core = { .local = spec->types, .big_endian = spec->big_endian },
		.text.log.print = print,
	};
	int err;

	r.core.log = &r.text.log;
	*resolved = (struct resolved){ .target = target };
	resolved->insns = arena_array(r.arena, spec->progs.n, sizeof(*resolved->insns));
	r.results = arena_array(r.arena, spec->core.n, sizeof(*r.results));
	r.why = arena_array(r.arena, spec->core.n, sizeof(*r.why));
	if (!resolved->insns || !r.results || !r.why)
		return sink_nomem(spec->sink);
	if (!spec->core.n)
		return 0;
	r.cands = arena_array(r.arena, btf__type_cnt(spec->types), sizeof(struct core_cands *));
	if (!r.cands || list_names(&r) || find_namesakes(&r, target->btf, 1))
		return sink_nomem(spec->sink);
	err = resolve_all(&r, false) ?: resolve_all(&r, true);
	for (size_t i = 0; i < spec->progs.n && !err; i++)
		if (spec->progs.items[i].core.n)
			err = patch(&r, resolved, i);
	return err;
}
