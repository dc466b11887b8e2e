// SPDX-License-Identifier: GPL-2.0-only
/* A sample that a program puts into a ring buffer is there for user space. */
#include "lifecycle.h"
#include "test_ringbuf.lskel.h"

/* The start of what the program writes, behind the record's own header. */
struct record {
	__u32 len, page;
	int pid, seq;
	long value;
};

static int event = -1;

static int attach(struct test_ringbuf *skel)
{
	event = attach_tracepoint("syscalls/sys_enter_getpgid", skel->progs.test_ringbuf.prog_fd);
	return event < 0 ? event : 0;
}

static void detach(struct test_ringbuf *skel __attribute__((unused)))
{
	close(event);
}

/* The buffer as user space sees it: the producer's page, then the records. */
static bool newest_is(int fd, unsigned long end, long value)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	char *ring = mmap(NULL, 3 * page, PROT_READ, MAP_SHARED, fd, page);
	const struct record *r;
	bool same;

	if (ring == MAP_FAILED)
		return false;
	r = (void *)(ring + page + (end & (page - 1)) - 40);
	same = r->pid == getpid() && r->value == value;
	munmap(ring, 3 * page);
	return same;
}

/* One call submits a sample, the next writes another twice and discards one. */
static int fire(struct test_ringbuf *skel)
{
	const long value = 0x1234567;
	int seen;

	skel->bss->pid = getpid();
	skel->bss->value = value;
	skel->bss->seq = 0;
	skel->bss->total = 0;
	skel->bss->discarded = 0;
	syscall(__NR_getpgid, 0);
	seen = skel->bss->total &&
	       newest_is(skel->maps.ringbuf.map_fd, skel->bss->prod_pos, value);
	syscall(__NR_getpgid, 0);
	return seen + skel->bss->total + skel->bss->discarded;
}

LIFECYCLE_BY(test_ringbuf, prepare_nothing, fire, 4, attach, detach)

TEST_HARNESS_MAIN
