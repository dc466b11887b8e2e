/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the kernel tells of its objects */
#ifndef LSKEL_INFO
#define LSKEL_INFO

struct lskel_info_attr {
	__u32 bpf_fd, info_len;
	__u64 info;
};

/* Have it written to the @size bytes at @info, as far as it knows so much; what is in
 * them before is zero, or what it is asked for.
 */
static inline int lskel_get_info(int fd, void *info, size_t size)
{
	struct lskel_info_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf_fd = (__u32)fd;
	attr.info_len = (__u32)size;
	attr.info = lskel_address(info);
	return lskel_bpf(15 /* OBJ_GET_INFO_BY_FD */, &attr, sizeof(attr));
}

#endif /* LSKEL_INFO */
