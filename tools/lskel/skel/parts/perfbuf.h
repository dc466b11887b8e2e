/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Records that programs write with bpf_perf_event_output(), a ring per processor */
#ifndef LSKEL_PERFBUF
#define LSKEL_PERFBUF

/* Records have at most 64 KiB, and begin at multiples of 8 */
enum { LSKEL_PERFBUF_MAX = 1 << 16 };

/* One record, in one piece. Returns 1 if it was one of a program's. */
static inline int lskel_perfbuf_record(const struct lskel_ring *ring,
				       const struct perf_event_header *header)
{
	const char *body = (const char *)(header + 1);
	const size_t size = header->size - sizeof(*header);
	__u64 lost;
	__u32 raw;
	int ret;

	if (header->type == PERF_RECORD_SAMPLE) {
		if (size < sizeof(raw))
			return lskel_ring_broken();
		memcpy(&raw, body, sizeof(raw));
		if (raw > size - sizeof(raw))
			return lskel_ring_broken();
		ret = ring->record(ring->ctx, body + sizeof(raw), raw);
		return ret < 0 ? ret : 1;
	}
	if (header->type == PERF_RECORD_LOST && ring->lost) {
		if (size < 2 * sizeof(lost))
			return lskel_ring_broken();
		/* Behind the id of the event */
		memcpy(&lost, body + sizeof(lost), sizeof(lost));
		ring->lost(ring->ctx, ring->cpu, lost);
	}
	return 0;
}

static inline int lskel_perfbuf_read(struct lskel_ring *ring)
{
	const __u32 end = lskel_produced(ring);
	__u64 at = lskel_consumed(ring);
	int n = 0, ret;

	while ((__u32)at != end) {
		const __u32 from = at & (ring->size - 1), room = end - (__u32)at;
		const __u32 before_end = ring->size - from;
		const char *record = ring->data + from;
		struct perf_event_header header;

		if (at % 8 || room < sizeof(header) || room > ring->size)
			return lskel_ring_broken();
		memcpy(&header, record, sizeof(header));
		if (header.size < sizeof(header) || header.size > room || header.size % 8)
			return lskel_ring_broken();
		if (header.size > before_end) {
			memcpy(ring->copy, record, before_end);
			memcpy(ring->copy + before_end, ring->data, header.size - before_end);
			record = ring->copy;
		}
		ret = lskel_perfbuf_record(ring,
					   (const struct perf_event_header *)(const void *)record);
		at += header.size;
		lskel_consume(ring, at);
		if (ret < 0)
			return ret;
		n += ret;
	}
	return n;
}

/* Let @fd be what the map has for processor ring->cpu; or nothing if it is -1 */
static inline int lskel_perfbuf_set(const struct lskel_ring *ring, int fd)
{
	return lskel_elem(fd < 0 ? LSKEL_MAP_DELETE_ELEM : LSKEL_MAP_UPDATE_ELEM, ring->map_fd,
			  &ring->cpu, fd < 0 ? NULL : &fd);
}

static inline void lskel_perfbuf_end(struct lskel_ring *ring)
{
	lskel_perfbuf_set(ring, -1);
	lskel_close(&ring->fd);
}

static inline int lskel_perfbuf_open(int cpu)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_BPF_OUTPUT;
	attr.sample_type = PERF_SAMPLE_RAW;
	attr.sample_period = 1;
	attr.wakeup_events = 1;
	return lskel_perf_event_open(&attr, -1, cpu);
}

/* Have @rings read the perf event ring->fd, with a ring of @pages pages */
static inline int lskel_perfbuf_map(struct lskel_rings *rings, struct lskel_ring *ring, __u32 pages)
{
	const size_t page = lskel_pages(1);
	char *mapped;
	int err;

	mapped = (char *)lskel_ring_map(ring, 0, (pages + (__u64)1) * page, PROT_READ | PROT_WRITE,
					ring->fd, 0);
	err = mapped ? 0 : -errno;
	if (mapped) {
		ring->produced = mapped + offsetof(struct perf_event_mmap_page, data_head);
		ring->consumed = mapped + offsetof(struct perf_event_mmap_page, data_tail);
		ring->data = mapped + page;
		ring->size = (__u32)(pages * page);
		err = lskel_rings_add(rings, ring);
	}
	if (err)
		lskel_ring_end(ring);
	return err;
}

/* Have @rings read what goes to the perf event array @map_fd too, of all processors
 * that are online now: @record gets the records, with @ctx; @lost, which may be 0,
 * how many there was no room for. @pages: of each ring, a power of two.
 */
static inline int lskel_perfbuf_add(struct lskel_rings *rings, int map_fd, __u32 pages,
				    lskel_record_fn record,
				    void (*lost)(void *ctx, int cpu, __u64 records), void *ctx)
{
	const __u32 nr = rings->nr;
	struct lskel_map_info info;
	__u32 cpu;
	int err;

	err = lskel_get_map_info(map_fd, &info);
	if (!err && info.type != 4 /* BPF_MAP_TYPE_PERF_EVENT_ARRAY */)
		err = -EINVAL;
	if (err)
		return lskel_helper_fail(err, "descriptor %d is no perf event array:", map_fd);
	if (!pages || (pages & (pages - 1)) || pages > (1u << 31) / lskel_pages(1))
		return lskel_helper_fail(-EINVAL, "a perf buffer has no %u pages, but a power of two", pages);
	/* For the records that wrap */
	if (!rings->copy)
		rings->copy = (char *)malloc(LSKEL_PERFBUF_MAX);
	if (!rings->copy)
		err = -ENOMEM;
	for (cpu = 0; !err && cpu < info.max_entries; cpu++) {
		struct lskel_ring ring;

		memset(&ring, 0, sizeof(ring));
		ring.read = lskel_perfbuf_read;
		ring.end = lskel_perfbuf_end;
		ring.fd = lskel_perfbuf_open((int)cpu);
		/* Offline, or the map has more than the kernel has processors */
		if (ring.fd == -ENODEV || (ring.fd == -EINVAL && rings->nr > nr))
			continue;
		ring.map_fd = map_fd;
		ring.cpu = (int)cpu;
		ring.copy = rings->copy;
		ring.record = record;
		ring.lost = lost;
		ring.ctx = ctx;
		err = ring.fd < 0 ? ring.fd : lskel_perfbuf_map(rings, &ring, pages);
		/* Last, since epoll is not told of what was before */
		if (!err)
			err = lskel_perfbuf_set(&ring, ring.fd);
	}
	if (!err)
		return 0;
	lskel_rings_drop(rings, nr);
	return lskel_helper_fail(err, "cannot read perf buffer '%.16s':", info.name);
}

#endif /* LSKEL_PERFBUF */
