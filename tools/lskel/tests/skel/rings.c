// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Records of ring buffers and perf buffers, as programs wrote them */
#include <pthread.h>
#include <time.h>

#include "skel_test.h"
#include "rings.lskel.h"

enum { TO_ONE, TO_TWO, DISCARD, TO_EVENTS };

/* What a callback has seen */
struct seen {
	int n;
	unsigned int next;	/* seed of the record to come */
	bool wrong;		/* one was another */
	int stop;		/* result from now on */
	__u64 lost;
	size_t size;		/* of the last one */
};

FIXTURE(rings) {
	struct rings *skel;
	struct lskel_rings *set;
	struct seen seen, other;
	unsigned int sent;	/* seed of the next record */
	struct t_live before;
};

static __u32 size_of(unsigned int seed)
{
	return 1 + seed * 7 % 200;
}

static char byte_of(unsigned int seed, size_t at)
{
	return (char)(seed * 31 + at);
}

/* Sizes may be rounded up, as those of perf events are */
static int see(void *ctx, const void *data, size_t size)
{
	struct seen *seen = ctx;
	const char *bytes = data;
	size_t i;

	seen->size = size;
	seen->wrong |= size < size_of(seen->next) || size >= size_of(seen->next) + 8;
	for (i = 0; i < size && i < size_of(seen->next); i++)
		seen->wrong |= bytes[i] != byte_of(seen->next, i);
	seen->next++;
	seen->n++;
	return seen->stop;
}

static void see_lost(void *ctx, int cpu, __u64 records)
{
	struct seen *seen = ctx;

	seen->lost += records;
	seen->wrong |= cpu < 0 || cpu >= t_nr_cpus();
}

static void send_record(struct rings *skel, int where, unsigned int seed)
{
	size_t i;

	skel->bss->where = where;
	skel->bss->size = size_of(seed);
	for (i = 0; i < size_of(seed); i++)
		skel->bss->bytes[i] = byte_of(seed, i);
	getpgid(0);
}

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int mappings(void)
{
	FILE *file = fopen("/proc/self/maps", "re");
	char line[512];
	int n = 0;

	while (file && fgets(line, sizeof(line), file))
		n += strstr(line, "bpf-map") || strstr(line, "perf_event");
	if (file)
		fclose(file);
	return n;
}

FIXTURE_SETUP(rings)
{
	t_live_count(&self->before);
	self->skel = rings__open_and_load();
	ASSERT_NE(NULL, self->skel)
		TH_LOG("%s\n%s", rings__error(NULL), rings__log(NULL));
	self->skel->bss->pid = getpid();
	ASSERT_EQ(0, rings__attach(self->skel))
		TH_LOG("%s", rings__error(NULL));
	self->set = lskel_rings_open();
	ASSERT_NE(NULL, self->set);
}

