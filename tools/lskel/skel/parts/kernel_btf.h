/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The kernel's types: are the variables that a program refers to of the kind that
 * it takes them for?
 */
#ifndef LSKEL_KERNEL_BTF
#define LSKEL_KERNEL_BTF

struct lskel_kernel_btf {
	struct lskel_btf btf;
	char *data;
	size_t size;
	bool mapped;
	__u32 *at;		/* places of the types, by id - 1 */
	__u32 nr;
};

static inline void lskel_kernel_btf_close(struct lskel_kernel_btf *kernel)
{
	if (kernel->mapped)
		munmap(kernel->data, kernel->size);
	else
		free(kernel->data);
	free(kernel->at);
}

/* -EOPNOTSUPP: a type is of a kind that is not known here, and with it the size of what
 * is behind it.
 */
static inline int lskel_kernel_btf_index(struct lskel_kernel_btf *kernel)
{
	struct lskel_type type;
	__u32 at = kernel->btf.types;

	kernel->at = (__u32 *)calloc((kernel->btf.end - at) / sizeof(type) + 1, sizeof(at));
	if (!kernel->at)
		return -ENOMEM;
	for (kernel->at[0] = at; lskel_btf_next(&kernel->btf, &at, &type);)
		kernel->at[++kernel->nr] = at;
	return at == kernel->btf.end ? 0 : -EOPNOTSUPP;
}

/* Kernels before 6.16 cannot map the file, and give at most a page at a time. */
static inline int lskel_kernel_btf_open(struct lskel_kernel_btf *kernel)
{
	const int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | LSKEL_O_CLOEXEC);
	size_t done = 0;
	struct stat st;
	ssize_t n = 0;
	void *map;
	int err;

	memset(kernel, 0, sizeof(*kernel));
	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err) {
		kernel->size = (size_t)st.st_size;
		map = mmap(NULL, kernel->size, PROT_READ, MAP_PRIVATE, fd, 0);
		kernel->mapped = map != MAP_FAILED;
		kernel->data = kernel->mapped ? (char *)map : (char *)malloc(kernel->size + 1);
	}
	if (!err && !kernel->data)
		err = -ENOMEM;
	while (!err && !kernel->mapped && done < kernel->size) {
		n = read(fd, kernel->data + done, kernel->size - done);
		if (n <= 0)
			err = n ? -errno : -EINVAL;
		else
			done += (size_t)n;
	}
	close(fd);
	if (!err)
		err = lskel_btf_init(&kernel->btf, kernel->data, kernel->size);
	if (!err)
		err = lskel_kernel_btf_index(kernel);
	if (err)
		lskel_kernel_btf_close(kernel);
	return err;
}

static inline const char *lskel_kind_name(__u32 kind)
{
	static const char *const names[] = {
		"void", "an integer", "a pointer", "an array", "a struct", "a union", "an enum",
		"a struct", "a typedef", "volatile", "const", "restrict", "a function",
		"a function's type", "a variable", "a section", "a floating-point number", "a tag",
		"a tag", "an enum"
	};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "a type";
}

/* The kind of type @id behind names and qualifiers; 0: void, or no such type */
static inline __u32 lskel_essence(const struct lskel_kernel_btf *kernel, __u32 id)
{
	struct lskel_type type;
	__u32 at, kind;
	int depth;

	for (depth = 0; depth < 64 && id && id <= kernel->nr; depth++) {
		at = kernel->at[id - 1];
		if (!lskel_btf_next(&kernel->btf, &at, &type))
			break;
		kind = lskel_btf_kind(&type);
		if (kind != 8 /* typedef */ && kind != 9 /* volatile */ && kind != 10 /* const */ &&
		    kind != 11 /* restrict */ && kind != 18 /* type tag */ && kind != 14 /* variable */)
			return kind;
		id = type.type;
	}
	return 0;
}

/* Integers go with integers, and so on; what is declared only, with structures */
static inline bool lskel_same_kind(__u32 ours, __u32 kernels)
{
	if (ours == 7)
		return kernels == 4 || kernels == 5;
	if (ours == 19)
		ours = 6;
	return ours == (kernels == 19 ? 6 : kernels);
}

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

static const struct lskel_part lskel_kernel_btf_part = {
	0, 0, lskel_check_types, 0, lskel_tell_types, 0
};

#endif /* LSKEL_KERNEL_BTF */
