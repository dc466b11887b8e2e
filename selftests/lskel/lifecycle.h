/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a light skeleton, the same for every object: load, attach, fire,
 * detach, fire, attach again, fire again, destroy, and nothing is left.
 */
#ifndef LIFECYCLE_H
#define LIFECYCLE_H

#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "test.h"

/*
 * LIFECYCLE(NAME, PREPARE, FIRE, SEEN): a test of the skeleton NAME.
 *
 * PREPARE(skel)	sets what the programs read, between open and load
 * FIRE(skel)		makes the events happen and returns how many of them the
 *			programs saw; it forgets what they saw before
 * SEEN			what FIRE returns while the programs are attached
 */
#define LIFECYCLE(name, prepare, fire, seen)				\
	LIFECYCLE_BY(name, prepare, fire, seen, name##__attach, name##__detach)

/*
 * The peer's detach functions leave the numbers of the descriptors they closed
 * in the skeleton, where its destroy function closes them again. In ours, 0 is
 * a descriptor.
 */
#ifdef OURS
#define forget_links(skel)
#else
#define forget_links(skel)	memset(&(skel)->links, 0, sizeof((skel)->links))
#endif

/* The same for programs that the skeleton's own functions do not attach. */
#define LIFECYCLE_BY(name, prepare, fire, seen, attach, detach)		\
TEST(name)								\
{									\
	struct t_live before;						\
	struct name *skel;						\
									\
	t_live_count(&before);						\
	skel = name##__open();						\
	ASSERT_NE(NULL, skel);						\
	prepare(skel);							\
	ASSERT_EQ(0, name##__load(skel));				\
	EXPECT_EQ(0, fire(skel));					\
	ASSERT_EQ(0, attach(skel));					\
	EXPECT_EQ(seen, fire(skel));					\
	detach(skel);							\
	forget_links(skel);						\
	EXPECT_EQ(0, fire(skel));					\
	ASSERT_EQ(0, attach(skel));					\
	EXPECT_EQ(seen, fire(skel));					\
	detach(skel);							\
	forget_links(skel);						\
	name##__destroy(skel);						\
	EXPECT_TRUE(t_live_back_to(&before));				\
}

#define prepare_nothing(skel)

/* Before 5.11 maps and programs count against the locked-memory limit. */
static __attribute__((constructor)) void lift_memlock_limit(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
}

/* Attaches a program to a tracepoint; the descriptor ends it. */
static inline int attach_tracepoint(const char *name, int prog_fd)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.sample_period = 1,
		.wakeup_events = 1,
	};
	char path[128], id[32];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", name);
	if (t_read(path, id, sizeof(id)) < 0)
		return -errno;
	attr.config = atoi(id);
	fd = syscall(__NR_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog_fd) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)) {
		close(fd);
		return -errno;
	}
	return fd;
}

/* Runs a tracing program, which makes the kernel call bpf_fentry_test1..8(). */
static inline int run_fentry_tests(int prog_fd)
{
	union bpf_attr attr = { .test.prog_fd = prog_fd };

	return t_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr));
}

/* How many of them the programs saw that hold a word in @bss for each. */
static inline int nr_fentry_tests(const void *bss)
{
	const __u64 *seen = bss;
	int i, nr = 0;

	for (i = 0; i < 8; i++)
		nr += seen[i];
	return nr;
}

static inline void nap(void)
{
	const struct timespec ts = { .tv_nsec = 1000 };

	/* Not nanosleep(): the C library prefers clock_nanosleep(). */
	syscall(__NR_nanosleep, &ts, NULL);
}

#endif /* LIFECYCLE_H */
