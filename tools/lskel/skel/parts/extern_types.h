/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Are the variables that a program refers to of the kind that it takes them for? */
#ifndef LSKEL_EXTERN_TYPES
#define LSKEL_EXTERN_TYPES

/* Symbols of modules are taken as they are, and all if the kernel's types cannot be
 * read, or some of their kinds are newer.
 */
static inline int lskel_check_types(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	struct lskel_kernel_btf kernel;
	bool open = false;
	__u32 i, kind;
	int err = 0;

	for (i = 0; i < object->nr_externs && !err; i++) {
		const struct lskel_extern *ext = &object->externs[i];

		if (ext->kind != LSKEL_EXTERN_VAR || ext->slot == LSKEL_NONE ||
		    slots[ext->slot] <= 0 || slots[ext->slot + 1] > 0)
			continue;
		if (!open && lskel_kernel_btf_open(&kernel))
			return 0;
		open = true;
		kind = lskel_essence(&kernel, (__u32)slots[ext->slot]);
		if (!lskel_same_kind(ext->type, kind))
			err = lskel_fail(skel, -EINVAL, "variable '%s' is %s in the kernel's BTF, not %s%s%s%s",
					 ext->name, lskel_kind_name(kind), lskel_kind_name(ext->type),
					 ext->type_name[0] ? " (" : "", ext->type_name,
					 ext->type_name[0] ? ")" : "");
	}
	if (open)
		lskel_kernel_btf_close(&kernel);
	return err;
}

/* What was looked for, and what else has its name */
static inline void lskel_found_instead(struct lskel *skel, const struct lskel_extern *ext, int err)
{
	const char *what = ext->kind == LSKEL_EXTERN_FUNC ? "function" : "variable";
	const char *instead = "nothing";
	struct lskel_kernel_btf kernel;
	struct lskel_type type;
	__u32 at;

	if (lskel_kernel_btf_open(&kernel)) {
		lskel_fail(skel, err, "cannot find %s '%s' in the kernel's BTF: %s (errno %d)", what,
			   ext->name, strerror(-err), -err);
		lskel_tell_btf(skel);
		return;
	}
	for (at = kernel.btf.types; lskel_btf_next(&kernel.btf, &at, &type);)
		if (!strcmp(lskel_btf_name(&kernel.btf, type.name), ext->name))
			instead = lskel_kind_name(lskel_btf_kind(&type));
	lskel_fail(skel, err, "cannot find %s '%s' in the kernel's BTF: %s (errno %d); it has %s of"
		   " that name", what, ext->name, strerror(-err), -err, instead);
	lskel_kernel_btf_close(&kernel);
}

/* The verifier's words are not about types, if they are the reason. */
static inline void lskel_tell_types(struct lskel *skel, const struct lskel_ready *ready,
				    const struct lskel_step *step, int err)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; step->kind == LSKEL_STEP_FIND_BTF && i < object->nr_externs; i++)
		if (object->externs[i].slot == step->slot)
			lskel_found_instead(skel, &object->externs[i], err);
	if (step->kind == LSKEL_STEP_PROG_LOAD)
		lskel_check_types(skel, ready->slots);
}

static const struct lskel_part lskel_extern_types_part = {
	0, 0, lskel_check_types, 0, lskel_tell_types, 0, 0, 0
};

#endif /* LSKEL_EXTERN_TYPES */
