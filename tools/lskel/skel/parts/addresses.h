/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the helper that looks symbols up cannot do: kernels before 5.16 have none, and
 * it takes a symbol at address 0, like __per_cpu_start, for none.
 */
#ifndef LSKEL_ADDRESSES
#define LSKEL_ADDRESSES

/* What FIND_KSYM steps would find, where they would have it in the blob */
static inline int lskel_find_addresses(struct lskel *skel, const struct lskel_ready *ready)
{
	const struct lskel_object *object = skel->object;
	const struct lskel_loader *loader = ready->loader;
	struct lskel_symbol *symbols = (struct lskel_symbol *)calloc(object->nr_externs + 1,
								     sizeof(*symbols));
	__u32 i, step, nr = 0;
	int err;

	if (!symbols)
		return lskel_nomem(skel);
	for (i = 0; i < object->nr_externs; i++)
		if (object->externs[i].kind == LSKEL_EXTERN_ADDRESS)
			symbols[nr++].name = object->externs[i].name;
	err = lskel_kallsyms(symbols, nr);
	if (err)
		lskel_fail(skel, err, "cannot learn addresses of symbols from /proc/kallsyms:");
	if (err == -EPERM)
		lskel_go_on(skel, "; it needs CAP_SYSLOG, or kernel.kptr_restrict is 2");
	for (i = 0, nr = 0; i < object->nr_externs && !err; i++) {
		const struct lskel_extern *ext = &object->externs[i];
		const struct lskel_symbol *symbol = &symbols[nr];

		if (ext->kind != LSKEL_EXTERN_ADDRESS)
			continue;
		nr++;
		if (ext->slot == LSKEL_NONE || ready->slots[ext->slot] == LSKEL_SLOT_SKIP)
			continue;
		if (!symbol->found && !ext->weak)
			err = lskel_fail(skel, -ENOENT, "cannot find symbol '%s' in /proc/kallsyms",
					 ext->name);
		for (step = loader->first; step < loader->first + loader->nr_steps; step++)
			if (object->steps[step].kind == LSKEL_STEP_FIND_KSYM &&
			    object->steps[step].slot == ext->slot)
				memcpy(ready->blob + object->steps[step].attr, &symbol->address,
				       sizeof(symbol->address));
	}
	free(symbols);
	return err;
}

/* They take no loader that calls it: let the calls do nothing, as all is done. */
static inline int lskel_replace_lookups(struct lskel *skel, const struct lskel_ready *ready,
					char *insns, __u32 size)
{
	static const struct {
		__u8 code, regs;
		__s16 off;
		__s32 imm;
	} call = { 0x85, 0, 0, 179 /* kallsyms_lookup_name */ }, zero = { 0xb7, 0, 0, 0 };
	int any = 0, err;
	__u32 at;

	for (at = 0; at < size; at += sizeof(call))
		if (!memcmp(insns + at, &call, sizeof(call))) {
			memcpy(insns + at, &zero, sizeof(zero));
			any = 1;
		}
	err = any ? lskel_find_addresses(skel, ready) : 0;
	return err ? err : any;
}

static inline int lskel_check_addresses(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;
	int err;

	for (i = 0; i < object->nr_externs; i++) {
		const struct lskel_extern *ext = &object->externs[i];
		struct lskel_symbol symbol = { ext->name, false, 0 };

		err = ext->kind != LSKEL_EXTERN_ADDRESS || ext->weak || ext->slot == LSKEL_NONE ? 0 :
		      slots[ext->slot];
		if (err >= 0 || err == LSKEL_SLOT_SKIP)
			continue;
		if (err != -ENOENT || lskel_kallsyms(&symbol, 1) || !symbol.found)
			return lskel_fail(skel, err, "cannot find symbol '%s' of the kernel:", ext->name);
	}
	return 0;
}

static const struct lskel_part lskel_addresses_part = {
	0, 0, lskel_check_addresses, 0, 0, lskel_replace_lookups, 0, 0, 0
};

#endif /* LSKEL_ADDRESSES */
