/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What a map is */
#ifndef LSKEL_MAP_INFO
#define LSKEL_MAP_INFO

struct lskel_map_info {
	__u32 type, id, key_size, value_size, max_entries, map_flags;
	char name[16];
	__u32 ifindex, btf_vmlinux_value_type_id;
	__u64 netns_dev, netns_ino;
	__u32 btf_id, btf_key_type_id, btf_value_type_id, padding;
	__u64 map_extra;
};

LSKEL_ASSERT(offsetof(struct lskel_map_info, map_extra) == 80);

static inline int lskel_get_map_info(int fd, struct lskel_map_info *info)
{
	memset(info, 0, sizeof(*info));
	return lskel_get_info(fd, info, sizeof(*info));
}

#endif /* LSKEL_MAP_INFO */
