/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Elements of maps */
#ifndef LSKEL_ELEM
#define LSKEL_ELEM

enum { LSKEL_MAP_LOOKUP_ELEM = 1, LSKEL_MAP_UPDATE_ELEM, LSKEL_MAP_DELETE_ELEM, LSKEL_MAP_GET_NEXT_KEY };

struct lskel_elem_attr {
	__u32 map_fd, padding;
	__u64 key, value, flags;
};

/* @value is what GET_NEXT_KEY calls next_key */
static inline int lskel_elem(unsigned int cmd, int map_fd, const void *key, const void *value)
{
	struct lskel_elem_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (__u32)map_fd;
	attr.key = lskel_address(key);
	attr.value = lskel_address(value);
	return lskel_bpf(cmd, &attr, sizeof(attr));
}

#endif /* LSKEL_ELEM */
