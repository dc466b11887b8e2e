/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Perf events of any use */
#ifndef LSKEL_PERF_OPEN
#define LSKEL_PERF_OPEN

#include <linux/perf_event.h>

static inline int lskel_perf_event_open(struct perf_event_attr *attr, int pid, int cpu)
{
	long ret;

	attr->size = PERF_ATTR_SIZE_VER1;
	ret = syscall(__NR_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	/* 524 is ENOTSUPP of the kernel: it cannot probe such an instruction */
	return ret >= 0 ? (int)ret : errno == 524 ? -EOPNOTSUPP : -errno;
}

#endif /* LSKEL_PERF_OPEN */
