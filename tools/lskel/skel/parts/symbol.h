/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes of functions of programs and libraries, which ELF symbols name */
#ifndef LSKEL_SYMBOL
#define LSKEL_SYMBOL

/* The versions of the symbols in section @nr, to be freed; NULL: they have none */
static inline char *lskel_elf_versions(const struct lskel_elf *elf, __u64 nr, __u64 *size)
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

/* Look for the function @name in the symbols of section @nr. A global one comes
 * before a weak one, and that before a local one, and the version that programs
 * are linked with now before others; *@rank is that of the best so far, and
 * @address its address. -ENOTUNIQ: that is two functions.
 */
static inline int lskel_elf_symbols(const struct lskel_elf *elf, __u64 nr, const char *name, int *rank,
				    __u64 *address)
{
	const __u64 strings = LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_link);
	__u64 size, string_size, versions_size, i;
	char *symbols, *text, *versions;
	__u16 version;
	int err = 0;

	if (strings >= elf->nr_sections)
		return 0;
	symbols = lskel_elf_section(elf, nr, &size);
	text = lskel_elf_section(elf, strings, &string_size);
	versions = lskel_elf_versions(elf, nr, &versions_size);
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

/* Where the function @name begins in the file. -ENOENT: nowhere; -ENOTUNIQ: in more
 * than one place; -ENOEXEC: the file is damaged.
 */
static inline int lskel_elf_function(const struct lskel_elf *elf, const char *name, __u64 *offset)
{
	__u64 nr, type, address = 0;
	int err = 0, rank = 0;

	for (nr = 0; nr < elf->nr_sections && err != -ENOTUNIQ; nr++) {
		type = LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_type);
		if (type == SHT_SYMTAB || type == SHT_DYNSYM)
			err = lskel_elf_symbols(elf, nr, name, &rank, &address);
	}
	if (err)
		return err;
	return rank ? lskel_elf_offset(elf, address, 0, offset) : -ENOENT;
}

static inline int lskel_attach_symbol(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	char found[4096];
	const char *path = lskel_find_file(where->group, found, sizeof(found));
	__u64 offset = 0;
	struct lskel_elf elf;
	int err = 0;

	if (where->name) {
		err = lskel_elf_open(&elf, fopen(path, "re"));
		if (err && err != -ENOEXEC)
			return lskel_cannot(skel, prog, err, "%s", path);
		if (!err) {
			err = lskel_elf_function(&elf, where->name, &offset);
			lskel_elf_close(&elf);
		}
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
