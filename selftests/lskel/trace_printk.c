// SPDX-License-Identifier: GPL-2.0-only
/* What a program prints arrives in the trace buffer. */
#include "lifecycle.h"
#include "trace_printk.lskel.h"

#define TRACE "/sys/kernel/tracing/trace"

static int event = -1;

static int attach(struct trace_printk *skel)
{
	event = attach_tracepoint("raw_syscalls/sys_enter", skel->progs.sys_enter.prog_fd);
	return event < 0 ? event : 0;
}

static void detach(struct trace_printk *skel __attribute__((unused)))
{
	close(event);
}

static int fire(struct trace_printk *skel)
{
	static char text[1 << 16];

	close(open(TRACE, O_WRONLY | O_TRUNC));
	skel->bss->trace_printk_ran = 0;
	skel->bss->trace_printk_ret = 0;
	syscall(__NR_getpgid, 0);
	t_read(TRACE, text, sizeof(text));
	return (skel->bss->trace_printk_ran > 0) + (skel->bss->trace_printk_ret > 0) +
	       !!strstr(text, "testing,testing 1\n");
}

LIFECYCLE_BY(trace_printk, prepare_nothing, fire, 3, attach, detach)

TEST_HARNESS_MAIN
