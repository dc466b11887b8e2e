// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pointers in the attribute of a nested command are addresses in the kernel
 * that a program made up. No value of any of them may do harm.
 */
#include "test.h"

#include <bpf/libbpf.h>

static const struct bpf_insn return_0[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

/* Records for the one function of t_btf_raw(), larger than 5.10 knows them */
static const struct {
	struct bpf_func_info known;
	__u32 tail;
} func_info = { .known = { .insn_off = 0, .type_id = 3 } };

static const struct {
	struct bpf_line_info known;
	__u32 tail;
} line_info = { .known = { .insn_off = 0, .file_name_off = 1, .line_off = 1 } };

FIXTURE(sys_bpf_pointers)
{
	struct t_nested n;
	union t_attr attr;
	int hash, btf;
	__u32 key;
	struct t_live before;
};

FIXTURE_SETUP(sys_bpf_pointers)
{
	t_live_count(&self->before);
	ASSERT_EQ(0, t_nested_open(&self->n, 32768)) TH_LOG("%s", t_log);
	/* What stands at the very end has no end of its own */
	memset(self->n.mem + self->n.size - 2, 'x', 2);
	self->hash = t_map(BPF_MAP_TYPE_HASH, 4, 8, 4, 0);
	ASSERT_LE(0, self->hash);
	self->btf = t_btf_load();
	ASSERT_LE(0, self->btf);
	memset(&self->attr, 0, sizeof(self->attr));
	self->key = 1;
}

FIXTURE_TEARDOWN(sys_bpf_pointers)
{
	t_nested_close(&self->n);
	close(self->hash);
	close(self->btf);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

struct field {
	const char *name;
	unsigned int cmd;
	unsigned int size;	/* of the attribute */
	size_t offset;		/* of the pointer in it */
	int at_null;		/* result for NULL */
	int of_user;		/* result for an address of user memory */
};

#define FIELD_BUT(command, member, last, null_result, user_result)	\
	(&(struct field){ .name = #member, .cmd = command,		\
			  .offset = offsetof(union t_attr, bpf.member),	\
			  .size = t_attr_end(bpf.last),			\
			  .at_null = null_result, .of_user = user_result })
#define FIELD(command, member, last)					\
	FIELD_BUT(command, member, last, -EFAULT, -EFAULT)

/* The command with one pointer replaced by each bad one, all others good */
static void try_bad(struct __test_metadata *_metadata, struct t_nested *n,
		    union t_attr *attr, const struct field *field)
{
	const struct {
		__u64 pointer;
		int result;
	} bad[] = {
		{ 0, field->at_null },
		{ 1, -EFAULT },
		{ 4095, -EFAULT },
		{ 0xdeadbeef00000000, -EFAULT },
		{ 0xdeadbeefdeadbeef, -EFAULT },
		{ 0xffff8000deadbee8, -EFAULT },
		{ ~0ULL, -EFAULT },
		{ ~7ULL, -EFAULT },
		{ t_nested_end(n, 2), -EFAULT },
		{ t_nested_end(n, 0), -EFAULT },
		{ t_ptr("user"), field->of_user },
		{ t_ptr(attr), field->of_user },
	};
	__u64 *pointer = (__u64 *)&attr->bytes[field->offset];
	__u64 good = *pointer;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		long ret;

		*pointer = bad[i].pointer;
		ret = t_nested_bpf(n, field->cmd, attr, field->size);
		EXPECT_EQ(bad[i].result, ret)
			TH_LOG("%s = %#llx", field->name, bad[i].pointer);
		if (ret >= 0)
			close(ret);
	}
	*pointer = good;
}

TEST_F(sys_bpf_pointers, map_elements)
{
	union t_attr *attr = &self->attr;
	const __u64 value = 1;

	attr->bpf.map_fd = self->hash;
	attr->bpf.key = t_nested_put(&self->n, &self->key, 4);
	attr->bpf.value = t_nested_put(&self->n, &value, 8);
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_MAP_UPDATE_ELEM, key, flags));
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_MAP_UPDATE_ELEM, value, flags));
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_MAP_DELETE_ELEM, key, key));
	EXPECT_EQ(0, t_nested_bpf(&self->n, BPF_MAP_UPDATE_ELEM, attr,
				  t_attr_end(bpf.flags)));
}

