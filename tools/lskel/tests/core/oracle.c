// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* oracle OBJECT TARGET...: is what the CO-RE engine makes of the instructions
 * of an object, for the types in the files TARGET, what libbpf makes of them? Each
 * program by itself, as libbpf prunes candidates per object. Prints a line of
 * KTAP without its number, and what differs.
 *
 * Runs with the false bpf(2) of ../calls, which takes what libbpf loads.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "btf.h"
#include "collect.h"
#include "core/core.h"
#include "lib/sink.h"

#define CANDS_MAX	4096

/* The object, read without libbpf's idea of it */
static struct arena arena;
static struct sink sink;
static struct spec spec = { .arena = &arena, .sink = &sink };
static struct ext ext;

static struct {
	unsigned int programs, relocations, poisoned, refused;
	unsigned int skipped;	/* programs that libbpf does not load for another reason */
} count;
static int different;

/* What one side makes of a program */
struct outcome {
	int err;		/* of CO-RE */
	bool other;		/* it did not come to that */
	char why[512];		/* last words */
	struct bpf_insn *insns;
	size_t n;
};

static struct outcome *listener;

static void hear(struct outcome *o, const char *format, va_list args)
{
	size_t len = strlen(o->why);

	if (len && o->why[len - 1] == '\n')
		len = 0;
	vsnprintf(o->why + len, sizeof(o->why) - len, format, args);
}

static int libbpf_says(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[256];
	va_list copy;

	if (level == LIBBPF_DEBUG || !listener)
		return 0;
	va_copy(copy, args);
	vsnprintf(line, sizeof(line), format, copy);
	va_end(copy);
	if (strstr(line, "failed to perform CO-RE relocations"))
		listener->err = -EINVAL;
	else if (!listener->err)
		hear(listener, format, args);
	return 0;
}

static void engine_says(struct core_log *log, enum core_log_level level,
			const char *format, va_list args)
{
	(void)log;
	if (level != CORE_LOG_INFO)
		hear(listener, format, args);
}

static struct core_log engine_log = { .print = engine_says };

/* Why libbpf does not load a program, the last time */
static char skip_reason[512] = "it has no relocations";

static struct bpf_program *select_program(struct bpf_object *object, const char *name)
{
	struct bpf_program *prog, *selected = NULL;

	bpf_object__for_each_program(prog, object) {
		bool it = !strcmp(bpf_program__name(prog), name);

		bpf_program__set_autoload(prog, it);
		if (it)
			selected = prog;
	}
	return selected;
}

static void copy_insns(struct outcome *o, const struct bpf_program *prog, size_t n)
{
	o->n = n;
	o->insns = malloc(n * sizeof(*o->insns));
	if (!o->insns)
		abort();
	memcpy(o->insns, bpf_program__insns(prog), n * sizeof(*o->insns));
}

static struct bpf_object *open_object(const char *path, const char *target)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = target);

	return bpf_object__open_file(path, &opts);
}

/* Run libbpf, which leaves relocated instructions where they were. */
static void ask_libbpf(struct outcome *o, const char *path, const char *target,
		       const char *name, size_t n)
{
	struct bpf_object *object = open_object(path, target);
	struct bpf_program *prog = object ? select_program(object, name) : NULL;

	if (!prog) {
		o->other = true;
		return;
	}
	listener = o;
	o->other = bpf_object__load(object) && !o->err;
	listener = NULL;
	if (!o->err && !o->other)
		copy_insns(o, prog, n);
	bpf_object__close(object);
}

static void find_candidates(struct core_cands *cands, const struct btf *target, u32 id)
{
	u32 cand = 0;

	if (cands->items)
		return;
	cands->items = malloc(sizeof(*cands->items) * CANDS_MAX);
	if (!cands->items)
		abort();
	while ((cand = core_next_candidate(spec.types, id, target, cand))) {
		if (cands->cnt == CANDS_MAX)
			abort();
		cands->items[cands->cnt++] = (struct core_cand){ target, cand };
	}
}

