// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tracepoints and perf events */
#include <linux/perf_event.h>
#include <time.h>

#include "skel_test.h"
#include "perf.lskel.h"

SKEL_FIXTURE(perf, perf, self->skel->bss->pid = getpid())

static void call(void)
{
	syscall(__NR_getpgid, 0);
}

/* Use the processor, as far as its clock must count some ticks */
static void work(void)
{
	struct timespec begin, now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < 200);
}

TEST_F(perf, tracepoint)
{
	struct perf *skel = self->skel;

	EXPECT_FIRES(perf, skel, perf__trace__attach(skel), call(), skel->bss->traced);
	EXPECT_FIRES(perf, skel, perf__trace__attach_to(skel, "syscalls", "sys_exit_getppid", 0),
		     syscall(__NR_getppid), skel->bss->traced);
	EXPECT_FIRES(perf, skel, perf__trace_any__attach(skel, "raw_syscalls", "sys_enter"),
		     call(), skel->bss->anywhere);
	EXPECT_EQ(-ENOENT, perf__trace_any__attach(skel, "syscalls", "no_such_call"));
	EXPECT_HAS("cannot attach program 'trace_any' (SEC(\"tp\")): tracepoint syscalls/no_such_call: ",
		   perf__error(skel));
}

TEST_F(perf, without_links)
{
	struct perf *skel = self->skel;

	ASSERT_TRUE(without_links());
	EXPECT_FIRES(perf, skel, perf__trace__attach(skel), call(), skel->bss->traced);
	EXPECT_EQ(-EOPNOTSUPP, perf__trace__attach_to(skel, "syscalls", "sys_enter_getpgid", 1));
}

TEST_F(perf, no_tracefs)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	umount2("/sys/kernel/debug", MNT_DETACH);
	ASSERT_EQ(0, umount2("/sys/kernel/tracing", MNT_DETACH));
	EXPECT_EQ(-ENOENT, perf__trace__attach(self->skel));
	EXPECT_HAS("tracefs is not mounted", perf__error(self->skel));
	EXPECT_EQ(-1, self->skel->links.trace_fd);
	ASSERT_EQ(0, mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL));
	EXPECT_LE(0, perf__trace__attach(self->skel))
		TH_LOG("%s", perf__error(self->skel));
}

TEST_F(perf, event)
{
	struct perf *skel = self->skel;
	const int me = getpid();

	EXPECT_FIRES(perf, skel,
		     perf__sample__attach_to(skel, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, 100,
					     me, -1, 0), work(), skel->bss->sampled);
	EXPECT_FIRES(perf, skel,
		     perf__sample__attach_to(skel, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, 100,
					     -1, 0, 0), work(), skel->bss->sampled);
	EXPECT_EQ(-EINVAL, perf__sample__attach_to(skel, PERF_TYPE_SOFTWARE, 0, 100, -1, -1, 0));
	EXPECT_HAS("perf_event_open, type 1, config 0: ", perf__error(skel));
}

/* That of the user becomes the skeleton's */
TEST_F(perf, given_event)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000000, .disabled = 1,
	};
	struct perf *skel = self->skel;

	EXPECT_FIRES(perf, skel,
		     perf__sample__attach(skel, (int)syscall(__NR_perf_event_open, &attr, 0, -1, -1, 0)),
		     work(), skel->bss->sampled);
	EXPECT_EQ(-EBADF, perf__sample__attach(skel, -1));
	EXPECT_HAS("a perf event is needed", perf__error(skel));
}

TEST_F(perf, all)
{
	struct perf *skel = self->skel;

	EXPECT_EQ(-EOPNOTSUPP, perf__attach(skel));
	EXPECT_HAS("not attached: trace_any (SEC(\"tp\")) needs an argument, "
		   "sample (SEC(\"perf_event\")) needs an argument", perf__error(skel));
	call();
	EXPECT_EQ(1, skel->bss->traced);
}

TEST_HARNESS_MAIN
