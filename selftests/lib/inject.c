// SPDX-License-Identifier: GPL-2.0-only
/*
 * Systematic fault injection: fail-nth makes the nth injectable call of one
 * thread fail, so a loop over n visits every error path of a system call.
 */
#include "t.h"

#include <fcntl.h>

static const char *const dirs[] = { "failslab", "fail_page_alloc" };
static int nth_fd = -1;

/* Without the settings only GFP_ATOMIC fails, and each failure is printed */
bool t_inject_available(void)
{
	char path[96];
	size_t i;

	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		return false;
	for (i = 0; i < T_ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path),
			 "/sys/kernel/debug/%s/ignore-gfp-wait", dirs[i]);
		if (t_write(path, "N"))
			return false;
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/verbose",
			 dirs[i]);
		if (t_write(path, "0"))
			return false;
	}
	return true;
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

	if (pwrite(nth_fd, text, len, 0) != len)
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
