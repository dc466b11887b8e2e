/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Records of BPF_MAP_TYPE_RINGBUF */
#ifndef LSKEL_RINGBUF
#define LSKEL_RINGBUF

/* The records that are complete, up to the first that is not */
static inline int lskel_ringbuf_read(struct lskel_ring *ring)
{
	const __u32 end = lskel_produced(ring), busy = 1u << 31, discard = 1u << 30;
	__u64 at = lskel_consumed(ring);
	int n = 0, ret;

	while ((__u32)at != end) {
		const char *header = ring->data + (at & (ring->size - 1));
		const __u32 room = end - (__u32)at;
		__u32 len, size;

		if (at % 8 || room < 8 || room > ring->size)
			return lskel_ring_broken();
		len = __atomic_load_n((const __u32 *)(const void *)header, __ATOMIC_ACQUIRE);
		if (len & busy)
			break;
		size = len & ~discard;
		if (size > room - 8)
			return lskel_ring_broken();
		ret = len & discard ? 0 : ring->record(ring->ctx, header + 8, size);
		at += ((__u64)size + 15) / 8 * 8;
		lskel_consume(ring, at);
		if (ret < 0)
			return ret;
		n += !(len & discard);
	}
	return n;
}

/* Have @rings read the ring buffer @map_fd too: @record gets its records, with @ctx */
static inline int lskel_ringbuf_add(struct lskel_rings *rings, int map_fd, lskel_record_fn record,
				    void *ctx)
{
	const size_t page = lskel_pages(1);
	struct lskel_map_info info;
	struct lskel_ring ring;
	int err;

	err = lskel_get_map_info(map_fd, &info);
	if (!err && info.type != 27 /* BPF_MAP_TYPE_RINGBUF */)
		err = -EINVAL;
	if (err)
		return lskel_helper_fail(err, "descriptor %d is no ring buffer:", map_fd);
	memset(&ring, 0, sizeof(ring));
	ring.read = lskel_ringbuf_read;
	ring.fd = map_fd;
	ring.size = info.max_entries;
	ring.record = record;
	ring.ctx = ctx;
	/* Our position, the kernel's, and the data, twice so that no record wraps */
	ring.consumed = lskel_ring_map(&ring, 0, page, PROT_READ | PROT_WRITE, map_fd, 0);
	if (ring.consumed)
		ring.produced = lskel_ring_map(&ring, 1, page + 2 * (__u64)info.max_entries, PROT_READ,
					       map_fd, page);
	ring.data = (const char *)ring.produced + page;
	err = ring.produced ? lskel_rings_add(rings, &ring) : -errno;
	if (!err)
		return 0;
	lskel_ring_end(&ring);
	return lskel_helper_fail(err, "cannot read ring buffer '%.16s':", info.name);
}

#endif /* LSKEL_RINGBUF */