static void prog_attr(struct t_nested *n, union t_attr *attr, int btf)
{
	t_prog_attr(attr, return_0, ARRAY_SIZE(return_0));
	attr->bpf.insns = t_nested_put(n, return_0, sizeof(return_0));
	attr->bpf.license = t_nested_put(n, "GPL", 4);
	attr->bpf.prog_btf_fd = btf;
	attr->bpf.func_info = t_nested_put(n, &func_info, sizeof(func_info));
	attr->bpf.func_info_cnt = 1;
	attr->bpf.func_info_rec_size = sizeof(func_info.known);
	attr->bpf.line_info = t_nested_put(n, &line_info, sizeof(line_info));
	attr->bpf.line_info_cnt = 1;
	attr->bpf.line_info_rec_size = sizeof(line_info.known);
}

TEST_F(sys_bpf_pointers, program)
{
	union t_attr *attr = &self->attr;
	int fd;

	prog_attr(&self->n, attr, self->btf);
	fd = t_nested_bpf(&self->n, BPF_PROG_LOAD, attr,
			  t_attr_end(bpf.fd_array));
	ASSERT_LE(0, fd);
	close(fd);
	try_bad(_metadata, &self->n, attr, FIELD(BPF_PROG_LOAD, insns, fd_array));
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_PROG_LOAD, license, fd_array));
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_PROG_LOAD, func_info, fd_array));
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_PROG_LOAD, line_info, fd_array));
}

TEST_F(sys_bpf_pointers, fd_array)
{
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, 0, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	union t_attr *attr = &self->attr;

	t_prog_attr(attr, insns, ARRAY_SIZE(insns));
	attr->bpf.insns = t_nested_put(&self->n, insns, sizeof(insns));
	attr->bpf.license = t_nested_put(&self->n, "GPL", 4);
	try_bad(_metadata, &self->n, attr,
		FIELD_BUT(BPF_PROG_LOAD, fd_array, fd_array, -EPROTO, -EFAULT));
}

TEST_F(sys_bpf_pointers, btf)
{
	union t_attr *attr = &self->attr;

	t_btf_raw(&attr->bpf.btf_size);
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_BTF_LOAD, btf, btf_log_level));
}

/* Mainline takes the name from user memory, whoever asks; here both do */
TEST_F(sys_bpf_pointers, raw_tracepoint_name)
{
	union t_attr *attr = &self->attr;
	int prog = t_load_type(BPF_PROG_TYPE_RAW_TRACEPOINT, return_0,
			       ARRAY_SIZE(return_0));

	ASSERT_LE(0, prog);
	attr->bpf.raw_tracepoint.prog_fd = prog;
	try_bad(_metadata, &self->n, attr,
		FIELD_BUT(BPF_RAW_TRACEPOINT_OPEN, raw_tracepoint.name,
			  raw_tracepoint.prog_fd, -EFAULT, -ENOENT));
	close(prog);
}

TEST_F(sys_bpf_pointers, raw_tracepoint_name_in_kernel_memory)
{
	union t_attr *attr = &self->attr;
	int link, prog;

	T_ONLY_OURS("tracepoint names are read from user memory");
	prog = t_load_type(BPF_PROG_TYPE_RAW_TRACEPOINT, return_0,
			   ARRAY_SIZE(return_0));
	ASSERT_LE(0, prog);
	attr->bpf.raw_tracepoint.prog_fd = prog;
	attr->bpf.raw_tracepoint.name = t_nested_put(&self->n, "sys_enter", 10);
	link = t_nested_bpf(&self->n, BPF_RAW_TRACEPOINT_OPEN, attr,
			    t_attr_end(bpf.raw_tracepoint.prog_fd));
	EXPECT_LE(0, link);
	close(link);
	attr->bpf.raw_tracepoint.name = t_nested_put(&self->n, "nosuch", 7);
	EXPECT_EQ(-ENOENT, t_nested_bpf(&self->n, BPF_RAW_TRACEPOINT_OPEN, attr,
					t_attr_end(bpf.raw_tracepoint.prog_fd)));
	close(prog);
}

