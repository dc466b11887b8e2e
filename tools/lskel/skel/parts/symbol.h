/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Functions of programs and libraries, which ELF symbols name */
#ifndef LSKEL_SYMBOL
#define LSKEL_SYMBOL

/* The versions of the symbols in section @nr, to be freed; NULL: they have none */
static inline char *lskel_elf_versions(struct lskel_elf *elf, __u64 nr, __u64 *size)
{
	char *versions;
	__u64 i;

	for (i = 0; i < elf->nr_sections; i++) {
		if (LSKEL_ELF(elf, Shdr, elf->sections, i, sh_type) != SHT_GNU_versym ||
		    LSKEL_ELF(elf, Shdr, elf->sections, i, sh_link) != nr)
			continue;
		versions = lskel_elf_section(elf, i, size);
		if (versions)
			return versions;
	}
	*size = 0;
	return NULL;
}

/* A section of symbols; without any if it has no such, or is damaged */
struct lskel_symbols {
	char *table, *text;
	__u64 n, text_size;
};

static inline void lskel_symbols_end(struct lskel_symbols *symbols)
{
	free(symbols->table);
	free(symbols->text);
}

static inline void lskel_symbols_begin(struct lskel_elf *elf, __u64 nr, struct lskel_symbols *symbols)
{
	const __u64 type = LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_type);
	const __u64 strings = LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_link);
	__u64 size;

	memset(symbols, 0, sizeof(*symbols));
	if ((type != SHT_SYMTAB && type != SHT_DYNSYM) || strings >= elf->nr_sections)
		return;
	symbols->table = lskel_elf_section(elf, nr, &size);
	symbols->text = lskel_elf_section(elf, strings, &symbols->text_size);
	if (symbols->table && symbols->text)
		symbols->n = size / LSKEL_ELF_SIZE(elf, Sym);
}

/* The name of symbol @i if it is a function, and defined here; or NULL */
static inline const char *lskel_symbols_function(const struct lskel_elf *elf,
						 const struct lskel_symbols *symbols, __u64 i)
{
	const unsigned int info = LSKEL_ELF(elf, Sym, symbols->table, i, st_info);
	const __u64 name = LSKEL_ELF(elf, Sym, symbols->table, i, st_name);

	return ELF64_ST_TYPE(info) == STT_FUNC && name < symbols->text_size &&
	       LSKEL_ELF(elf, Sym, symbols->table, i, st_shndx) != SHN_UNDEF ? symbols->text + name : NULL;
}

/* Look for the function @name in the symbols of section @nr. A global one comes
 * before a weak one, and that before a local one, and the version that programs
 * are linked with now before others; *@rank is that of the best so far, and
 * @address its address. -ENOTUNIQ: that is two functions.
 */
static inline int lskel_elf_symbols(struct lskel_elf *elf, __u64 nr, const char *name, int *rank,
				    __u64 *address)
{
	struct lskel_symbols symbols;
	__u64 versions_size, i;
	char *versions;
	__u16 version;
	int err = 0;

	lskel_symbols_begin(elf, nr, &symbols);
	versions = lskel_elf_versions(elf, nr, &versions_size);
	for (i = 0; i < symbols.n; i++) {
		const unsigned int info = LSKEL_ELF(elf, Sym, symbols.table, i, st_info);
		const __u64 value = LSKEL_ELF(elf, Sym, symbols.table, i, st_value);
		const char *its_name = lskel_symbols_function(elf, &symbols, i);
		const int bind = ELF64_ST_BIND(info);
		int mine = bind == STB_GLOBAL ? 6 : bind == STB_WEAK ? 4 : 2;

		if (!its_name || strcmp(its_name, name))
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
	lskel_symbols_end(&symbols);
	free(versions);
	return err;
}

/* Where the function @name begins in the file. -ENOENT: nowhere; -ENOTUNIQ: in more
 * than one place; -ENOEXEC: the file is damaged; -ENOMEM.
 */
static inline int lskel_elf_function(struct lskel_elf *elf, const char *name, __u64 *offset)
{
	__u64 nr, address = 0;
	int err = 0, rank = 0;

	for (nr = 0; nr < elf->nr_sections && err != -ENOTUNIQ; nr++)
		err = lskel_elf_symbols(elf, nr, name, &rank, &address);
	if (!err)
		err = rank ? lskel_elf_offset(elf, address, 0, offset) : -ENOENT;
	return elf->no_memory ? -ENOMEM : err;
}

/* Why the function @name of the file @path was not found */
static inline int lskel_no_function(struct lskel *skel, const struct lskel_prog_desc *prog, int err,
				    const char *name, const char *path)
{
	return lskel_cannot(skel, prog, err, "%sfunction '%s' in %s", err == -ENOENT ? "no " : "", name, path);
}

#endif /* LSKEL_SYMBOL */
