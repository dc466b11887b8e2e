// SPDX-License-Identifier: GPL-2.0-only
/*
 * One program per helper that a syscall program may call. Each returns 0, or
 * the number of the check that failed.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "helpers_table.h"

#define BTF_KIND_STRUCT	4

extern const int bpf_prog_active __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} hash SEC(".maps");

SEC("syscall")
int map_elem(struct helper_args *args)
{
	__u32 key = args->thread;
	__u64 value = 42, *found;

	if (bpf_map_update_elem(&hash, &key, &value, BPF_ANY))
		return 1;
	found = bpf_map_lookup_elem(&hash, &key);
	if (!found || *found != 42)
		return 2;
	return bpf_map_delete_elem(&hash, &key) ? 3 : 0;
}

SEC("syscall")
int copy_from_user(struct helper_args *args)
{
	__u64 value = 0;

	if (bpf_copy_from_user(&value, sizeof(value), (void *)args->word))
		return 1;
	return value != HELPER_WORD;
}

SEC("syscall")
int probe_read_user(struct helper_args *args)
{
	char text[sizeof(HELPER_TEXT)];
	__u64 value = 0;

	if (bpf_probe_read_user(&value, sizeof(value), (void *)args->word))
		return 1;
	if (value != HELPER_WORD)
		return 2;
	if (bpf_probe_read_user_str(text, sizeof(text), (void *)args->text) !=
	    sizeof(text))
		return 3;
	return text[0] != HELPER_TEXT[0];
}

SEC("syscall")
int probe_read_kernel(struct helper_args *args)
{
	__u64 value = HELPER_WORD, copy = 0;
	char text[sizeof(HELPER_TEXT)] = HELPER_TEXT, seen[sizeof(text)];

	if (bpf_probe_read_kernel(&copy, sizeof(copy), &value))
		return 1;
	if (copy != HELPER_WORD)
		return 2;
	if (bpf_probe_read_kernel_str(seen, sizeof(seen), text) != sizeof(text))
		return 3;
	/* A loader clears memory like this: the read fails, the target is 0 */
	if (!bpf_probe_read_kernel(&copy, sizeof(copy), NULL))
		return 4;
	return copy != 0;
}

SEC("syscall")
int trace_printk(struct helper_args *args)
{
	return bpf_printk("lskel %d", args->thread) <= 0;
}

SEC("syscall")
int ktime(struct helper_args *args)
{
	__u64 ns = bpf_ktime_get_ns(), boot = bpf_ktime_get_boot_ns();

	return ns == 0 || boot < ns;
}

SEC("syscall")
int current(struct helper_args *args)
{
	char comm[16] = "";

	if (bpf_get_current_pid_tgid() >> 32 != args->pid)
		return 1;
	if (bpf_get_current_uid_gid() != 0)
		return 2;
	if (bpf_get_current_comm(comm, sizeof(comm)) || !comm[0])
		return 3;
	return bpf_get_current_task() == 0;
}

SEC("syscall")
int processor_and_random(struct helper_args *args)
{
	if (bpf_get_smp_processor_id() >= args->cpus)
		return 1;
	/* Three zeroes in a row do not happen */
	return (bpf_get_prandom_u32() | bpf_get_prandom_u32() |
		bpf_get_prandom_u32()) == 0;
}

SEC("syscall")
int per_cpu(struct helper_args *args)
{
	const int *active = bpf_per_cpu_ptr(&bpf_prog_active, 0);

	if (!active || *active < 0)
		return 1;
	if (bpf_per_cpu_ptr(&bpf_prog_active, 100000))
		return 2;
	return *(const int *)bpf_this_cpu_ptr(&bpf_prog_active) < 0;
}

SEC("syscall")
int sys(struct helper_args *args)
{
	struct {
		__u32 type, key, value, entries;
	} attr = { BPF_MAP_TYPE_ARRAY, 4, 4, 1 };
	int fd = bpf_sys_bpf(BPF_MAP_CREATE, &attr, sizeof(attr));

	if (fd < 0)
		return 1;
	return bpf_sys_close(fd) ? 2 : 0;
}

SEC("syscall")
int btf_find(struct helper_args *args)
{
	char name[] = "task_struct";

	return bpf_btf_find_by_name_kind(name, sizeof(name), BTF_KIND_STRUCT,
					 0) <= 0;
}

SEC("syscall")
int kallsyms(struct helper_args *args)
{
	char name[] = "vfs_read";
	__u64 address = 0;

	if (bpf_kallsyms_lookup_name(name, sizeof(name), 0, &address))
		return 1;
	return address == 0;
}

char _license[] SEC("license") = "GPL";
