// SPDX-License-Identifier: GPL-2.0-only
/*
 * A loader written by hand: BTF, a map of every kind, two programs, references
 * between them. It stops at the first failure and leaves nothing then.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "map_kinds.h"

#define NO_COMMAND	63
#define BTF_KIND_STRUCT	4

struct map_kinds state;

enum { NEEDS_INNER = 1, NEEDS_BTF = 2 };

static const struct {
	__u32 key_size, value_size, max_entries, flags, needs;
} kinds[NR_KINDS + 1] = {
	[BPF_MAP_TYPE_HASH] = { 4, 8, 4 },
	[BPF_MAP_TYPE_ARRAY] = { 4, 8, 4 },
	[BPF_MAP_TYPE_PROG_ARRAY] = { 4, 4, 4 },
	[BPF_MAP_TYPE_PERF_EVENT_ARRAY] = { 4, 4, 4 },
	[BPF_MAP_TYPE_PERCPU_HASH] = { 4, 8, 4 },
	[BPF_MAP_TYPE_PERCPU_ARRAY] = { 4, 8, 4 },
	[BPF_MAP_TYPE_STACK_TRACE] = { 4, 8, 4 },
	[BPF_MAP_TYPE_CGROUP_ARRAY] = { 4, 4, 4 },
	[BPF_MAP_TYPE_LRU_HASH] = { 4, 8, 4 },
	[BPF_MAP_TYPE_LRU_PERCPU_HASH] = { 4, 8, 4 },
	[BPF_MAP_TYPE_LPM_TRIE] = { 8, 8, 4, BPF_F_NO_PREALLOC },
	[BPF_MAP_TYPE_ARRAY_OF_MAPS] = { 4, 4, 4, 0, NEEDS_INNER },
	[BPF_MAP_TYPE_HASH_OF_MAPS] = { 4, 4, 4, 0, NEEDS_INNER },
	[BPF_MAP_TYPE_DEVMAP] = { 4, 4, 4 },
	[BPF_MAP_TYPE_SOCKMAP] = { 4, 4, 4 },
	[BPF_MAP_TYPE_CPUMAP] = { 4, 4, 1 },
	[BPF_MAP_TYPE_XSKMAP] = { 4, 4, 4 },
	[BPF_MAP_TYPE_SOCKHASH] = { 4, 4, 4 },
	[BPF_MAP_TYPE_CGROUP_STORAGE] = { 16, 8, 0 },
	[BPF_MAP_TYPE_REUSEPORT_SOCKARRAY] = { 4, 8, 4 },
	[BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE] = { 16, 8, 0 },
	[BPF_MAP_TYPE_QUEUE] = { 0, 8, 4 },
	[BPF_MAP_TYPE_STACK] = { 0, 8, 4 },
	[BPF_MAP_TYPE_SK_STORAGE] = { 4, 4, 0, BPF_F_NO_PREALLOC, NEEDS_BTF },
	[BPF_MAP_TYPE_DEVMAP_HASH] = { 4, 4, 4 },
	[BPF_MAP_TYPE_STRUCT_OPS] = { 4, 0, 1 },
	[BPF_MAP_TYPE_RINGBUF] = { 0, 0, 4096 },
	[BPF_MAP_TYPE_INODE_STORAGE] = { 4, 4, 0, BPF_F_NO_PREALLOC, NEEDS_BTF },
};

static __always_inline void clear(void)
{
	__builtin_memset(&state.attr, 0, sizeof(state.attr));
}

/* Issue the command in state.attr, unless it is this one's turn to fail */
static __always_inline int step(__u32 cmd)
{
	state.step++;
	if (state.step == state.fail_at)
		cmd = NO_COMMAND;
	return bpf_sys_bpf(cmd, &state.attr, sizeof(state.attr));
}

static __always_inline int make_btf(void)
{
	clear();
	state.attr.btf = (__u64)state.btf_raw;
	state.attr.btf_size = state.btf_size;
	state.btf = step(BPF_BTF_LOAD);
	return state.btf;
}

static __always_inline int make_inner(void)
{
	clear();
	state.attr.map_type = BPF_MAP_TYPE_ARRAY;
	state.attr.key_size = 4;
	state.attr.value_size = 4;
	state.attr.max_entries = 1;
	state.inner = step(BPF_MAP_CREATE);
	return state.inner;
}

