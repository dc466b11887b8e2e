/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parts of a relocatable ELF file, with every index and range checked.
 *
 * What is behind a pointer is valid from elf_open() to elf_close(), and so must
 * be the bytes of the file.
 */
#ifndef LSKEL_ELF_H
#define LSKEL_ELF_H

#include <libelf.h>

#include "lib/names.h"
#include "spec.h"

struct elf_section {
	const char *name;
	uint32_t type;		/* SHT_* */
	uint64_t flags;		/* SHF_* */
	uint64_t size;		/* bytes */
	const uint8_t *data;	/* @size raw bytes; NULL: none in the file */

	/* SHT_REL: the section that is relocated, sorted by offset, which is
	 * inside of it; the symbol exists.
	 */
	uint32_t target;
	const Elf64_Rel *relocs;
	size_t n_relocs;
};

struct elf_symbol {
	const char *name;	/* the section's, if it stands for a section */
	uint64_t value, size;	/* inside the section, if it has one */
	uint32_t section;	/* index, or SHN_UNDEF, SHN_ABS, SHN_COMMON */
	uint8_t bind;		/* STB_* */
	uint8_t type;		/* STT_* */
	uint8_t visibility;	/* STV_* */
};

struct elf {
	struct spec *spec;
	Elf *handle;
	VEC(struct elf_section) sections;	/* [0] is empty */
	VEC(struct elf_symbol) symbols;
	struct names section_names, variable_names, undefined_names;
};

/* Read the @size bytes of a file. Sets the byte order in @spec and puts what
 * has to be allocated into its arena. Returns 0 or a negative errno with the
 * reason in its sink; elf_close() is needed in either case.
 */
int elf_open(struct elf *elf, struct spec *spec, const void *bytes, size_t size);
void elf_close(struct elf *elf);

/* The first section with this name, or NULL */
const struct elf_section *elf_section(const struct elf *elf, const char *name);

/* The variable (STT_OBJECT) that is visible to other files under this name */
const struct elf_symbol *elf_variable(const struct elf *elf, const char *name);

/* What the object leaves to others */
static inline bool elf_is_undefined(const struct elf_symbol *symbol)
{
	return symbol->section == SHN_UNDEF && symbol->bind != STB_LOCAL;
}

const struct elf_symbol *elf_undefined(const struct elf *elf, const char *name);

static inline uint32_t elf_index(const struct elf *elf,
				 const struct elf_section *section)
{
	return section - elf->sections.items;
}

static inline bool elf_is_code(const struct elf_section *section)
{
	return section->type == SHT_PROGBITS && section->flags & SHF_EXECINSTR;
}

/* Numbers in the file's byte order */
uint32_t elf_u32(const struct elf *elf, const uint8_t *bytes);
uint64_t elf_u64(const struct elf *elf, const uint8_t *bytes);

#endif /* LSKEL_ELF_H */
