/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernels for which CO-RE relocations can be resolved: their types, and how
 * to know them.
 */
#ifndef LSKEL_TARGET_H
#define LSKEL_TARGET_H

#include "spec.h"

struct btf;

struct target {
	const char *key;	/* its release, or its build id in hexadecimal */
	const char *file;	/* for messages */
	struct btf *btf;

	/* Of the running kernel: its modules' types, once they were asked for */
	bool running, has_modules;
	VEC(struct btf *) modules;
};

/* Read the types of a kernel from @file: raw BTF, or an ELF file with a section
 * .BTF, which has a build id if @key is NULL. Returns 0 or a negative errno with
 * the reason in the sink of @spec; target_close() is needed in either case.
 */
int target_open(struct target *target, const struct spec *spec, const char *key,
		const char *file);

/* The same for the kernel that runs: from /sys/kernel/btf/vmlinux, or else where
 * a vmlinux of it may be, as libbpf knows. Says nothing if it fails.
 */
int target_running(struct target *target, const struct spec *spec);

/* BTF number @id of the running kernel, and its descriptor, if it is that of a
 * module and can be read; or NULL
 */
struct btf *target_module(const struct target *target, uint32_t id, int *fd);

/* Make modules those of the running kernel. Returns 0 or -ENOMEM. */
int target_modules(struct target *target, const struct spec *spec);

void target_close(struct target *target);

#endif /* LSKEL_TARGET_H */
