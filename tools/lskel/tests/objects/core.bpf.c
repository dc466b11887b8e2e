// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* CO-RE relocations: of programs, of a function that two of them call and of
 * one that is called by nobody, against the types in tests/calls/kernel.c
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct core_inner___small {
	unsigned int bits : 5;
	short list[3];
} __attribute__((preserve_access_index));

struct core_outer {
	struct core_inner___small *inner;
	long gone;
	unsigned int narrow;
} __attribute__((preserve_access_index));

struct core_twice {
	int both, one;
} __attribute__((preserve_access_index));

enum core_value {
	CORE_VALUE = 1,
	CORE_GONE = 2,
};

int seen;
char LICENSE[] SEC("license") = "GPL";

static __attribute__((noinline)) int list(struct core_outer *outer)
{
	struct core_inner___small *inner = BPF_CORE_READ(outer, inner);

#ifndef NO_BIT_FIELDS
	seen += BPF_CORE_READ_BITFIELD_PROBED(inner, bits);
#endif
	return BPF_CORE_READ(inner, list[2]);
}

SEC("raw_tp/sys_enter") int enter(struct core_outer *outer)
{
	seen += bpf_core_type_id_local(struct core_outer) + bpf_core_type_id_kernel(struct core_outer) +
		bpf_core_type_size(struct core_outer) + bpf_core_type_exists(struct core_twice);
	if (bpf_core_field_exists(outer->gone))
		seen += (long)&outer->gone;
	return list(outer);
}

SEC("raw_tp/sys_exit") int leave(struct core_outer *outer)
{
	struct core_twice *twice = (void *)outer;

	seen = bpf_core_enum_value(enum core_value, CORE_VALUE);
	if (bpf_core_enum_value_exists(enum core_value, CORE_GONE))
		seen = bpf_core_enum_value(enum core_value, CORE_GONE);
	/* Only one of the candidates has this, so the other cannot disagree */
	seen += BPF_CORE_READ(twice, one);
	seen += BPF_CORE_READ(twice, both);
	return list(outer) + BPF_CORE_READ(outer, narrow);
}

SEC("?raw_tp/sys_exit") int optional(struct core_outer *outer)
{
	return BPF_CORE_READ(outer, gone);
}
