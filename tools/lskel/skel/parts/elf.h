/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Programs and libraries, as ELF files */
#ifndef LSKEL_ELF_FILE
#define LSKEL_ELF_FILE

#include <elf.h>

/* The file may be anything: all that is read of it is checked against its size */
struct lskel_elf {
	FILE *file;
	bool wide;		/* 64 bits */
	bool no_memory;		/* for some of it, at some time */
	__u64 size;
	char *header, *sections;
	__u64 nr_sections;
};

/* A field of structure number @i of the table at @table, of either width */
#define LSKEL_ELF(elf, type, table, i, field)				\
	((elf)->wide ? ((const Elf64_##type *)(const void *)(table))[i].field : \
	 ((const Elf32_##type *)(const void *)(table))[i].field)
#define LSKEL_ELF_SIZE(elf, type) \
	((elf)->wide ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/* @size bytes of the file, to be freed, with a zero behind them; or NULL */
static inline char *lskel_elf_read(struct lskel_elf *elf, __u64 at, __u64 size)
{
	char *bytes;

	if (at > elf->size || size > elf->size - at)
		return NULL;
	bytes = (char *)calloc(1, (size_t)size + 1);
	elf->no_memory |= !bytes;
	if (bytes && !fseek(elf->file, (long)at, SEEK_SET) &&
	    fread(bytes, 1, (size_t)size, elf->file) == size)
		return bytes;
	free(bytes);
	return NULL;
}

static inline void lskel_elf_close(struct lskel_elf *elf)
{
	fclose(elf->file);
	free(elf->header);
	free(elf->sections);
}

/* Takes what fopen() returned. -ENOEXEC: it is no ELF file for this byte order, or
 * damaged; -ENOMEM. To be closed if it is 0.
 */
static inline int lskel_elf_open(struct lskel_elf *elf, FILE *file)
{
	const __u16 order = 1;
	char *ident;
	long size;

	memset(elf, 0, sizeof(*elf));
	elf->file = file;
	if (!file)
		return -errno;
	fseek(elf->file, 0, SEEK_END);
	size = ftell(elf->file);
	elf->size = size < 0 ? 0 : (__u64)size;
	ident = lskel_elf_read(elf, 0, EI_NIDENT);
	if (ident && !memcmp(ident, ELFMAG, SELFMAG) &&
	    ident[EI_DATA] == (*(const char *)&order ? ELFDATA2LSB : ELFDATA2MSB)) {
		elf->wide = ident[EI_CLASS] == ELFCLASS64;
		elf->header = lskel_elf_read(elf, 0, LSKEL_ELF_SIZE(elf, Ehdr));
	}
	free(ident);
	if (elf->header && LSKEL_ELF(elf, Ehdr, elf->header, 0, e_shentsize) == LSKEL_ELF_SIZE(elf, Shdr) &&
	    LSKEL_ELF(elf, Ehdr, elf->header, 0, e_phentsize) == LSKEL_ELF_SIZE(elf, Phdr)) {
		elf->nr_sections = LSKEL_ELF(elf, Ehdr, elf->header, 0, e_shnum);
		elf->sections = lskel_elf_read(elf, LSKEL_ELF(elf, Ehdr, elf->header, 0, e_shoff),
					       elf->nr_sections * LSKEL_ELF_SIZE(elf, Shdr));
	}
	if (elf->sections)
		return 0;
	lskel_elf_close(elf);
	return elf->no_memory ? -ENOMEM : -ENOEXEC;
}

/* The content of section @nr, to be freed, with a zero behind it; or NULL */
static inline char *lskel_elf_section(struct lskel_elf *elf, __u64 nr, __u64 *size)
{
	*size = LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_size);
	return lskel_elf_read(elf, LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_offset), *size);
}

/* From an address to where in the file its bytes are, by the segments that have all
 * @flags. -ENOEXEC: by none
 */
static inline int lskel_elf_offset(struct lskel_elf *elf, __u64 address, __u32 flags, __u64 *offset)
{
	const __u64 n = LSKEL_ELF(elf, Ehdr, elf->header, 0, e_phnum);
	char *segments = lskel_elf_read(elf, LSKEL_ELF(elf, Ehdr, elf->header, 0, e_phoff),
					n * LSKEL_ELF_SIZE(elf, Phdr));
	int err = -ENOEXEC;
	__u64 i, behind;

	for (i = 0; segments && err && i < n; i++) {
		behind = address - LSKEL_ELF(elf, Phdr, segments, i, p_vaddr);
		if (LSKEL_ELF(elf, Phdr, segments, i, p_type) != PT_LOAD ||
		    behind >= LSKEL_ELF(elf, Phdr, segments, i, p_filesz) ||
		    flags & ~LSKEL_ELF(elf, Phdr, segments, i, p_flags))
			continue;
		*offset = behind + LSKEL_ELF(elf, Phdr, segments, i, p_offset);
		err = 0;
	}
	free(segments);
	return err;
}

#endif /* LSKEL_ELF_FILE */
