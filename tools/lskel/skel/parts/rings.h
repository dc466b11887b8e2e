/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Sets of rings that the kernel fills with records and one epoll waits for. They
 * have nothing to do with the life of a skeleton: a set is closed before the maps
 * in it are.
 */
#ifndef LSKEL_RINGS
#define LSKEL_RINGS

#include <sys/epoll.h>

/* Positions count bytes since the beginning; @size is a power of two */
struct lskel_ring {
	int (*read)(struct lskel_ring *ring);	/* all that is there: see lskel_rings_poll() */
	void (*end)(struct lskel_ring *ring);
	int fd;			/* tells of records */
	int map_fd, cpu;	/* of a perf buffer */
	void *mapped[2];
	size_t mapped_size[2];
	const void *produced;	/* position of the kernel's */
	void *consumed;		/* position of ours */
	const char *data;
	__u32 size;
	char *copy;		/* see lskel_perfbuf_add() */
	lskel_record_fn record;
	void (*lost)(void *ctx, int cpu, __u64 records);
	void *ctx;
};

struct lskel_rings {
	int epoll_fd;
	__u32 nr;
	struct lskel_ring *rings;
	char *copy;
	bool stopped;		/* before all was read that epoll told of */
};

/* The kernel's has 64 bits, and an unsigned long of the caller may have less. The
 * lower half is enough for distances in a ring.
 */
static inline __u32 lskel_produced(const struct lskel_ring *ring)
{
	const __u32 *half = (const __u32 *)ring->produced;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		half++;
	return __atomic_load_n(half, __ATOMIC_ACQUIRE);
}

/* Nobody else writes it. */
static inline __u64 lskel_consumed(const struct lskel_ring *ring)
{
	__u64 at;

	memcpy(&at, ring->consumed, sizeof(at));
	return at;
}

/* What is before @at may be overwritten from now on */
static inline void lskel_consume(const struct lskel_ring *ring, __u64 at)
{
#if __GCC_ATOMIC_LLONG_LOCK_FREE == 2
	typedef __u64 __attribute__((aligned(8), may_alias)) position;

	__atomic_store_n((position *)ring->consumed, at, __ATOMIC_RELEASE);
#else
	/* In between, where the lower half begins again, the ring seems to be full */
	__u32 *half = (__u32 *)ring->consumed;
	const int low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	__atomic_store_n(&half[!low], (__u32)(at >> 32), __ATOMIC_RELEASE);
	__atomic_store_n(&half[low], (__u32)at, __ATOMIC_RELEASE);
#endif
}

/* No bytes of a ring that the kernel has filled */
static inline int lskel_ring_broken(void)
{
	return lskel_helper_fail(-EIO, "there are no records where the kernel says so:");
}

/* Free what @ring has, which may not be all */
static inline void lskel_ring_end(struct lskel_ring *ring)
{
	int i;

	for (i = 0; i < 2; i++)
		if (ring->mapped[i])
			munmap(ring->mapped[i], ring->mapped_size[i]);
	if (ring->end)
		ring->end(ring);
}

static inline void *lskel_ring_map(struct lskel_ring *ring, int nr, __u64 size, int prot, int fd,
				   size_t offset)
{
	void *mapped = MAP_FAILED;

	errno = ENOMEM;
	if (size <= SIZE_MAX)
		mapped = mmap(NULL, (size_t)size, prot, MAP_SHARED, fd, (off_t)offset);
	if (mapped == MAP_FAILED)
		return NULL;
	ring->mapped_size[nr] = (size_t)size;
	return ring->mapped[nr] = mapped;
}

/* Let @ring be one of the set, which ends it from then on; or leave it */
static inline int lskel_rings_add(struct lskel_rings *rings, const struct lskel_ring *ring)
{
	struct lskel_ring *more;
	struct epoll_event event;

	more = (struct lskel_ring *)realloc(rings->rings, (rings->nr + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	rings->rings = more;
	memset(&event, 0, sizeof(event));
	event.events = EPOLLIN;
	event.data.u32 = rings->nr;
	if (epoll_ctl(rings->epoll_fd, EPOLL_CTL_ADD, ring->fd, &event))
		return -errno;
	more[rings->nr++] = *ring;
	return 0;
}

/* End all but the first @nr */
static inline void lskel_rings_drop(struct lskel_rings *rings, __u32 nr)
{
	struct epoll_event none;

	while (rings->nr > nr) {
		struct lskel_ring *ring = &rings->rings[--rings->nr];

		epoll_ctl(rings->epoll_fd, EPOLL_CTL_DEL, ring->fd, &none);
		lskel_ring_end(ring);
	}
}

/* An empty set, to be closed; or NULL */
static inline struct lskel_rings *lskel_rings_open(void)
{
	struct lskel_rings *rings = (struct lskel_rings *)calloc(1, sizeof(*rings));
	int err;

	if (rings) {
		rings->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
		if (rings->epoll_fd >= 0)
			return rings;
	}
	err = errno;
	free(rings);
	lskel_helper_fail(-err, "cannot make a set of rings:");
	return NULL;
}

/* Takes NULL */
static inline void lskel_rings_close(struct lskel_rings *rings)
{
	if (!rings)
		return;
	lskel_rings_drop(rings, 0);
	lskel_close(&rings->epoll_fd);
	free(rings->rings);
	free(rings->copy);
	free(rings);
}

/* Add what a ring gave to the number of records @n */
static inline int lskel_rings_count(struct lskel_rings *rings, int n, int more)
{
	rings->stopped |= more < 0;
	return more < 0 ? more : n > INT32_MAX - more ? INT32_MAX : n + more;
}

/* Read what is there, without waiting. Returns as lskel_rings_poll() does. */
static inline int lskel_rings_consume(struct lskel_rings *rings)
{
	int n = 0;
	__u32 i;

	rings->stopped = false;
	for (i = 0; n >= 0 && i < rings->nr; i++)
		n = lskel_rings_count(rings, n, rings->rings[i].read(&rings->rings[i]));
	return n;
}

/* Wait for records, at most @timeout_ms milliseconds, or forever if it is negative,
 * and read what is there by then. Returns how many records there were, the negative
 * result of a callback that stopped it, or a negative errno: -EINTR for a signal.
 */
static inline int lskel_rings_poll(struct lskel_rings *rings, int timeout_ms)
{
	struct epoll_event events[16];
	int n = 0, ready, i;

	/* A perf event tells once. */
	if (rings->stopped) {
		n = lskel_rings_consume(rings);
		if (n)
			return n;
	}
	ready = epoll_wait(rings->epoll_fd, events, 16, timeout_ms);
	if (ready < 0)
		return lskel_helper_fail(-errno, "cannot wait for records:");
	for (i = 0; n >= 0 && i < ready; i++) {
		struct lskel_ring *ring = &rings->rings[events[i].data.u32];

		n = lskel_rings_count(rings, n, ring->read(ring));
	}
	return n;
}

#endif /* LSKEL_RINGS */