static int load_iter(void)
{
	union t_attr attr;
	int id = libbpf_find_vmlinux_btf_id("bpf_map", BPF_TRACE_ITER);

	if (id < 0)
		return id;
	t_prog_attr(&attr, return_0, ARRAY_SIZE(return_0));
	attr.bpf.prog_type = BPF_PROG_TYPE_TRACING;
	attr.bpf.prog_flags = 0;
	attr.bpf.expected_attach_type = BPF_TRACE_ITER;
	attr.bpf.attach_btf_id = id;
	return t_load_attr(&attr, t_attr_end(bpf.fd_array));
}

TEST_F(sys_bpf_pointers, iterator_target)
{
	union t_attr *attr = &self->attr;
	int link, prog = load_iter();

	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	attr->bpf.link_create.prog_fd = prog;
	attr->bpf.link_create.attach_type = BPF_TRACE_ITER;
	link = t_nested_bpf(&self->n, BPF_LINK_CREATE, attr,
			    t_attr_end(bpf.link_create.iter_info_len));
	EXPECT_LE(0, link);
	close(link);
	attr->bpf.link_create.iter_info_len = 4;
	try_bad(_metadata, &self->n, attr,
		FIELD_BUT(BPF_LINK_CREATE, link_create.iter_info,
			  link_create.iter_info_len, -EINVAL, -EFAULT));
	close(prog);
}

/*
 * A record that is larger than the kernel knows has a tail that must be zero;
 * the look at it must be as careful as the copy of the record.
 */
TEST_F(sys_bpf_pointers, tails_of_records)
{
	union t_attr *attr = &self->attr;
	int prog;

	T_ONLY_OURS("tails in kernel memory are scanned directly: an oops");
	prog_attr(&self->n, attr, self->btf);
	attr->bpf.func_info_rec_size = sizeof(func_info);
	attr->bpf.line_info_rec_size = sizeof(line_info);
	prog = t_nested_bpf(&self->n, BPF_PROG_LOAD, attr,
			    t_attr_end(bpf.fd_array));
	ASSERT_LE(0, prog);
	close(prog);
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_PROG_LOAD, func_info, fd_array));
	try_bad(_metadata, &self->n, attr,
		FIELD(BPF_PROG_LOAD, line_info, fd_array));

	memset(attr, 0, sizeof(*attr));
	prog = load_iter();
	ASSERT_LE(0, prog);
	attr->bpf.link_create.prog_fd = prog;
	attr->bpf.link_create.attach_type = BPF_TRACE_ITER;
	attr->bpf.link_create.iter_info_len = 64;
	try_bad(_metadata, &self->n, attr,
		FIELD_BUT(BPF_LINK_CREATE, link_create.iter_info,
			  link_create.iter_info_len, -EINVAL, -EFAULT));
	close(prog);
}

/* A tail that can be read but is not zero */
TEST_F(sys_bpf_pointers, tails_that_are_set)
{
	union t_attr *attr = &self->attr;
	const __u32 record[3] = { 0, 3, 1 };

	prog_attr(&self->n, attr, self->btf);
	attr->bpf.func_info = t_nested_put(&self->n, record, sizeof(record));
	attr->bpf.func_info_rec_size = sizeof(record);
	EXPECT_EQ(-E2BIG, t_nested_bpf(&self->n, BPF_PROG_LOAD, attr,
				       t_attr_end(bpf.fd_array)));
}

