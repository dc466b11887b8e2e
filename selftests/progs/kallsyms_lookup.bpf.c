// SPDX-License-Identifier: GPL-2.0-only
/* bpf_kallsyms_lookup_name() with the caller's arguments. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "lookup.h"

SEC("syscall")
int lookup(struct lookup_args *args)
{
	__u64 name[LOOKUP_NAME_MAX / 8], address = 0x5a5a5a5a5a5a5a5a;
	__u32 size = args->name_sz;

	__builtin_memcpy(name, args->name, sizeof(name));
	if (size > sizeof(name))
		return 1;
	args->ret = bpf_kallsyms_lookup_name((char *)name, size, args->flags,
					     &address);
	args->address = address;
	return 0;
}

char _license[] SEC("license") = "GPL";
