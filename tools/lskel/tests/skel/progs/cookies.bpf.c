// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program of each kind that may have a cookie */
#include "progs.h"

int pid;
__u64 cookie;

extern const _Bool LINUX_HAS_BPF_COOKIE __kconfig;

#define PROGRAM(name, sec)						\
	SEC(sec)							\
	int name(void *ctx)						\
	{								\
		if (LINUX_HAS_BPF_COOKIE && IS_MINE)			\
			cookie = bpf_get_attach_cookie(ctx);		\
		return 0;						\
	}

PROGRAM(trace, "tp/syscalls/sys_enter_getpgid")
PROGRAM(trace_any, "tp")
PROGRAM(event, "perf_event")
PROGRAM(probe, "kprobe/" TARGET)
PROGRAM(probe_any, "kprobe")
PROGRAM(probe_return, "kretprobe/" TARGET)
PROGRAM(call, "ksyscall/getpgid")
PROGRAM(call_return, "kretsyscall/getpgid")
PROGRAM(user, "uprobe")
PROGRAM(user_return, "uretprobe")
PROGRAM(place, "usdt")