/* From user memory the kernel answers with the size that it knows */
TEST_F(sys_bpf_pointers, known_size_written_back_to_user)
{
	const __u32 record[3] = { 0, 3, 1 };
	union t_attr *attr = &self->attr;

	t_prog_attr(attr, return_0, ARRAY_SIZE(return_0));
	attr->bpf.prog_btf_fd = self->btf;
	attr->bpf.func_info = t_ptr(record);
	attr->bpf.func_info_cnt = 1;
	attr->bpf.func_info_rec_size = sizeof(record);
	EXPECT_EQ(-E2BIG, t_bpf(BPF_PROG_LOAD, attr, t_attr_end(bpf.fd_array)));
	EXPECT_EQ(sizeof(struct bpf_func_info), attr->bpf.func_info_rec_size);
}

/* A program's attribute may lie where not even the program may write */
TEST_F(sys_bpf_pointers, nothing_written_to_read_only_map)
{
	unsigned int size = t_attr_end(bpf.fd_array);
	int map = t_kernel_is_ours() ?
		  t_map(BPF_MAP_TYPE_ARRAY, 4, size, 1, BPF_F_RDONLY_PROG) : -1;
	const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_1, BPF_PROG_LOAD),
		BPF_LD_MAP_VALUE(BPF_REG_2, map, 0),
		BPF_MOV64_IMM(BPF_REG_3, size),
		BPF_EMIT_CALL(BPF_FUNC_sys_bpf),
		BPF_EXIT_INSN(),
	};
	const __u32 record[3] = { 0, 3, 1 };
	union t_attr *attr = &self->attr, seen = {}, freeze = {};
	__u32 key = 0, retval = 0;

	T_ONLY_OURS("record sizes are written back to kernel memory");
	ASSERT_LE(0, map);
	prog_attr(&self->n, attr, self->btf);
	attr->bpf.func_info = t_nested_put(&self->n, record, sizeof(record));
	attr->bpf.func_info_rec_size = sizeof(record);
	ASSERT_EQ(0, t_map_update(map, &key, attr));
	freeze.bpf.map_fd = map;
	ASSERT_EQ(0, t_bpf(BPF_MAP_FREEZE, &freeze, 4));

	EXPECT_EQ(0, t_load_run(insns, ARRAY_SIZE(insns), NULL, 0, &retval))
		TH_LOG("%s", t_log);
	EXPECT_EQ(-E2BIG, (int)retval);
	ASSERT_EQ(0, t_map_lookup(map, &key, &seen));
	EXPECT_EQ(0, memcmp(&seen, attr, size));
	close(map);
}

/* Nor behind the end of an attribute that is cut within a field */
TEST_F(sys_bpf_pointers, nothing_written_behind_attribute)
{
	/* What a CO-RE record of 20 bytes would be, with a tail that is set */
	const __u32 record[5] = { 0, 1, 1, 0, 1 };
	union t_attr *attr = &self->attr;
	unsigned int size;
	size_t i;
	long ret;

	T_ONLY_OURS("record sizes are written back to kernel memory");
	for (size = t_attr_end(bpf.func_info_rec_size);
	     size <= t_attr_end(bpf.core_relo_rec_size); size++) {
		prog_attr(&self->n, attr, self->btf);
		attr->bpf.core_relo_cnt = 1;
		attr->bpf.core_relos = t_nested_put(&self->n, record,
						    sizeof(record));
		attr->bpf.core_relo_rec_size = sizeof(record);
		memset(self->n.mem, 0xa5, T_ATTR_MAX);
		memcpy(self->n.mem, attr, size);
		ret = t_nested_bpf_at(&self->n, BPF_PROG_LOAD, 0, size);
		if (ret >= 0)
			close(ret);
		EXPECT_EQ(0, memcmp(self->n.mem, attr, size))
			TH_LOG("size %u", size);
		for (i = size; i < T_ATTR_MAX && self->n.mem[i] == 0xa5; i++)
			;
		EXPECT_EQ(T_ATTR_MAX, i) TH_LOG("size %u", size);
		self->n.used = 0;
	}
}

