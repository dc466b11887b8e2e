// SPDX-License-Identifier: GPL-2.0-only
/*
 * Systematic fault injection: fail-nth makes the nth injectable call of one
 * thread fail, so a loop over n visits every error path of a system call.
 */
#include "t.h"

#include <fcntl.h>

/* As it is, only GFP_ATOMIC fails, and each failure prints a stack */
static const char *const settings[][2] = {
	{ "failslab/ignore-gfp-wait", "N" },
	{ "failslab/verbose", "0" },
	{ "fail_page_alloc/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/verbose", "0" },
	{ "fail_usercopy/verbose", "0" },
};

static int nth_fd = -1;

bool t_inject_available(void)
{
	char path[96];
	size_t i;

	for (i = 0; i < T_ARRAY_SIZE(settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 settings[i][0]);
		if (t_write(path, settings[i][1]))
			return false;
	}
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return nth_fd >= 0;
}

void t_inject_end(void)
{
	close(nth_fd);
	nth_fd = -1;
}

void t_inject_nth(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	/* A fault that is still to come may hit this write; there is only one */
	if (pwrite(nth_fd, text, len, 0) != len &&
	    pwrite(nth_fd, text, len, 0) != len)
		abort();
}

/* The counter stands at 0 once the fault has been delivered */
bool t_inject_done(void)
{
	char text[16] = "";
	bool done = pread(nth_fd, text, sizeof(text) - 1, 0) > 0 && !atoi(text);

	t_inject_nth(0);
	return done;
}

int t_inject_loads(union t_attr *attr, __u32 size)
{
	unsigned int nth, failed = 0;
	bool injected = true;

	for (nth = 1; injected && nth < 2000; nth++) {
		int prog;

		t_inject_nth(nth);
		prog = t_bpf(BPF_PROG_LOAD, attr, size);
		injected = t_inject_done();
		if (prog >= 0)
			close(prog);
		else if (injected)
			failed++;
		else
			return prog;
	}
	return injected ? -E2BIG : (int)failed;
}
