// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "elf.h"
#include "refuse.h"

uint32_t elf_u32(const struct elf *elf, const uint8_t *bytes)
{
	uint32_t n;

	memcpy(&n, bytes, sizeof(n));
	return elf->spec->big_endian ? be32toh(n) : le32toh(n);
}

uint64_t elf_u64(const struct elf *elf, const uint8_t *bytes)
{
	uint64_t n;

	memcpy(&n, bytes, sizeof(n));
	return elf->spec->big_endian ? be64toh(n) : le64toh(n);
}

static int by_offset(const void *a, const void *b)
{
	const Elf64_Rel *x = a, *y = b;

	if (x->r_offset != y->r_offset)
		return x->r_offset > y->r_offset ? 1 : -1;
	return (x->r_info > y->r_info) - (x->r_info < y->r_info);
}

/* Header: a relocatable file of 64 bits for BPF */
static int read_header(struct elf *elf, size_t size)
{
	struct spec *spec = elf->spec;
	const Elf64_Ehdr *header;

	if (elf_kind(elf->handle) != ELF_K_ELF)
		return refuse(spec, REFUSE_not_elf, IN(NULL, NULL), "not an ELF file");
	header = elf64_getehdr(elf->handle);
	if (!header || header->e_type != ET_REL ||
	    (header->e_machine != EM_BPF && header->e_machine != EM_NONE))
		return refuse(spec, REFUSE_not_bpf, IN(NULL, NULL),
			      "not a relocatable ELF file for BPF");
	/* libelf makes do with the sections that it finds, wherever they are. */
	if (header->e_shoff > size || header->e_shoff % 8 ||
	    header->e_shnum * sizeof(Elf64_Shdr) > size - header->e_shoff)
		return refuse(spec, REFUSE_bad_section, IN(NULL, NULL),
			      "the file is cut off: its table of sections is not inside");
	spec->big_endian = header->e_ident[EI_DATA] == ELFDATA2MSB;
	return 0;
}

static int read_sections(struct elf *elf)
{
	struct spec *spec = elf->spec;
	size_t n, strings;

	if (elf_getshdrnum(elf->handle, &n) ||
	    elf_getshdrstrndx(elf->handle, &strings))
		return refuse(spec, REFUSE_bad_section, IN(NULL, NULL),
			      "the table of sections is not readable");
	for (size_t i = 0; i < n; i++) {
		struct elf_section *s = vec_push(spec->arena, &elf->sections);
		Elf_Scn *scn = elf_getscn(elf->handle, i);
		const Elf64_Shdr *header = scn ? elf64_getshdr(scn) : NULL;
		const Elf_Data *data;

		if (!s)
			return sink_nomem(spec->sink);
		s->name = "";
		if (!i)
			continue;
		if (header)
			s->name = elf_strptr(elf->handle, strings, header->sh_name);
		if (!header || !s->name)
			return refuse(spec, REFUSE_bad_section, IN(NULL, NULL),
				      "section %zu has no readable header", i);
		if (names_add(spec->arena, &elf->section_names, s->name, i))
			return sink_nomem(spec->sink);
		s->type = header->sh_type;
		s->flags = header->sh_flags;
		s->size = header->sh_size;
		if (s->type == SHT_NOBITS || s->type == SHT_NULL || !s->size)
			continue;
		data = elf_rawdata(scn, NULL);
		if (!data || !data->d_buf || data->d_size != s->size)
			return refuse(spec, REFUSE_bad_section, IN(s->name, NULL),
				      "its bytes are not in the file");
		s->data = data->d_buf;
	}
	names_sort(&elf->section_names);
	return 0;
}

/* Section @i as a table of entries of @size bytes, in our byte order */
static const void *read_table(struct elf *elf, size_t i, size_t size, size_t *n)
{
	Elf_Scn *scn = elf_getscn(elf->handle, i);
	const Elf64_Shdr *header = elf64_getshdr(scn);
	const Elf_Data *data = elf_getdata(scn, NULL);

	if (!data || header->sh_entsize != size || data->d_size % size ||
	    (data->d_size && !data->d_buf))
		return NULL;
	*n = data->d_size / size;
	return data->d_buf ?: "";
}

static int read_symbol(struct elf *elf, const Elf64_Sym *from, size_t strings,
		       struct elf_symbol *to)
{
	const struct elf_section *section = NULL;

	to->value = from->st_value;
	to->size = from->st_size;
	to->section = from->st_shndx;
	to->bind = ELF64_ST_BIND(from->st_info);
	to->type = ELF64_ST_TYPE(from->st_info);
	to->visibility = ELF64_ST_VISIBILITY(from->st_other);
	to->name = elf_strptr(elf->handle, strings, from->st_name);
	if (!to->name)
		return -EINVAL;
	if (to->section == SHN_UNDEF || to->section == SHN_ABS ||
	    to->section == SHN_COMMON)
		return 0;
	if (to->section >= elf->sections.n)
		return -EINVAL;
	section = &elf->sections.items[to->section];
	if (to->type == STT_SECTION && !to->name[0])
		to->name = section->name;
	if (to->value > section->size || to->size > section->size - to->value)
		return -EINVAL;
	return 0;
}

