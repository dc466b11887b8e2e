// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A table of operations, for kernels of which one does not have all of it */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct handler_ops___mine {
	int (*second)(void *thing);
	char name[8];
	int (*first)(void *thing);
	unsigned long flags;
};

SEC("struct_ops/one")
int one(void *ctx)
{
	return 1;
}

SEC("?struct_ops/two")
int two(void *ctx)
{
	return 2;
}

SEC(".struct_ops")
struct handler_ops___mine handler = {
	.name = "mine",
	.first = one,
	.second = two,
	.flags = 5,
};
