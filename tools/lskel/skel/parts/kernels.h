/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Kernels for which the CO-RE relocations were resolved when the skeleton was made */
#ifndef LSKEL_KERNELS
#define LSKEL_KERNELS

/* An instruction that refers to what the kernel does not have */
struct lskel_missing {
	__u32 step, insn;
	const char *what;
};

/* What is different in the blobs, by loader. The bytes of a piece are entries: how
 * many bytes of the blob to leave alone, how many to replace, and these.
 */
struct lskel_patch {
	const struct lskel_image *loaders;
	const struct lskel_missing *missing;
	__u32 nr_missing;
};

struct lskel_kernel {
	const char *key;	/* release or build id */
	const struct lskel_patch *patch;
	const struct lskel_layout *layouts;	/* of tables of operations; 0: none */
};

struct lskel_kernels {
	const struct lskel_kernel *items;
	__u32 n;
};

/* The build id in the kernel's notes in hexadecimal, or "" */
static inline void lskel_build_id(char *hex, size_t size)
{
	FILE *file = fopen("/sys/kernel/notes", "re");
	unsigned char notes[4096];
	size_t len = file ? fread(notes, 1, sizeof(notes), file) : 0, at = 0, name, i;
	__u32 note[3];		/* size of the name, size of what follows, type */

	hex[0] = 0;
	while (at + sizeof(note) < len) {
		memcpy(note, notes + at, sizeof(note));
		if (note[0] > len || note[1] > len)
			break;
		name = at + sizeof(note);
		at = name + (note[0] + 3) / 4 * 4;
		if (at + note[1] > len)
			break;
		if (note[2] == 3 && note[0] == 4 && !memcmp(notes + name, "GNU", 4)) {
			for (i = 0; i < note[1] && 2 * i + 2 < size; i++)
				snprintf(hex + 2 * i, 3, "%02x", notes[at + i]);
			break;
		}
		at += (note[1] + 3) / 4 * 4;
	}
	if (file)
		fclose(file);
}

static inline const struct lskel_kernel *lskel_kernel_of(const struct lskel *skel, const char *key)
{
	const struct lskel_kernels *kernels = skel->object->kernels;
	__u32 i;

	for (i = 0; i < kernels->n; i++)
		if (!strcmp(kernels->items[i].key, key))
			return &kernels->items[i];
	return NULL;
}

/* The one that runs; NULL: it was not thought of */
static inline const struct lskel_kernel *lskel_find_kernel(const struct lskel *skel)
{
	const struct lskel_kernel *kernel = NULL;
	struct utsname uts;
	char id[130];

	if (!uname(&uts))
		kernel = lskel_kernel_of(skel, uts.release);
	if (!kernel) {
		lskel_build_id(id, sizeof(id));
		kernel = lskel_kernel_of(skel, id);
	}
	return kernel;
}

/* What to change for it */
static inline const struct lskel_patch *lskel_find_patch(const struct lskel *skel)
{
	const struct lskel_kernel *kernel = lskel_find_kernel(skel);

	return kernel ? kernel->patch : NULL;
}

static inline int lskel_choose_kernel(struct lskel *skel, int *slots)
{
	const struct lskel_kernel *kernel = lskel_find_kernel(skel);

	(void)slots;
	skel->layouts = kernel ? kernel->layouts : NULL;
	return 0;
}

static inline int lskel_apply_patch(struct lskel *skel, struct lskel_ready *ready,
				    const int *slots)
{
	const struct lskel_patch *patch = lskel_find_patch(skel);
	const struct lskel_image *image;
	__u32 i, at, to;

	(void)slots;
	if (!patch)
		return 0;
	image = &patch->loaders[ready->loader - skel->object->loaders];
	for (i = 0; i < image->nr_pieces; i++) {
		const struct lskel_piece *piece = &image->pieces[i];
		const unsigned char *bytes = (const unsigned char *)piece->bytes;

		for (at = 0, to = piece->offset; at < piece->size; at += 2U + bytes[at + 1]) {
			to += bytes[at];
			memcpy(ready->blob + to, bytes + at + 2, bytes[at + 1]);
			to += bytes[at + 1];
		}
	}
	return 0;
}

static inline void lskel_kernels_tell(struct lskel *skel, const struct lskel_ready *ready,
				      const struct lskel_step *step, int err)
{
	const struct lskel_kernels *kernels = skel->object->kernels;
	const struct lskel_patch *patch = lskel_find_patch(skel);
	const __u32 nr = (__u32)(step - skel->object->steps);
	const __u32 insn = lskel_poisoned(lskel_log(skel));
	__u32 i;

	(void)err;
	for (i = 0; patch && i < patch->nr_missing; i++)
		if (patch->missing[i].step == nr && patch->missing[i].insn == insn)
			lskel_go_on(skel, ": %s", patch->missing[i].what);
	if (!patch && lskel_relocations(ready, step))
		for (i = 0; i < kernels->n; i++)
			lskel_go_on(skel, "%s%s", i ? ", " : "; it was made for ",
				    kernels->items[i].key);
}

static const struct lskel_part lskel_kernels_part = {
	lskel_choose_kernel, lskel_apply_patch, 0, 0, lskel_kernels_tell, 0, 0, 0, 0
};

#endif /* LSKEL_KERNELS */
