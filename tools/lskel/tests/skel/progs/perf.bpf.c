// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tracepoints and perf events */
#include "progs.h"

int pid;
__u64 traced, anywhere, sampled;

SEC("tracepoint/syscalls/sys_enter_getpgid")
int trace(void *ctx)
{
	if (IS_MINE)
		traced++;
	return 0;
}

SEC("tp")
int trace_any(void *ctx)
{
	if (IS_MINE)
		anywhere++;
	return 0;
}

SEC("perf_event")
int sample(void *ctx)
{
	if (IS_MINE)
		sampled++;
	return 0;
}
