// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* libFuzzer's target: an object file, all the way to what is printed of it */
#include <assert.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "disasm.h"
#include "info.h"
#include "layout.h"
#include "print.h"
#include "skel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* A byte more or less shifts all that the headers point to, and ELF is as far as
 * that gets: mostly change one section, in its place.
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	Elf64_Ehdr header;
	Elf64_Shdr section;
	uint64_t at;

	if (seed % 8 == 0 || size < sizeof(header))
		return LLVMFuzzerMutate(data, size, max_size);
	memcpy(&header, data, sizeof(header));
	if (!header.e_shnum)
		return LLVMFuzzerMutate(data, size, max_size);
	at = header.e_shoff + seed / 8 % header.e_shnum * sizeof(section);
	if (at > size || size - at < sizeof(section))
		return LLVMFuzzerMutate(data, size, max_size);
	memcpy(&section, data + at, sizeof(section));
	if (section.sh_offset > size || size - section.sh_offset < section.sh_size)
		return LLVMFuzzerMutate(data, size, max_size);
	if (section.sh_size)
		LLVMFuzzerMutate(data + section.sh_offset, section.sh_size, section.sh_size);
	return size;
}

/* Names of the object that got into the text have lost what could end a line, a
 * string or a comment, or confuse a terminal.
 */
static void check_text(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert(text[i] == '\n' || text[i] == '\t' ||
		       (text[i] >= ' ' && text[i] <= '~'));
}

static int print_all(const struct skel *skel, FILE *out)
{
	int err = skel_print_c(skel, out);

	info_print(skel, out);
	print_plan(out, skel->plan, skel->patches);
	print_plan_json(out, skel->plan, skel->patches);
	print_loaders(out, skel->plan, skel->loaders);
	return err;
}

/* What a skeleton does with a patch gives the instructions that were resolved. */
static void check_patches(const struct plan *plan, const struct loaders *loaders,
			  const struct patches *patches)
{
	const struct patch *patch = patches->patches.items;
	const struct patch_piece *piece;
	const struct loader *loader;

	vec_for_each(loader, &loaders->loader) {
		uint8_t *blob = arena_dup(plan->spec->arena, loader->blob, loader->blob_len);
		uint8_t *wanted = arena_dup(plan->spec->arena, loader->blob, loader->blob_len);

		vec_for_each(piece, &patch->loaders[loader - loaders->loader.items]) {
			uint32_t at = 0, to = piece->offset;

			while (at < piece->size) {
				to += piece->bytes[at++];
				memcpy(blob + to, piece->bytes + at + 1, piece->bytes[at]);
				to += piece->bytes[at];
				at += 1u + piece->bytes[at];
			}
			assert(at == piece->size && to <= loader->blob_len);
		}
		for (uint32_t i = loader->first; i < loader->first + loader->steps; i++) {
			const struct plan_step *step = &plan->steps.items[i];
			uint32_t at;

			if (!step->attr_size_applied)
				continue;
			at = loader->data[patch_data(step)];
			patch_insns(wanted + at, plan, step, patch->resolved);
			assert(!memcmp(wanted + at, blob + at, plan->data.items[patch_data(step)].size));
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct sink sink = { { 0 } };
	struct spec spec = { .arena = &arena, .sink = &sink };
	struct plan plan = { 0 };
	struct loaders loaders = { { 0 } };
	struct skel skel = { 0 };
	struct target self = { .key = "self", .file = "self" };
	struct resolved resolved = { 0 };
	struct patches patches = {};
	char *text = NULL;
	size_t length = 0;
	bool known;
	FILE *out;
	int err;

	err = spec_read(&spec, "fuzz.bpf.o", data, size, NULL);
	/* The kernel with types that are as bad as the object's */
	self.btf = (struct btf *)spec.types;
	spec.core_open = true;
	spec.attach_in_loader = size % 2;
	if (!err && spec.types)
		err = resolve(&resolved, &spec, &self);
	/* The kernel need not have what a table of operations needs. */
	known = !err && spec.types && !layout_find(&resolved.layouts, &spec, &self);
	if (!err)
		sink.line[0] = '\0';
	if (!err)
		err = plan_make(&plan, &spec);
	if (!err)
		err = emit(&loaders, &plan);
	if (!err && spec.types)
		err = patches_make(&patches, &plan, &loaders, &resolved, 1);
	if (!err && spec.types)
		check_patches(&plan, &loaders, &patches);
	if (!err)
		err = skel_make(&skel, &spec, &plan, &loaders, NULL);
	if (!err) {
		if (known)
			skel.patches = &patches;
		out = open_memstream(&text, &length);
		assert(out);
		err = print_all(&skel, out);
		fclose(out);
		check_text(text, length);
		free(text);
	}
	/* What fails says why, and nothing else says anything. */
	assert(!err == !sink.line[0]);
	assert(err <= 0);
	spec_free(&spec);
	arena_free(&arena);
	return 0;
}