/* Run the engine over the records of @n instructions from byte @start of a
 * section.
 */
static void ask_engine(struct outcome *o, const struct btf *target,
		       const struct spec_records *records, uint64_t start)
{
	static struct core core;
	u32 n_types = btf__type_cnt(spec.types);
	struct core_cands *cands = calloc(n_types, sizeof(*cands));

	core.local = spec.types;
	core.log = &engine_log;
	listener = o;
	for (uint32_t i = 0; i < records->n && !o->err; i++) {
		const struct bpf_core_relo *relo =
			(void *)((char *)records->items + (size_t)i * records->rec_size);
		u32 at = (relo->insn_off - start) / sizeof(struct bpf_insn);
		struct core_cands *list = NULL;
		struct core_result res;

		if (core_needs_candidates(relo) && relo->type_id < n_types) {
			list = &cands[relo->type_id];
			find_candidates(list, target, relo->type_id);
		}
		o->err = core_resolve(&core, relo, list, &res);
		if (!o->err)
			o->err = core_patch(o->insns, o->n, at, &res, &engine_log);
	}
	listener = NULL;
	for (u32 i = 0; i < n_types; i++)
		free(cands[i].items);
	free(cands);
}

static void differ(const char *name, const char *target, const char *what,
		   const struct outcome *ours, const struct outcome *theirs)
{
	if (different++ < 20)
		printf("# %s for %s: %s\n# engine %d: %s# libbpf %d: %s", name,
		       strrchr(target, '/') ? strrchr(target, '/') + 1 : target, what,
		       ours->err, ours->why[0] ? ours->why : "\n",
		       theirs->err, theirs->why[0] ? theirs->why : "\n");
}

static bool is_core(const struct spec_records *records, uint64_t offset)
{
	return ext_range(records, offset, offset + 1).n;
}

/* Only instructions with a record are compared: the others are as they were with
 * us, and libbpf puts descriptors into them.
 */
static void compare(const char *name, const char *target, const struct bpf_insn *before,
		    const struct spec_records *records, uint64_t start,
		    const struct outcome *ours, const struct outcome *theirs)
{
	bool second = false;
	char what[64];

	if (!!ours->err != !!theirs->err) {
		differ(name, target, "refused by one", ours, theirs);
		return;
	}
	if (ours->err) {
		count.refused++;
		return;
	}
	for (size_t i = 0; i < ours->n; i++) {
		bool relocated = second || is_core(records, start + i * sizeof(*before));

		second = relocated && !second &&
			 before[i].code == (BPF_LD | BPF_IMM | BPF_DW);
		count.relocations += relocated && !second;
		count.poisoned += relocated && ours->insns[i].imm == CORE_POISON;
		if (!memcmp(&ours->insns[i], relocated ? &theirs->insns[i] : &before[i],
			    sizeof(*before)))
			continue;
		snprintf(what, sizeof(what), "instruction %zu", i);
		differ(name, target, what, ours, theirs);
		return;
	}
}

static Elf_Data *section_data(Elf *elf, const char *name, size_t *index)
{
	Elf_Scn *scn = NULL;
	size_t names;

	elf_getshdrstrndx(elf, &names);
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr shdr;

		gelf_getshdr(scn, &shdr);
		if (strcmp(elf_strptr(elf, names, shdr.sh_name), name))
			continue;
		*index = elf_ndxscn(scn);
		return elf_getdata(scn, NULL);
	}
	return NULL;
}

/* Where a program begins, and in which section: its name is another to libbpf if it
 * begins with '?'.
 */
struct place {
	const char *section;
	uint64_t start;		/* bytes */
};

static struct place place_of(Elf *elf, const struct bpf_program *prog)
{
	size_t table, strings, names;
	Elf_Data *symbols = section_data(elf, ".symtab", &table);
	struct place place;
	GElf_Shdr shdr;
	GElf_Sym sym;

