// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Helpers and probes that a kernel may hide from everyone */
#include "progs.h"

__u64 value;

SEC("?kprobe/__x64_sys_getpgid")
int probe(void *ctx)
{
	return 0;
}

SEC("?tp/syscalls/sys_enter_getpgid")
int reads(void *ctx)
{
	return bpf_probe_read_kernel(&value, sizeof(value), ctx);
}

/* No program of its kind has that one */
SEC("?tp/syscalls/sys_enter_getpgid")
int redirects(void *ctx)
{
	return bpf_redirect(1, 0);
}

SEC("?tp/syscalls/sys_enter_getpgid")
int writes(void *ctx)
{
	return bpf_probe_write_user(ctx, &value, sizeof(value));
}
