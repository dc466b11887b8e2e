// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every kind of program that may have a cookie gets the one that it is attached with,
 * or a sentence says that the kernel has none
 */
#include <linux/perf_event.h>

#include "skel_test.h"
#include "usdt.h"
#include "cookies.lskel.h"

#define EXE	"/proc/self/exe"

int cookie_function(int n);

__attribute__((noipa)) int cookie_function(int n)
{
	return n + 1;
}

__attribute__((noipa)) static void cookie_place(void)
{
	USDT("place", "0", "", "i" (0));
}

SKEL_FIXTURE(cookie, cookies, self->skel->bss->pid = getpid())

/* Use the processor until the clock of the event has ticked */
static void work(const volatile __u64 *cookie)
{
	unsigned long patience = 1UL << 28;

	while (!*cookie && patience--)
		;
}

#define EXPECT_COOKIE(attach, value, event) do {				\
	const int _fd = attach;							\
										\
	skel->bss->cookie = 0;							\
	event;									\
	if (t_release() >= 515) {						\
		EXPECT_LE(0, _fd)						\
			TH_LOG("%s", cookies__error(skel));			\
		EXPECT_EQ(value, skel->bss->cookie);				\
	} else {								\
		EXPECT_EQ(-EOPNOTSUPP, _fd);					\
		EXPECT_HAS("a cookie needs Linux 5.15", cookies__error(skel));	\
		EXPECT_EQ(0, skel->bss->cookie);				\
	}									\
	cookies__detach(skel);							\
} while (0)

TEST_F(cookie, each)
{
	struct cookies *skel = self->skel;

#define CALL	syscall(__NR_getpgid, 0)
	EXPECT_COOKIE(cookies__trace__attach_to(skel, "syscalls", "sys_enter_getpgid", ~0ull), ~0ull, CALL);
	EXPECT_COOKIE(cookies__trace_any__attach_to(skel, "syscalls", "sys_exit_getpgid", 2), 2, CALL);
	EXPECT_COOKIE(cookies__probe__attach_to(skel, "__x64_sys_getpgid", 0, 1ull << 40), 1ull << 40, CALL);
	EXPECT_COOKIE(cookies__probe_any__attach_to(skel, "__x64_sys_getpgid", 0, 4), 4, CALL);
	EXPECT_COOKIE(cookies__probe_return__attach_to(skel, "__x64_sys_getpgid", 5), 5, CALL);
	EXPECT_COOKIE(cookies__call__attach_to(skel, "getpgid", 6), 6, CALL);
	EXPECT_COOKIE(cookies__call_return__attach_to(skel, "getpgid", 7), 7, CALL);
	EXPECT_COOKIE(cookies__user__attach_to(skel, 0, EXE, "cookie_function", 0, 8), 8,
		      cookie_function(1));
	EXPECT_COOKIE(cookies__user_return__attach_to(skel, 0, EXE, "cookie_function", 0, 9), 9,
		      cookie_function(1));
	/* The program reads no arguments */
	EXPECT_COOKIE(cookies__place__attach_to(skel, 0, EXE, "lskel", "place", 11), 11, cookie_place());
	EXPECT_COOKIE(cookies__event__attach_to(skel, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, 100,
						getpid(), -1, 10), 10,
		      t_release() >= 515 ? work(&skel->bss->cookie) : (void)0);
}

TEST_HARNESS_MAIN
