// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .maps+0x100 symbol m9: maps in maps are nested more than 8 deep
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
};

struct outer {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct inner);
};

/* The outermost comes first: what there is already is not deep. */
#define IN(lower, upper) \
	extern struct outer lower; \
	struct outer upper SEC(".maps") = { .values = { (void *)&lower } }

IN(m1, m0);
IN(m2, m1);
IN(m3, m2);
IN(m4, m3);
IN(m5, m4);
IN(m6, m5);
IN(m7, m6);
IN(m8, m7);
IN(m9, m8);
struct outer m9 SEC(".maps");
