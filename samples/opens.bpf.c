// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reports every file that is opened, or could not be. */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "opens.h"

/* Threads that are opening a file, and where they have its name */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, const char *);
} opening SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} opens SEC(".maps");

/* What is of interest. The verifier knows these values, and drops what they
 * make unreachable.
 */
const volatile __u32 pid = ANY_ID, uid = ANY_ID;
const volatile bool failed;

__u64 lost;

/* All of open(), openat(), openat2() and creat() come by here, since 5.6. */
SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(begin_open, int dir, const char *file)
{
	__u64 thread = bpf_get_current_pid_tgid();

	if (pid != ANY_ID && thread >> 32 != pid)
		return 0;
	if (uid != ANY_ID && (__u32)bpf_get_current_uid_gid() != uid)
		return 0;
	if (bpf_map_update_elem(&opening, &thread, &file, BPF_ANY))
		__sync_fetch_and_add(&lost, 1);
	return 0;
}

SEC("kretprobe/do_sys_openat2")
int BPF_KRETPROBE(end_open, int result)
{
	__u64 thread = bpf_get_current_pid_tgid();
	const char **place, *file;
	struct opened *opened;

	place = bpf_map_lookup_elem(&opening, &thread);
	if (!place)
		return 0;
	file = *place;
	bpf_map_delete_elem(&opening, &thread);
	if (failed && result >= 0)
		return 0;
	opened = bpf_ringbuf_reserve(&opens, sizeof(*opened), 0);
	if (!opened) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	opened->pid = thread >> 32;
	opened->uid = bpf_get_current_uid_gid();
	opened->result = result;
	bpf_get_current_comm(opened->comm, sizeof(opened->comm));
	/* Not before the call, which has read it by now: a probe does not wait for pages. */
	if (bpf_probe_read_user_str(opened->file, sizeof(opened->file), file) < 0)
		opened->file[0] = 0;
	bpf_ringbuf_submit(opened, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