	elf_getshdrstrndx(elf, &names);
	gelf_getshdr(elf_getscn(elf, table), &shdr);
	strings = shdr.sh_link;
	for (int i = 0; gelf_getsym(symbols, i, &sym); i++) {
		if (GELF_ST_TYPE(sym.st_info) != STT_FUNC ||
		    strcmp(elf_strptr(elf, strings, sym.st_name), bpf_program__name(prog)) ||
		    !gelf_getshdr(elf_getscn(elf, sym.st_shndx), &shdr))
			continue;
		place.section = elf_strptr(elf, names, shdr.sh_name);
		place.start = sym.st_value;
		if (!strcmp(place.section + (place.section[0] == '?'),
			    bpf_program__section_name(prog)))
			return place;
	}
	abort();
}

static void try_program(const char *path, const char *target, const struct btf *types,
			struct bpf_program *prog, struct place place)
{
	const char *name = bpf_program__name(prog);
	size_t n = bpf_program__insn_cnt(prog);
	struct outcome ours = { 0 }, theirs = { 0 };
	struct spec_records records = { 0 };

	for (size_t i = 0; i < ext.core.n; i++)
		if (!strcmp(ext.core.items[i].section, place.section))
			records = ext_range(&ext.core.items[i].records, place.start,
					    place.start + n * sizeof(struct bpf_insn));
	if (!records.n)
		return;
	ask_libbpf(&theirs, path, target, name, n);
	if (theirs.other) {
		strcpy(skip_reason, theirs.why);
		count.skipped++;
		return;
	}
	count.programs++;
	copy_insns(&ours, prog, n);
	ask_engine(&ours, types, &records, place.start);
	compare(name, target, bpf_program__insns(prog), &records, place.start, &ours, &theirs);
	free(ours.insns);
	free(theirs.insns);
}

/* An object without programs has no records. */
static void read_records(Elf *elf)
{
	size_t index;
	Elf_Data *types = section_data(elf, ".BTF", &index);
	Elf_Data *records = section_data(elf, ".BTF.ext", &index);

	if (!types || !records)
		return;
	if (types_read(&spec, types->d_buf, types->d_size) ||
	    ext_read(&ext, &spec, records->d_buf, records->d_size)) {
		fprintf(stderr, "%s\n", sink.line);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	const char *path = argv[1], *name = path;
	struct bpf_program *prog;
	struct bpf_object *object;
	int fd;
	Elf *elf;

	if (argc < 3)
		return 2;
	elf_version(EV_CURRENT);
	fd = open(path, O_RDONLY);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	read_records(elf);
	libbpf_set_print(libbpf_says);
	object = bpf_object__open_file(path, NULL);
	if (strrchr(path, '/'))
		name = strrchr(path, '/') + 1;
	if (!object) {
		printf("ok %s # SKIP libbpf cannot open it\n", name);
		goto out;
	}
	for (int i = 2; i < argc; i++) {
		struct btf *target = btf__parse(argv[i], NULL);

		if (!target) {
			printf("# %s has no types\n", argv[i]);
			different++;
			continue;
		}
		bpf_object__for_each_program(prog, object)
			try_program(path, argv[i], target, prog, place_of(elf, prog));
		btf__free(target);
	}
	if (!count.programs && !different)
		printf("ok %s # SKIP %.*s\n", name, (int)strcspn(skip_reason, "\n"),
		       skip_reason);
	else
		printf("%s %s: %u programs, %u relocations, %u poisoned; refused %u; skipped %u\n",
		       different ? "not ok" : "ok", name, count.programs, count.relocations,
		       count.poisoned, count.refused, count.skipped);
	bpf_object__close(object);
out:
	elf_end(elf);
	close(fd);
	spec_free(&spec);
	arena_free(&arena);
	return different != 0;
}
