// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The types of kernels for ops.bpf.c */

struct handler_ops {
#ifdef NEW
	long padding;
	unsigned long flags;
	char name[8];
	int (*second)(void *thing);
#else
	char name[8];
	unsigned long flags;
#endif
	int (*first)(void *thing);
};

struct bpf_struct_ops_handler_ops {
	int state;
	struct handler_ops data __attribute__((aligned(64)));
} x;
