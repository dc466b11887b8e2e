// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Histograms of how long requests of block devices take. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "biolat.h"

/* What we need of the kernel's types; where it is, is found out at the load. */
struct gendisk {
	int major, first_minor;
} __attribute__((preserve_access_index));

struct request_queue {
	struct gendisk *disk;
} __attribute__((preserve_access_index));

struct request {
	struct request_queue *q;
	__u32 cmd_flags, __data_len;
	__u64 start_time_ns;
} __attribute__((preserve_access_index));

/* The same before 5.17; what is behind ___ is not part of the name. */
struct request___disk {
	struct gendisk *rq_disk;
} __attribute__((preserve_access_index));

/* As the kernel numbers it, or ANY_DISK */
const volatile __u32 disk = ANY_DISK;

__u64 slots[KINDS][SLOTS];

/* Of disks that do not keep statistics: nobody knows when they began. */
__u64 untimed;

static __always_inline __u32 log2_of(__u64 n)
{
	__u32 log = 0, bits;

#pragma unroll
	for (bits = 32; bits; bits /= 2)
		if (n >> bits) {
			n >>= bits;
			log += bits;
		}
	return log;
}

static __always_inline __u32 disk_of(struct request *request)
{
	struct request___disk *before = (void *)request;
	struct gendisk *of;

	if (bpf_core_field_exists(before->rq_disk))
		of = BPF_CORE_READ(before, rq_disk);
	else
		of = BPF_CORE_READ(request, q, disk);
	return BPF_CORE_READ(of, major) << 20 | BPF_CORE_READ(of, first_minor);
}

/* A request itself says when it was made, which is what /proc/diskstats counts
 * from, too. That spares us a map, and the other tracepoint: the arguments of
 * block_rq_issue are not the same in all versions, and versions do not tell, as
 * the change has been backported.
 */
SEC("raw_tp/block_rq_complete")
int BPF_PROG(complete_request, struct request *request, int error, __u32 bytes)
{
	__u64 start = BPF_CORE_READ(request, start_time_ns);
	__u32 op = BPF_CORE_READ(request, cmd_flags) & 0xff;
	__u32 slot;

	/* There is more of it to come. */
	if (bytes < BPF_CORE_READ(request, __data_len))
		return 0;
	if (disk != ANY_DISK && disk_of(request) != disk)
		return 0;
	if (!start) {
		__sync_fetch_and_add(&untimed, 1);
		return 0;
	}
	slot = log2_of((bpf_ktime_get_ns() - start) / 1000);
	if (slot >= SLOTS)
		slot = SLOTS - 1;
	if (op > OTHERS)
		op = OTHERS;
	__sync_fetch_and_add(&slots[op][slot], 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