FIXTURE_TEARDOWN(rings)
{
	EXPECT_FALSE(leaks_fds());
	lskel_rings_close(self->set);
	/* The variables of the object */
	EXPECT_EQ(1, mappings());
	rings__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

/* Content and order, many times around the ring */
TEST_F(rings, ringbuf)
{
	int map = self->skel->maps.one.map_fd, i, round;

	ASSERT_EQ(0, lskel_ringbuf_add(self->set, map, see, &self->seen))
		TH_LOG("%s", rings__error(NULL));
	EXPECT_EQ(0, lskel_rings_poll(self->set, 0));
	for (round = 0; round < 100; round++) {
		for (i = 0; i < 10; i++)
			send_record(self->skel, TO_ONE, self->sent++);
		ASSERT_EQ(10, lskel_rings_poll(self->set, 1000));
		ASSERT_FALSE(self->seen.wrong);
		/* Exact sizes */
		ASSERT_EQ(size_of(self->sent - 1), self->seen.size);
	}
	EXPECT_EQ(1000, self->seen.n);
	EXPECT_EQ(0, self->skel->bss->lost);
}

TEST_F(rings, ringbuf_discards)
{
	int i;

	ASSERT_EQ(0, lskel_ringbuf_add(self->set, self->skel->maps.one.map_fd, see, &self->seen));
	for (i = 0; i < 1000; i++) {
		send_record(self->skel, DISCARD, 0);
		if (i % 3 == 0)
			send_record(self->skel, TO_ONE, self->sent++);
		ASSERT_EQ(i % 3 == 0, lskel_rings_consume(self->set));
	}
	EXPECT_FALSE(self->seen.wrong);
	EXPECT_EQ(334, self->seen.n);
	EXPECT_EQ(0, self->skel->bss->lost);
}

/* What is read makes room */
TEST_F(rings, ringbuf_full)
{
	int round, sent;

	ASSERT_EQ(0, lskel_ringbuf_add(self->set, self->skel->maps.one.map_fd, see, &self->seen));
	for (round = 0; round < 5; round++) {
		self->skel->bss->lost = 0;
		for (sent = 0; !self->skel->bss->lost; sent++)
			send_record(self->skel, TO_ONE, self->sent + (unsigned int)sent);
		ASSERT_LT(10, sent);
		self->sent += (unsigned int)sent - 1;
		EXPECT_EQ(sent - 1, lskel_rings_consume(self->set));
		EXPECT_EQ(0, lskel_rings_consume(self->set));
	}
	EXPECT_FALSE(self->seen.wrong);
}

TEST_F(rings, stopped)
{
	int i;

	ASSERT_EQ(0, lskel_ringbuf_add(self->set, self->skel->maps.one.map_fd, see, &self->seen));
	ASSERT_EQ(0, lskel_perfbuf_add(self->set, self->skel->maps.events.map_fd, 1, see, see_lost,
				       &self->other))
		TH_LOG("%s", rings__error(NULL));
	run_on(0);
	for (i = 0; i < 3; i++) {
		send_record(self->skel, TO_ONE, self->sent);
		send_record(self->skel, TO_EVENTS, self->sent++);
	}
	self->seen.stop = self->other.stop = -7;
	for (i = 1; i <= 4; i++) {
		EXPECT_EQ(-7, lskel_rings_poll(self->set, 0));
		EXPECT_EQ(i, self->seen.n + self->other.n);
	}
	self->seen.stop = self->other.stop = 0;
	/* Nothing tells of these once more */
	EXPECT_EQ(2, lskel_rings_poll(self->set, 0));
	EXPECT_EQ(0, lskel_rings_poll(self->set, 0));
	EXPECT_EQ(3, self->seen.n);
	EXPECT_EQ(3, self->other.n);
	EXPECT_FALSE(self->seen.wrong || self->other.wrong);
}

TEST_F(rings, several)
{
	int i;

	ASSERT_EQ(0, lskel_ringbuf_add(self->set, self->skel->maps.one.map_fd, see, &self->seen));
	ASSERT_EQ(0, lskel_ringbuf_add(self->set, self->skel->maps.two.map_fd, see, &self->other));
	for (i = 0; i < 20; i++) {
		send_record(self->skel, TO_ONE, self->sent);
		if (i % 2 == 0)
			send_record(self->skel, TO_TWO, self->sent / 2);
		self->sent++;
		EXPECT_EQ(1 + (i % 2 == 0), lskel_rings_poll(self->set, 0));
	}
	EXPECT_EQ(20, self->seen.n);
	EXPECT_EQ(10, self->other.n);
	EXPECT_FALSE(self->seen.wrong || self->other.wrong);
}

static void *send_later(void *arg)
{
	struct rings *skel = arg;

	usleep(50000);
	send_record(skel, skel->bss->where, 0);
	return NULL;
}

static unsigned long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

TEST_F(rings, waits)
{
	unsigned long begin = now_ms();
	pthread_t thread;
	int where;

	ASSERT_EQ(0, lskel_ringbuf_add(self->set, self->skel->maps.two.map_fd, see, &self->seen));
	ASSERT_EQ(0, lskel_perfbuf_add(self->set, self->skel->maps.events.map_fd, 1, see, see_lost,
				       &self->seen));
	EXPECT_EQ(0, lskel_rings_poll(self->set, 100));
	EXPECT_LE(100, now_ms() - begin);
	for (where = TO_TWO; where <= TO_EVENTS; where += TO_EVENTS - TO_TWO) {
		self->skel->bss->where = where;
		self->seen.next = 0;
		ASSERT_EQ(0, pthread_create(&thread, NULL, send_later, self->skel));
		EXPECT_EQ(1, lskel_rings_poll(self->set, -1));
		pthread_join(thread, NULL);
	}
	EXPECT_EQ(2, self->seen.n);
	EXPECT_FALSE(self->seen.wrong);
}

TEST_F(rings, perfbuf)
{
	int cpu, i, round;

	ASSERT_EQ(0, lskel_perfbuf_add(self->set, self->skel->maps.events.map_fd, 1, see, see_lost,
				       &self->seen))
		TH_LOG("%s", rings__error(NULL));
	for (cpu = 0; cpu < t_nr_cpus(); cpu++) {
		run_on(cpu);
		for (round = 0; round < 50; round++) {
			for (i = 0; i < 10; i++)
				send_record(self->skel, TO_EVENTS, self->sent++);
			ASSERT_EQ(10, lskel_rings_poll(self->set, 1000));
			ASSERT_FALSE(self->seen.wrong);
		}
	}
	EXPECT_EQ(500 * t_nr_cpus(), self->seen.n);
	EXPECT_EQ(0, self->seen.lost);
	EXPECT_EQ(0, self->skel->bss->lost);
}

TEST_F(rings, perfbuf_lost)
{
	int n;

	ASSERT_EQ(0, lskel_perfbuf_add(self->set, self->skel->maps.events.map_fd, 1, see, see_lost,
				       &self->seen));
	run_on(0);
	for (self->sent = 0; self->sent < 200; self->sent++)
		send_record(self->skel, TO_EVENTS, self->sent);
	n = lskel_rings_poll(self->set, 0);
	EXPECT_LT(10, n);
	EXPECT_GT(200, n);
	/* The last loss is told when there is room */
	EXPECT_GT(200 - n, self->seen.lost);
	self->seen.next = self->sent;
	self->seen.wrong = false;
	send_record(self->skel, TO_EVENTS, self->sent++);
	EXPECT_EQ(1, lskel_rings_poll(self->set, 0));
	EXPECT_EQ(200 - n, self->seen.lost);
	EXPECT_EQ(self->skel->bss->lost, self->seen.lost);
	EXPECT_FALSE(self->seen.wrong);
}

/* A program writes nowhere when nobody reads any more; and somebody else can begin */
TEST_F(rings, perfbuf_again)
{
	__u32 cpu = 0;
	union bpf_attr attr = { .map_fd = (__u32)self->skel->maps.events.map_fd, .key = t_ptr(&cpu) };
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, lskel_perfbuf_add(self->set, self->skel->maps.events.map_fd, 2, see, NULL,
					       &self->seen));
		send_record(self->skel, TO_EVENTS, self->sent++);
		EXPECT_EQ(1, lskel_rings_poll(self->set, 1000));
		lskel_rings_close(self->set);
		/* The map holds no event any more */
		EXPECT_EQ(-ENOENT, t_bpf(BPF_MAP_DELETE_ELEM, &attr, sizeof(attr)));
		EXPECT_EQ(i, self->skel->bss->lost);
		send_record(self->skel, TO_EVENTS, 0);
		EXPECT_EQ(i + 1, self->skel->bss->lost);
		self->set = lskel_rings_open();
		ASSERT_NE(NULL, self->set);
	}
	EXPECT_FALSE(self->seen.wrong);
}