static int read_symbols(struct elf *elf)
{
	struct spec *spec = elf->spec;
	const struct elf_section *table = NULL, *s;
	const Elf64_Sym *from;
	size_t n, strings;

	vec_for_each(s, &elf->sections) {
		if (s->type != SHT_SYMTAB)
			continue;
		if (table)
			return refuse(spec, REFUSE_bad_symbol, IN(s->name, NULL),
				      "a second table of symbols");
		table = s;
	}
	if (!table)
		return refuse(spec, REFUSE_no_symbols, IN(NULL, NULL),
			      "no symbols: has it been stripped?");
	from = read_table(elf, elf_index(elf, table), sizeof(*from), &n);
	if (!from)
		return refuse(spec, REFUSE_bad_symbol, IN(table->name, NULL),
			      "not a table of symbols");
	strings = elf64_getshdr(elf_getscn(elf->handle,
					   elf_index(elf, table)))->sh_link;
	for (size_t i = 0; i < n; i++) {
		struct elf_symbol *to = vec_push(spec->arena, &elf->symbols);

		if (!to)
			return sink_nomem(spec->sink);
		if (read_symbol(elf, &from[i], strings, to))
			return refuse(spec, REFUSE_bad_symbol,
				      AT(table->name, to->name, i * sizeof(*from)),
				      "its name, section or range is not in the file");
		if (to->type == STT_OBJECT && to->bind != STB_LOCAL &&
		    names_add(spec->arena, &elf->variable_names, to->name, i))
			return sink_nomem(spec->sink);
		if (elf_is_undefined(to) &&
		    names_add(spec->arena, &elf->undefined_names, to->name, i))
			return sink_nomem(spec->sink);
	}
	names_sort(&elf->variable_names);
	names_sort(&elf->undefined_names);
	return 0;
}

static int read_relocs(struct elf *elf, struct elf_section *s)
{
	struct spec *spec = elf->spec;
	const struct elf_section *target;
	const Elf64_Rel *from;
	Elf64_Rel *to;

	s->target = elf64_getshdr(elf_getscn(elf->handle, elf_index(elf, s)))->sh_info;
	if (s->target >= elf->sections.n)
		return refuse(spec, REFUSE_bad_relocation, IN(s->name, NULL),
			      "relocates a section that does not exist");
	target = &elf->sections.items[s->target];
	/* Debug information and the like: nobody will ask for it. */
	if (!(target->flags & (SHF_ALLOC | SHF_EXECINSTR)))
		return 0;
	if (s->type == SHT_RELA)
		return refuse(spec, REFUSE_bad_relocation, IN(s->name, NULL),
			      "relocations with addends are not what BPF uses");
	from = read_table(elf, elf_index(elf, s), sizeof(*from), &s->n_relocs);
	if (!from)
		return refuse(spec, REFUSE_bad_relocation, IN(s->name, NULL),
			      "not a table of relocations");
	to = arena_dup(spec->arena, from, s->n_relocs * sizeof(*from));
	if (!to)
		return sink_nomem(spec->sink);
	for (size_t i = 0; i < s->n_relocs; i++)
		if (to[i].r_offset >= target->size ||
		    ELF64_R_SYM(to[i].r_info) >= elf->symbols.n)
			return refuse(spec, REFUSE_bad_relocation,
				      AT(s->name, NULL, i * sizeof(*from)),
				      "its offset or symbol does not exist");
	/* Sorted they are as compilers write them. */
	qsort(to, s->n_relocs, sizeof(*to), by_offset);
	s->relocs = to;
	return 0;
}

int elf_open(struct elf *elf, struct spec *spec, const void *bytes, size_t size)
{
	struct elf_section *s;
	int err;

	*elf = (struct elf){ .spec = spec };
	if (elf_version(EV_CURRENT) == EV_NONE)
		return refuse(spec, REFUSE_not_elf, IN(NULL, NULL), "%s", elf_errmsg(-1));
	if (size)
		elf->handle = elf_memory((char *)bytes, size);
	if (!elf->handle)
		return refuse(spec, REFUSE_not_elf, IN(NULL, NULL), "not an ELF file");
	err = read_header(elf, size);
	if (!err)
		err = read_sections(elf);
	if (!err)
		err = read_symbols(elf);
	if (err)
		return err;
	vec_for_each(s, &elf->sections) {
		if (s->type == SHT_REL || s->type == SHT_RELA)
			err = read_relocs(elf, s);
		if (err)
			return err;
	}
	return 0;
}

void elf_close(struct elf *elf)
{
	elf_end(elf->handle);
}

const struct elf_section *elf_section(const struct elf *elf, const char *name)
{
	uint32_t i = names_find(&elf->section_names, name);

	return i == NAMES_NONE ? NULL : &elf->sections.items[i];
}

const struct elf_symbol *elf_variable(const struct elf *elf, const char *name)
{
	uint32_t i = names_find(&elf->variable_names, name);

	return i == NAMES_NONE ? NULL : &elf->symbols.items[i];
}

const struct elf_symbol *elf_undefined(const struct elf *elf, const char *name)
{
	uint32_t i = names_find(&elf->undefined_names, name);

	return i == NAMES_NONE ? NULL : &elf->symbols.items[i];
}
