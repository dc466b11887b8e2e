// SPDX-License-Identifier: GPL-2.0-only
/* bpf_btf_find_by_name_kind() with the caller's arguments. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "lookup.h"

SEC("syscall")
int find(struct lookup_args *args)
{
	__u64 name[LOOKUP_NAME_MAX / 8];
	__u64 last = args->name_sz;

	__builtin_memcpy(name, args->name, sizeof(name));
	/* The verifier wants a size of at least 1: last + 1 */
	last--;
	barrier_var(last);
	if (last >= sizeof(name))
		return 1;
	args->ret = bpf_btf_find_by_name_kind((char *)name, last + 1,
					      args->kind, args->flags);
	return 0;
}

SEC("syscall")
int find_all_kinds(struct lookup_kinds_args *args)
{
	__u64 name[LOOKUP_NAME_MAX / 8];
	__u64 last = args->name_sz;
	int kind;

	__builtin_memcpy(name, args->name, sizeof(name));
	last--;
	barrier_var(last);
	if (last >= sizeof(name))
		return 1;
#pragma unroll
	for (kind = 0; kind < LOOKUP_KINDS; kind++)
		args->ret[kind] = bpf_btf_find_by_name_kind((char *)name,
							    last + 1, kind, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
