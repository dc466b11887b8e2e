// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "lib/endian.h"
#include "patch.h"

#define SKIP_MAX	UINT8_MAX

/* Rather a new piece than so many entries that only skip */
#define GAP_MAX		(16 * SKIP_MAX)

struct patcher {
	const struct plan *plan;
	struct arena *arena;
	const struct loader *loader;
	const struct resolved *resolved;
	uint8_t *blob;			/* as it is to be */
	patch_pieces *pieces;
};

uint32_t patch_data(const struct plan_step *step)
{
	const struct plan_operand *op = step->operands.items;

	while (op->offset != offsetof(union bpf_attr, insns))
		op++;
	return op->ref;
}

void patch_insns(uint8_t *bytes, const struct plan *plan, const struct plan_step *step,
		 const struct resolved *resolved)
{
	const struct spec_prog *prog = &plan->spec->progs.items[step->prog];
	const struct bpf_insn *insns = resolved->insns[step->prog];
	const struct spec_core_ref *ref;
	uint32_t i, n;

	/* In other instructions the plan made references to maps. */
	vec_for_each(ref, &prog->core) {
		n = prog->insns[ref->insn].code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;
		for (i = ref->insn; i < ref->insn + n; i++)
			insn_encode(bytes + i * sizeof(*insns), &insns[i],
				    plan->spec->big_endian);
	}
}

static void patch_attr(struct patcher *p, uint32_t nr)
{
	uint8_t *attr = p->blob + p->loader->attr[nr];

	put_u32(attr + offsetof(union bpf_attr, core_relo_cnt), 0, p->plan->spec->big_endian);
	attr[p->plan->steps.items[nr].attr_size] = 0;
}

/* The next byte from @at on that differs, or the end */
static uint32_t next_change(const struct patcher *p, uint32_t at)
{
	while (at < p->loader->blob_len && p->blob[at] == p->loader->blob[at])
		at++;
	return at;
}

/* One entry at the end of the last piece. Returns false if it is full. */
static bool add_entry(struct patch_piece *piece, uint32_t skip, const uint8_t *bytes, uint8_t size)
{
	while (skip > SKIP_MAX && piece->size + 2 <= PATCH_PIECE) {
		piece->bytes[piece->size++] = SKIP_MAX;
		piece->bytes[piece->size++] = 0;
		skip -= SKIP_MAX;
	}
	if (piece->size + 2u + size > PATCH_PIECE)
		return false;
	piece->bytes[piece->size++] = skip;
	piece->bytes[piece->size++] = size;
	memcpy(piece->bytes + piece->size, bytes, size);
	piece->size += size;
	return true;
}

/* What differs between the blob as it is and as it is to be */
static int find_changes(struct patcher *p)
{
	uint32_t end = 0, at = next_change(p, 0), size;
	struct patch_piece *piece = NULL;

	for (; at < p->loader->blob_len; at = next_change(p, end)) {
		for (size = 1; size < UINT8_MAX && at + size < p->loader->blob_len &&
		     p->blob[at + size] != p->loader->blob[at + size]; size++)
			;
		if (!piece || at - end > GAP_MAX || !add_entry(piece, at - end, p->blob + at, size)) {
			piece = vec_push(p->arena, p->pieces);
			if (!piece)
				return -ENOMEM;
			piece->offset = at;
			piece->bytes = arena_alloc(p->arena, PATCH_PIECE);
			if (!piece->bytes)
				return -ENOMEM;
			add_entry(piece, 0, p->blob + at, size);
		}
		end = at + size;
	}
	return 0;
}

static int patch_loader(struct patcher *p)
{
	const struct loader *loader = p->loader;
	uint32_t i;

	p->blob = arena_dup(p->arena, loader->blob, loader->blob_len);
	if (!p->blob)
		return -ENOMEM;
	for (i = loader->first; i < loader->first + loader->steps; i++) {
		const struct plan_step *step = &p->plan->steps.items[i];

		if (!step->attr_size_applied)
			continue;
		patch_insns(p->blob + loader->data[patch_data(step)], p->plan, step, p->resolved);
		patch_attr(p, i);
	}
	return find_changes(p);
}

static bool same_insns(const struct spec *spec, const struct resolved *a, const struct resolved *b)
{
	const struct spec_prog *prog;

	vec_for_each(prog, &spec->progs) {
		size_t nr = prog - spec->progs.items;

		if (prog->core.n && memcmp(a->insns[nr], b->insns[nr],
					   prog->insn_cnt * sizeof(*prog->insns)))
			return false;
	}
	return true;
}

static int make_patch(struct patch *patch, const struct plan *plan, const struct loaders *loaders,
		      const struct resolved *resolved)
{
	struct patcher p = { .plan = plan, .arena = plan->spec->arena, .resolved = resolved };
	int err = 0;

	patch->resolved = resolved;
	patch->loaders = arena_array(p.arena, loaders->loader.n, sizeof(*patch->loaders));
	if (!patch->loaders)
		return -ENOMEM;
	for (size_t i = 0; i < loaders->loader.n && !err; i++) {
		p.loader = &loaders->loader.items[i];
		p.pieces = &patch->loaders[i];
		err = patch_loader(&p);
	}
	return err;
}

int patches_make(struct patches *patches, const struct plan *plan, const struct loaders *loaders,
		 const struct resolved *resolved, size_t n)
{
	struct arena *arena = plan->spec->arena;

	*patches = (struct patches){ 0 };
	for (size_t i = 0; i < n; i++) {
		struct patch_target *target = vec_push(arena, &patches->targets);
		struct patch *patch;
		uint32_t nr = 0;

		while (nr < patches->patches.n &&
		       !same_insns(plan->spec, patches->patches.items[nr].resolved, &resolved[i]))
			nr++;
		if (!target)
			return sink_nomem(plan->spec->sink);
		*target = (struct patch_target){
			.key = resolved[i].target->key, .patch = nr, .layouts = resolved[i].layouts,
		};
		if (nr < patches->patches.n)
			continue;
		patch = vec_push(arena, &patches->patches);
		if (!patch || make_patch(patch, plan, loaders, &resolved[i]))
			return sink_nomem(plan->spec->sink);
	}
	return 0;
}