static __always_inline int make_maps(void)
{
	char name[] = "bpf_struct_ops_tcp_congestion_ops";
	long struct_ops;
	__u32 type;

	struct_ops = bpf_btf_find_by_name_kind(name, sizeof(name),
					       BTF_KIND_STRUCT, 0);
	if (struct_ops < 0)
		return struct_ops;

	for (type = 1; type <= NR_KINDS; type++) {
		clear();
		state.attr.map_type = type;
		state.attr.key_size = kinds[type].key_size;
		state.attr.value_size = kinds[type].value_size;
		state.attr.max_entries = kinds[type].max_entries;
		state.attr.map_flags = kinds[type].flags;
		if (kinds[type].needs == NEEDS_INNER)
			state.attr.inner_map_fd = state.inner;
		if (kinds[type].needs == NEEDS_BTF) {
			state.attr.btf_fd = state.btf;
			state.attr.btf_key_type_id = 1;
			state.attr.btf_value_type_id = 1;
		}
		if (type == BPF_MAP_TYPE_STRUCT_OPS) {
			state.attr.btf_fd = state.btf;
			state.attr.btf_vmlinux_value_type_id = struct_ops;
			state.attr.value_size = state.struct_ops_size;
		}
		state.maps[type] = step(BPF_MAP_CREATE);
		if (state.maps[type] < 0)
			return state.maps[type];
	}
	return 0;
}

static __always_inline int make_progs(void)
{
	clear();
	state.attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	state.attr.insns = (__u64)state.filter;
	state.attr.insn_cnt = sizeof(state.filter) / sizeof(state.filter[0]);
	state.attr.license = (__u64)state.license;
	state.progs[0] = step(BPF_PROG_LOAD);
	if (state.progs[0] < 0)
		return state.progs[0];

	clear();
	state.attr.prog_type = BPF_PROG_TYPE_SYSCALL;
	state.attr.prog_flags = BPF_F_SLEEPABLE;
	state.attr.insns = (__u64)state.user;
	state.attr.insn_cnt = sizeof(state.user) / sizeof(state.user[0]);
	state.attr.license = (__u64)state.license;
	/* The array of fds that the instructions refer to */
	state.attr.fd_array = (__u64)state.maps;
	state.progs[1] = step(BPF_PROG_LOAD);
	return state.progs[1];
}

static __always_inline int update(int map, const int *value)
{
	clear();
	state.attr.map_fd = map;
	state.attr.key = (__u64)&state.key;
	state.attr.value = (__u64)value;
	return step(BPF_MAP_UPDATE_ELEM);
}

static __always_inline int connect(void)
{
	int err;

	err = update(state.maps[BPF_MAP_TYPE_ARRAY_OF_MAPS], &state.inner);
	if (err)
		return err;
	err = update(state.maps[BPF_MAP_TYPE_HASH_OF_MAPS], &state.inner);
	if (err)
		return err;
	err = update(state.maps[BPF_MAP_TYPE_PROG_ARRAY], &state.progs[0]);
	if (err)
		return err;

	clear();
	state.attr.map_fd = state.maps[BPF_MAP_TYPE_HASH_OF_MAPS];
	state.attr.key = (__u64)&state.key;
	err = step(BPF_MAP_DELETE_ELEM);
	if (err)
		return err;

	clear();
	state.attr.map_fd = state.maps[BPF_MAP_TYPE_ARRAY];
	return step(BPF_MAP_FREEZE);
}

static __always_inline void drop(__s32 *fd)
{
	if (*fd > 0)
		bpf_sys_close(*fd);
	*fd = 0;
}

static __always_inline void drop_all(void)
{
	__u32 type;

	drop(&state.progs[1]);
	drop(&state.progs[0]);
	for (type = 1; type <= NR_KINDS; type++)
		drop(&state.maps[type]);
	drop(&state.inner);
	drop(&state.btf);
}

static __always_inline int make_all(void)
{
	int err;

	err = make_btf();
	if (err < 0)
		return err;
	err = make_inner();
	if (err < 0)
		return err;
	err = make_maps();
	if (err < 0)
		return err;
	err = make_progs();
	if (err < 0)
		return err;
	return connect();
}

SEC("syscall")
int loader(void *ctx)
{
	int err = make_all();

	if (err < 0 || !state.keep)
		drop_all();
	return err;
}

char _license[] SEC("license") = "GPL";