TEST_F(rings, refused)
{
	struct rings *skel = self->skel;
	struct rlimit limit, little;

	EXPECT_EQ(-EINVAL, lskel_ringbuf_add(self->set, skel->maps.events.map_fd, see, NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_HAS("is no ring buffer: Invalid argument", rings__error(NULL));
	EXPECT_EQ(-EINVAL, lskel_ringbuf_add(self->set, self->set->epoll_fd, see, NULL));
	EXPECT_EQ(-EINVAL, lskel_perfbuf_add(self->set, skel->maps.one.map_fd, 1, see, NULL, NULL));
	EXPECT_HAS("is no perf event array", rings__error(NULL));
	EXPECT_EQ(-EINVAL, lskel_perfbuf_add(self->set, skel->maps.events.map_fd, 3, see, NULL, NULL));
	EXPECT_STREQ("a perf buffer has no 3 pages, but a power of two", rings__error(NULL));
	EXPECT_EQ(-EINVAL, lskel_perfbuf_add(self->set, skel->maps.events.map_fd, 0, see, NULL, NULL));
	/* The same map a second time, for which epoll has no use */
	ASSERT_EQ(0, lskel_ringbuf_add(self->set, skel->maps.one.map_fd, see, &self->seen));
	EXPECT_EQ(-EEXIST, lskel_ringbuf_add(self->set, skel->maps.one.map_fd, see, NULL));
	EXPECT_HAS("cannot read ring buffer 'one': File exists", rings__error(NULL));
	/* No descriptor left for the last processor */
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	little = limit;
	little.rlim_cur = (rlim_t)self->set->epoll_fd + (rlim_t)t_nr_cpus();
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &little));
	EXPECT_EQ(-EMFILE, lskel_perfbuf_add(self->set, skel->maps.events.map_fd, 1, see, NULL, NULL));
	EXPECT_HAS("cannot read perf buffer 'events': Too many open files", rings__error(NULL));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	/* .bss, and both of ring buffer one */
	EXPECT_EQ(3, mappings());
	/* The first one goes on */
	send_record(skel, TO_ONE, 0);
	EXPECT_EQ(1, lskel_rings_poll(self->set, 0));
	EXPECT_FALSE(self->seen.wrong);
}

TEST_HARNESS_MAIN
