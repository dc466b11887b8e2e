/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Are the variables that a program refers to of the kind that it takes them for? */
#ifndef LSKEL_EXTERN_TYPES
#define LSKEL_EXTERN_TYPES

/* The types of the module whose BTF object is @fd, behind those of @kernel */
static inline int lskel_module_btf_open(struct lskel_kernel_btf *module,
					const struct lskel_kernel_btf *kernel, int fd)
{
	__u32 size;
	int err;

	memset(module, 0, sizeof(*module));
	module->base = kernel;
	err = lskel_btf_read(fd, &module->data, &size);
	if (!err)
		err = lskel_btf_init(&module->btf, module->data, size);
	if (!err)
		err = lskel_kernel_btf_index(module);
	if (err)
		lskel_kernel_btf_close(module);
	return err;
}

/* @found is its slot, and behind it the descriptor of its module's BTF, if it has one */
static inline int lskel_check_type(struct lskel *skel, const struct lskel_extern *ext,
				   const struct lskel_kernel_btf *kernel, const int *found)
{
	struct lskel_kernel_btf module;
	__u32 kind;

	if (found[1] <= 0) {
		kind = lskel_essence(kernel, (__u32)found[0]);
	} else {
		if (lskel_module_btf_open(&module, kernel, found[1]))
			return 0;
		kind = lskel_essence(&module, (__u32)found[0]);
		lskel_kernel_btf_close(&module);
	}
	if (lskel_same_kind(ext->type, kind))
		return 0;
	return lskel_fail(skel, -EINVAL, "variable '%s' is %s in the %s BTF, not %s%s%s%s", ext->name,
			  lskel_kind_name(kind), found[1] > 0 ? "module's" : "kernel's",
			  lskel_kind_name(ext->type), ext->type_name[0] ? " (" : "", ext->type_name,
			  ext->type_name[0] ? ")" : "");
}

/* Taken as they are is what has types that cannot be read, or some of newer kinds. */
static inline int lskel_check_types(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	struct lskel_kernel_btf kernel;
	bool open = false;
	int err = 0;
	__u32 i;

	for (i = 0; i < object->nr_externs && !err; i++) {
		const struct lskel_extern *ext = &object->externs[i];

		if (ext->kind != LSKEL_EXTERN_VAR || ext->slot == LSKEL_NONE ||
		    slots[ext->slot] <= 0)
			continue;
		if (!open && lskel_kernel_btf_open(&kernel))
			return 0;
		open = true;
		err = lskel_check_type(skel, ext, &kernel, &slots[ext->slot]);
	}
	if (open)
		lskel_kernel_btf_close(&kernel);
	return err;
}

/* What was looked for, and what else has its name */
static inline void lskel_found_instead(struct lskel *skel, const struct lskel_extern *ext, int err)
{
	const char *what = ext->kind == LSKEL_EXTERN_FUNC ? "function" : "variable";
	const char *instead = NULL;
	struct lskel_kernel_btf kernel;
	struct lskel_type type;
	__u32 at;

	if (lskel_kernel_btf_open(&kernel)) {
		lskel_fail(skel, err, "cannot find %s '%s' in the kernel's BTF:", what, ext->name);
		lskel_tell_btf(skel, err);
		return;
	}
	for (at = kernel.btf.types; lskel_btf_next(&kernel.btf, &at, &type);)
		if (!strcmp(lskel_btf_name(&kernel.btf, type.name), ext->name))
			instead = lskel_kind_name(lskel_btf_kind(&type));
	lskel_fail(skel, err, "cannot find %s '%s' in the kernel's BTF:", what, ext->name);
	lskel_go_on(skel, "; it has %s of that name%s", instead ? instead : "nothing",
		    instead ? "" : ", nor has a module's");
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
	0, 0, lskel_check_types, 0, lskel_tell_types, 0, 0, 0, 0
};

#endif /* LSKEL_EXTERN_TYPES */
