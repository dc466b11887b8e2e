/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes of functions of programs and libraries, which ELF symbols name */
#ifndef LSKEL_SYMBOL
#define LSKEL_SYMBOL

#include <elf.h>

/* The file may be anything: all that is read of it is checked against its size */
struct lskel_elf {
	FILE *file;
	bool wide;		/* 64 bits */
	__u64 size;
};

/* A field of structure number @i of the table at @table, of either width */
#define LSKEL_ELF(elf, type, table, i, field)				\
	((elf)->wide ? ((const Elf64_##type *)(const void *)(table))[i].field : \
	 ((const Elf32_##type *)(const void *)(table))[i].field)
#define LSKEL_ELF_SIZE(elf, type) \
	((elf)->wide ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/* @size bytes of the file, to be freed, with a zero behind them; or NULL */
static inline char *lskel_elf_read(const struct lskel_elf *elf, __u64 at, __u64 size)
{
	char *bytes;

	if (at > elf->size || size > elf->size - at)
		return NULL;
	bytes = (char *)calloc(1, (size_t)size + 1);
	if (bytes && !fseek(elf->file, (long)at, SEEK_SET) &&
	    fread(bytes, 1, (size_t)size, elf->file) == size)
		return bytes;
	free(bytes);
	return NULL;
}

/* The versions of the symbols in section @nr, to be freed; NULL: they have none */
static inline char *lskel_elf_versions(const struct lskel_elf *elf, const char *sections, __u64 n,
				       __u64 nr, __u64 *size)
{
	char *versions;
	__u64 i;

	for (i = 0; i < n; i++) {
		if (LSKEL_ELF(elf, Shdr, sections, i, sh_type) != SHT_GNU_versym ||
		    LSKEL_ELF(elf, Shdr, sections, i, sh_link) != nr)
			continue;
		*size = LSKEL_ELF(elf, Shdr, sections, i, sh_size);
		versions = lskel_elf_read(elf, LSKEL_ELF(elf, Shdr, sections, i, sh_offset), *size);
		if (versions)
			return versions;
	}
	*size = 0;
	return NULL;
}

/* Look for the function @name in the symbols of section @nr. A global one comes
 * before a weak one, and that before a local one, and the version that programs
 * are linked with now before others; *@rank is that of the best so far, and
 * @address its address. -ENOTUNIQ: that is two functions.
 */
static inline int lskel_elf_symbols(const struct lskel_elf *elf, const char *sections, __u64 n,
				    __u64 nr, const char *name, int *rank, __u64 *address)
{
	const __u64 strings = LSKEL_ELF(elf, Shdr, sections, nr, sh_link);
	__u64 size = LSKEL_ELF(elf, Shdr, sections, nr, sh_size), string_size, versions_size, i;
	char *symbols, *text, *versions;
	__u16 version;
	int err = 0;

	if (strings >= n)
		return 0;
	string_size = LSKEL_ELF(elf, Shdr, sections, strings, sh_size);
	symbols = lskel_elf_read(elf, LSKEL_ELF(elf, Shdr, sections, nr, sh_offset), size);
	text = lskel_elf_read(elf, LSKEL_ELF(elf, Shdr, sections, strings, sh_offset), string_size);
	versions = lskel_elf_versions(elf, sections, n, nr, &versions_size);
	for (i = 0; symbols && text && i < size / LSKEL_ELF_SIZE(elf, Sym); i++) {
		const unsigned int info = LSKEL_ELF(elf, Sym, symbols, i, st_info);
		const unsigned int string = LSKEL_ELF(elf, Sym, symbols, i, st_name);
		const __u64 value = LSKEL_ELF(elf, Sym, symbols, i, st_value);
		const int bind = ELF64_ST_BIND(info);
		int mine = bind == STB_GLOBAL ? 6 : bind == STB_WEAK ? 4 : 2;

		if (ELF64_ST_TYPE(info) != STT_FUNC || string >= string_size ||
		    LSKEL_ELF(elf, Sym, symbols, i, st_shndx) == SHN_UNDEF || strcmp(text + string, name))
			continue;
		version = 0;
		if (i < versions_size / sizeof(version))
			memcpy(&version, versions + i * sizeof(version), sizeof(version));
		mine -= version >> 15;	/* hidden */
		if (mine < *rank)
			continue;
		if (mine > *rank)
			err = 0;
		else if (value != *address)
			err = -ENOTUNIQ;
		*rank = mine;
		*address = value;
	}
	free(symbols);
	free(text);
	free(versions);
	return err;
}

/* From an address to where in the file its bytes are, by the segments */
static inline int lskel_elf_offset(const struct lskel_elf *elf, const char *header, __u64 address,
				   __u64 *offset)
{
	const __u64 n = LSKEL_ELF(elf, Ehdr, header, 0, e_phnum);
	char *segments = lskel_elf_read(elf, LSKEL_ELF(elf, Ehdr, header, 0, e_phoff),
					n * LSKEL_ELF_SIZE(elf, Phdr));
	int err = -ENOEXEC;
	__u64 i, behind;

	for (i = 0; segments && err && i < n; i++) {
		behind = address - LSKEL_ELF(elf, Phdr, segments, i, p_vaddr);
		if (LSKEL_ELF(elf, Phdr, segments, i, p_type) != PT_LOAD ||
		    behind >= LSKEL_ELF(elf, Phdr, segments, i, p_filesz))
			continue;
		*offset = behind + LSKEL_ELF(elf, Phdr, segments, i, p_offset);
		err = 0;
	}
	free(segments);
	return err;
}

/* Where the function @name begins in the file. -ENOENT: nowhere; -ENOTUNIQ: in more
 * than one place; -ENOEXEC: the file is no ELF file for this byte order, or damaged.
 */
static inline int lskel_elf_function(struct lskel_elf *elf, const char *name, __u64 *offset)
{
	char *ident = lskel_elf_read(elf, 0, EI_NIDENT), *header = NULL, *sections = NULL;
	const __u16 order = 1;
	__u64 n, nr, type, address = 0;
	int err = -ENOEXEC, rank = 0;

	if (!ident || memcmp(ident, ELFMAG, SELFMAG) ||
	    ident[EI_DATA] != (*(const char *)&order ? ELFDATA2LSB : ELFDATA2MSB))
		goto out;
	elf->wide = ident[EI_CLASS] == ELFCLASS64;
	header = lskel_elf_read(elf, 0, LSKEL_ELF_SIZE(elf, Ehdr));
	if (!header || LSKEL_ELF(elf, Ehdr, header, 0, e_shentsize) != LSKEL_ELF_SIZE(elf, Shdr) ||
	    LSKEL_ELF(elf, Ehdr, header, 0, e_phentsize) != LSKEL_ELF_SIZE(elf, Phdr))
		goto out;
	n = LSKEL_ELF(elf, Ehdr, header, 0, e_shnum);
	sections = lskel_elf_read(elf, LSKEL_ELF(elf, Ehdr, header, 0, e_shoff),
				  n * LSKEL_ELF_SIZE(elf, Shdr));
	if (!sections)
		goto out;
	for (nr = 0, err = 0; nr < n && err != -ENOTUNIQ; nr++) {
		type = LSKEL_ELF(elf, Shdr, sections, nr, sh_type);
		if (type == SHT_SYMTAB || type == SHT_DYNSYM)
			err = lskel_elf_symbols(elf, sections, n, nr, name, &rank, &address);
	}
	if (!err)
		err = rank ? lskel_elf_offset(elf, header, address, offset) : -ENOENT;
out:
	free(ident);
	free(header);
	free(sections);
	return err;
}

static inline int lskel_attach_symbol(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	char found[4096];
	const char *path = lskel_find_file(where->group, found, sizeof(found));
	__u64 offset = 0;
	struct lskel_elf elf;
	int err = 0;
	long size;

	if (where->name) {
		elf.file = fopen(path, "re");
		if (!elf.file)
			return lskel_cannot(skel, prog, -errno, "%s", path);
		fseek(elf.file, 0, SEEK_END);
		size = ftell(elf.file);
		elf.size = size < 0 ? 0 : (__u64)size;
		err = lskel_elf_function(&elf, where->name, &offset);
		fclose(elf.file);
	}
	if (err == -ENOENT)
		return lskel_cannot(skel, prog, err, "no function '%s' in %s", where->name, path);
	if (err)
		return lskel_cannot(skel, prog, err, "function '%s' in %s", where->name, path);
	return lskel_attach_file(skel, prog, where, path, offset + where->offset, how);
}

static const struct lskel_attach_kind lskel_uprobe_symbol_kind = {
	lskel_attach_symbol, LSKEL_PROBE_USER
};
static const struct lskel_attach_kind lskel_uretprobe_symbol_kind = {
	lskel_attach_symbol, LSKEL_PROBE_USER | LSKEL_PROBE_RETURN
};

#endif /* LSKEL_SYMBOL */
