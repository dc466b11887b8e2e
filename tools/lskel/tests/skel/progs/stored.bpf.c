// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A map that the kernel takes with its types or not at all */
#include "progs.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} stored SEC(".maps");

SEC("cgroup/sock_create")
int create(struct bpf_sock *ctx)
{
	return !!bpf_sk_storage_get(&stored, ctx, 0, BPF_SK_STORAGE_GET_F_CREATE);
}