/* Logs go to the user, also those of nested commands */
TEST_F(sys_bpf_pointers, log_buffer)
{
	static char buffer[4096];
	union t_attr *attr = &self->attr;
	__u64 in_kernel = t_nested_put(&self->n, buffer, sizeof(buffer));
	unsigned int btf_size;
	const void *btf = t_btf_raw(&btf_size);
	int fd;

	prog_attr(&self->n, attr, self->btf);
	attr->bpf.log_level = 1;
	attr->bpf.log_size = sizeof(buffer);
	attr->bpf.log_buf = in_kernel;
	EXPECT_EQ(-EFAULT, t_nested_bpf(&self->n, BPF_PROG_LOAD, attr,
					t_attr_end(bpf.fd_array)));
	attr->bpf.log_buf = t_ptr(buffer);
	fd = t_nested_bpf(&self->n, BPF_PROG_LOAD, attr,
			  t_attr_end(bpf.fd_array));
	EXPECT_LE(0, fd);
	EXPECT_NE(NULL, strstr(buffer, "processed")) TH_LOG("%s", buffer);
	close(fd);

	memset(attr, 0, sizeof(*attr));
	memset(buffer, 0, sizeof(buffer));
	attr->bpf.btf = t_nested_put(&self->n, btf, btf_size);
	attr->bpf.btf_size = btf_size;
	attr->bpf.btf_log_level = 1;
	attr->bpf.btf_log_size = sizeof(buffer);
	attr->bpf.btf_log_buf = in_kernel;
	/* Before 6.4 BTF does without its log if that cannot be written */
	fd = t_nested_bpf(&self->n, BPF_BTF_LOAD, attr,
			  t_attr_end(bpf.btf_log_level));
	EXPECT_TRUE(fd >= 0 || (fd == -EFAULT && t_release() >= 604))
		TH_LOG("%d", fd);
	close(fd);
	EXPECT_EQ(0, memcmp(self->n.mem + (in_kernel - self->n.kaddr), buffer,
			    sizeof(buffer)));
	attr->bpf.btf_log_buf = t_ptr(buffer);
	fd = t_nested_bpf(&self->n, BPF_BTF_LOAD, attr,
			  t_attr_end(bpf.btf_log_level));
	EXPECT_LE(0, fd);
	EXPECT_NE(NULL, strstr(buffer, "FUNC_PROTO")) TH_LOG("%s", buffer);
	close(fd);
}

/* Sizes with which an allocation would wrap or a copy never end */
TEST_F(sys_bpf_pointers, absurd_sizes)
{
	static const __u32 counts[] = {
		0, 0x10000000, 0x20000000, 0x20000001, 0x80000000, 0xffffffff,
	};
	union t_attr *attr = &self->attr, *bad = malloc(sizeof(*bad));
	size_t i;
	int ret;

	ASSERT_NE(NULL, bad);
	prog_attr(&self->n, attr, self->btf);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		*bad = *attr;
		bad->bpf.insn_cnt = counts[i];
		EXPECT_EQ(-E2BIG, t_nested_bpf(&self->n, BPF_PROG_LOAD, bad,
					       t_attr_end(bpf.fd_array)));
		if (!counts[i])
			continue;
		*bad = *attr;
		bad->bpf.func_info_cnt = counts[i];
		ret = t_nested_bpf(&self->n, BPF_PROG_LOAD, bad,
				   t_attr_end(bpf.fd_array));
		EXPECT_TRUE(ret == -EINVAL || ret == -ENOMEM) TH_LOG("%d", ret);
		*bad = *attr;
		bad->bpf.line_info_cnt = counts[i];
		ret = t_nested_bpf(&self->n, BPF_PROG_LOAD, bad,
				   t_attr_end(bpf.fd_array));
		EXPECT_TRUE(ret == -EINVAL || ret == -ENOMEM) TH_LOG("%d", ret);
		memset(bad, 0, sizeof(*bad));
		bad->bpf.btf = attr->bpf.insns;
		bad->bpf.btf_size = counts[i];
		EXPECT_EQ(-E2BIG, t_nested_bpf(&self->n, BPF_BTF_LOAD, bad,
					       t_attr_end(bpf.btf_log_level)));
	}
	free(bad);
}

TEST_HARNESS_MAIN
