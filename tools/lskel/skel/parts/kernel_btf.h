/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The kernel's types, by id */
#ifndef LSKEL_KERNEL_BTF
#define LSKEL_KERNEL_BTF

struct lskel_kernel_btf {
	struct lskel_btf btf;
	char *data;
	size_t size;
	bool mapped;
	/* Of a module: the kernel's own, whose ids are before its; else NULL */
	const struct lskel_kernel_btf *base;
	__u32 *at;		/* places of the types, by id - 1, or behind the base's */
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

/* The type @id without what is behind it; false: there is none */
static inline bool lskel_type_of(const struct lskel_kernel_btf *kernel, __u32 id,
				 struct lskel_type *type)
{
	__u32 before = kernel->base ? kernel->base->nr : 0;
	__u32 at;

	if (kernel->base && id <= before) {
		kernel = kernel->base;
		before = 0;
	}
	if (!id || id - before > kernel->nr)
		return false;
	at = kernel->at[id - before - 1];
	return lskel_btf_next(&kernel->btf, &at, type);
}

/* The id of what is behind names and qualifiers of type @id, which @type becomes; 0:
 * void, or no such type
 */
static inline __u32 lskel_behind(const struct lskel_kernel_btf *kernel, __u32 id,
				 struct lskel_type *type)
{
	__u32 kind;
	int depth;

	for (depth = 0; depth < 64 && lskel_type_of(kernel, id, type); depth++) {
		kind = lskel_btf_kind(type);
		if (kind != 8 /* typedef */ && kind != 9 /* volatile */ && kind != 10 /* const */ &&
		    kind != 11 /* restrict */ && kind != 18 /* type tag */ && kind != 14 /* variable */)
			return id;
		id = type->type;
	}
	return 0;
}

/* Its kind, or 0 */
static inline __u32 lskel_essence(const struct lskel_kernel_btf *kernel, __u32 id)
{
	struct lskel_type type;

	return lskel_behind(kernel, id, &type) ? lskel_btf_kind(&type) : 0;
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

#endif /* LSKEL_KERNEL_BTF */
