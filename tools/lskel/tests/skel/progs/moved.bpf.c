// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* CO-RE relocations of types that only the kernels of moved_kernel.c have */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct lskel_moved___mine {
	short first;
	long second;
	int gone;
} __attribute__((preserve_access_index));

enum lskel_moved_value {
	LSKEL_MOVED = 3,
};

int runs;

static __attribute__((noinline)) int second(const struct lskel_moved___mine *moved)
{
	return (long)&moved->second;
}

/* Offset of second, value of LSKEL_MOVED, and whether there is a third member, as
 * digits
 */
SEC("syscall") int digits(void *ctx)
{
	const struct lskel_moved___mine *moved = 0;
	int n = second(moved) * 100 + bpf_core_enum_value(enum lskel_moved_value, LSKEL_MOVED) * 10;

	runs++;
	if (bpf_core_field_exists(moved->gone))
		n += (long)&moved->gone > 8;
	return n;
}

SEC("?syscall") int gone(void *ctx)
{
	const struct lskel_moved___mine *moved = 0;

	return (long)&moved->gone;
}
