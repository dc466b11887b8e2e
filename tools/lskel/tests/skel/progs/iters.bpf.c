// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Iterators that are told of what */
#include "progs.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

int elements, cgroups, tasks;

struct bpf_iter__sockmap {
	void *meta, *map, *key, *sk;
};

SEC("iter/sockmap")
int walk_sockets(struct bpf_iter__sockmap *ctx)
{
	if (ctx->key)
		elements++;
	return 0;
}

struct bpf_iter__cgroup {
	void *meta, *cgroup;
};

SEC("?iter/cgroup")
int walk_cgroups(struct bpf_iter__cgroup *ctx)
{
	if (ctx->cgroup)
		cgroups++;
	return 0;
}

struct bpf_iter__task {
	void *meta, *task;
};

SEC("iter/task")
int walk_tasks(struct bpf_iter__task *ctx)
{
	if (ctx->task)
		tasks++;
	return 0;
}
