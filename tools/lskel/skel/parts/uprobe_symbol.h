/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes of functions of programs and libraries */
#ifndef LSKEL_UPROBE_SYMBOL
#define LSKEL_UPROBE_SYMBOL

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
	if (err)
		return lskel_no_function(skel, prog, err, where->name, path);
	return lskel_attach_file(skel, prog, where, path, offset + where->offset, how);
}

static const struct lskel_attach_kind lskel_uprobe_symbol_kind = {
	lskel_attach_symbol, LSKEL_PROBE_USER
};
static const struct lskel_attach_kind lskel_uretprobe_symbol_kind = {
	lskel_attach_symbol, LSKEL_PROBE_USER | LSKEL_PROBE_RETURN
};

#endif /* LSKEL_UPROBE_SYMBOL */
