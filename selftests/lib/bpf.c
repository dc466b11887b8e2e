// SPDX-License-Identifier: GPL-2.0-only
/* Commands of bpf(2), each with exactly the attribute bytes that are named. */
#include "t.h"

#include <sys/syscall.h>

char t_log[T_LOG_SIZE];

int t_bpf(unsigned int cmd, void *attr, unsigned int size)
{
	int ret = syscall(__NR_bpf, cmd, attr, size);

	return ret < 0 ? -errno : ret;
}

void t_prog_attr(union t_attr *attr, const struct bpf_insn *insns, size_t cnt)
{
	memset(attr, 0, sizeof(*attr));
	attr->bpf.prog_type = BPF_PROG_TYPE_SYSCALL;
	attr->bpf.prog_flags = BPF_F_SLEEPABLE;
	attr->bpf.insns = t_ptr(insns);
	attr->bpf.insn_cnt = cnt;
	attr->bpf.license = t_ptr("GPL");
}

/* A failed load is repeated with a log, so that a test can say why */
int t_load_attr(union t_attr *attr, unsigned int size)
{
	int fd, again;

	t_log[0] = '\0';
	fd = t_bpf(BPF_PROG_LOAD, attr, size);
	if (fd >= 0 || attr->bpf.log_level)
		return fd;

	attr->bpf.log_level = 1;
	attr->bpf.log_buf = t_ptr(t_log);
	attr->bpf.log_size = sizeof(t_log);
	again = t_bpf(BPF_PROG_LOAD, attr, size);
	if (again >= 0)
		close(again);
	attr->bpf.log_level = 0;
	attr->bpf.log_buf = 0;
	attr->bpf.log_size = 0;
	return fd;
}

int t_load(const struct bpf_insn *insns, size_t cnt)
{
	union t_attr attr;

	t_prog_attr(&attr, insns, cnt);
	return t_load_attr(&attr, t_attr_end(bpf.fd_array));
}

int t_load_type(unsigned int type, const struct bpf_insn *insns, size_t cnt)
{
	union t_attr attr;

	t_prog_attr(&attr, insns, cnt);
	attr.bpf.prog_type = type;
	attr.bpf.prog_flags = 0;
	return t_load_attr(&attr, t_attr_end(bpf.fd_array));
}

int t_drop(int fd)
{
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

bool t_log_no_helper(void)
{
	/* The words of 5.10 for no proto and for no such id, and of 6.12 */
	return strstr(t_log, "unknown func") || strstr(t_log, "invalid func") ||
	       strstr(t_log, "cannot use helper");
}

int t_run(int prog_fd, void *ctx, unsigned int ctx_size, __u32 *retval)
{
	union t_attr attr = {};
	int ret;

	attr.bpf.test.prog_fd = prog_fd;
	attr.bpf.test.ctx_in = t_ptr(ctx);
	attr.bpf.test.ctx_size_in = ctx_size;
	ret = t_bpf(BPF_PROG_TEST_RUN, &attr, t_attr_end(bpf.test.cpu));
	if (retval)
		*retval = attr.bpf.test.retval;
	return ret;
}

int t_load_run(const struct bpf_insn *insns, size_t cnt, void *ctx,
	       unsigned int ctx_size, __u32 *retval)
{
	int ret, fd = t_load(insns, cnt);

	if (fd < 0)
		return fd;
	ret = t_run(fd, ctx, ctx_size, retval);
	close(fd);
	return ret;
}

int t_map(unsigned int type, unsigned int key_size, unsigned int value_size,
	  unsigned int max_entries, unsigned int flags)
{
	union t_attr attr = {};

	attr.bpf.map_type = type;
	attr.bpf.key_size = key_size;
	attr.bpf.value_size = value_size;
	attr.bpf.max_entries = max_entries;
	attr.bpf.map_flags = flags;
	return t_bpf(BPF_MAP_CREATE, &attr, t_attr_end(bpf.map_flags));
}

static int map_elem(unsigned int cmd, int fd, const void *key, const void *value)
{
	union t_attr attr = {};

	attr.bpf.map_fd = fd;
	attr.bpf.key = t_ptr(key);
	attr.bpf.value = t_ptr(value);
	return t_bpf(cmd, &attr, t_attr_end(bpf.flags));
}

int t_map_update(int fd, const void *key, const void *value)
{
	return map_elem(BPF_MAP_UPDATE_ELEM, fd, key, value);
}

int t_map_lookup(int fd, const void *key, void *value)
{
	return map_elem(BPF_MAP_LOOKUP_ELEM, fd, key, value);
}

static int info_by_fd(int fd, void *info, unsigned int size)
{
	union t_attr attr = {};

	attr.bpf.info.bpf_fd = fd;
	attr.bpf.info.info = t_ptr(info);
	attr.bpf.info.info_len = size;
	return t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, t_attr_end(bpf.info.info));
}

__u32 t_map_id(int fd)
{
	struct bpf_map_info info = {};

	return info_by_fd(fd, &info, sizeof(info)) ? 0 : info.id;
}

__u32 t_prog_id(int fd)
{
	struct bpf_prog_info info = {};

	return info_by_fd(fd, &info, sizeof(info)) ? 0 : info.id;
}
