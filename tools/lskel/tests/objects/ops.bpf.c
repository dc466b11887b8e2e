// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tables of operations, of which two have a program, with members in another order
 * than the kernel's
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct handler_ops {
	int (*first)(void *thing);
	unsigned int flags;
	int (*second)(void *thing);
	char name[8];
};

static __attribute__((noinline)) int twice(int n)
{
	return n * 2;
}

SEC("struct_ops/one") int one(unsigned long long *ctx)
{
	return twice(ctx[0]);
}

SEC("struct_ops") int two(unsigned long long *ctx)
{
	return twice(ctx[1]);
}

SEC(".struct_ops") struct handler_ops handler = {
	.name = "one", .flags = 1, .first = (void *)one, .second = (void *)two,
};

SEC(".struct_ops") struct handler_ops a_name_that_is_too_long = {
	.name = "other", .second = (void *)two,
};
