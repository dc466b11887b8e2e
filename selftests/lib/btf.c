// SPDX-License-Identifier: GPL-2.0-only
/* The smallest BTF that can describe a program's main function. */
#include "t.h"

#include <linux/btf.h>

#define INFO(kind, vlen)	((kind) << 24 | (vlen))

static const struct {
	struct btf_header hdr;
	struct {
		struct btf_type int_type;
		__u32 int_data;
		struct btf_type proto;
		struct btf_type func;
	} types;
	char strings[8];
} raw = {
	.hdr = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(struct btf_header),
		.type_len = sizeof(raw.types),
		.str_off = sizeof(raw.types),
		.str_len = sizeof(raw.strings),
	},
	.types = {
		.int_type = { .name_off = 1, .info = INFO(BTF_KIND_INT, 0),
			      .size = 4 },
		.int_data = BTF_INT_SIGNED << 24 | 32,
		.proto = { .info = INFO(BTF_KIND_FUNC_PROTO, 0), .type = 1 },
		.func = { .name_off = 5, .info = INFO(BTF_KIND_FUNC, 0),
			  .type = 2 },
	},
	.strings = "\0int\0f",
};

const void *t_btf_raw(unsigned int *size)
{
	*size = sizeof(raw);
	return &raw;
}

int t_btf_load(void)
{
	union t_attr attr = {};

	attr.bpf.btf = t_ptr(&raw);
	attr.bpf.btf_size = sizeof(raw);
	return t_bpf(BPF_BTF_LOAD, &attr, t_attr_end(bpf.btf_log_level));
}

int t_btf_by_id(__u32 id)
{
	union t_attr attr = { .bpf.btf_id = id };

	return t_bpf(BPF_BTF_GET_FD_BY_ID, &attr, t_attr_end(bpf.open_flags));
}

int t_btf_info(int fd, void *info, __u32 size)
{
	union t_attr attr = {};

	attr.bpf.info.bpf_fd = fd;
	attr.bpf.info.info_len = size;
	attr.bpf.info.info = t_ptr(info);
	return t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.bpf.info));
}

int t_kernel_btf(const char *name)
{
	union t_attr attr = {};
	char buf[64];
	int fd, err;

	while (!t_bpf(BPF_BTF_GET_NEXT_ID, &attr, t_attr_end(bpf.open_flags))) {
		struct bpf_btf_info info = {
			.name = t_ptr(buf), .name_len = sizeof(buf),
		};

		attr.bpf.start_id = attr.bpf.next_id;
		fd = t_btf_by_id(attr.bpf.next_id);
		if (fd < 0)
			continue;
		err = t_btf_info(fd, &info, sizeof(info));
		if (!err && info.kernel_btf && !strcmp(buf, name))
			return fd;
		close(fd);
	}
	return -ENOENT;
}
