// SPDX-License-Identifier: GPL-2.0-only
/* bpf_sys_bpf(): which commands, which attribute sizes, and whose rights. */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <pthread.h>

static const struct bpf_insn return_0[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

FIXTURE(sys_bpf_cmds)
{
	struct t_nested n;
	union t_attr attr;
	struct t_live before;
};

FIXTURE_SETUP(sys_bpf_cmds)
{
	t_live_count(&self->before);
	ASSERT_EQ(0, t_nested_open(&self->n, 4096)) TH_LOG("%s", t_log);
	memset(&self->attr, 0, sizeof(self->attr));
}

FIXTURE_TEARDOWN(sys_bpf_cmds)
{
	t_nested_close(&self->n);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static bool allowed(unsigned int cmd)
{
	switch (cmd) {
	case BPF_MAP_CREATE:
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
	case BPF_MAP_FREEZE:
	case BPF_MAP_GET_FD_BY_ID:
	case BPF_PROG_LOAD:
	case BPF_BTF_LOAD:
	case BPF_LINK_CREATE:
	case BPF_RAW_TRACEPOINT_OPEN:
		return true;
	default:
		return false;
	}
}

/*
 * An attribute with a byte set behind what any kernel knows tells a command
 * that is looked at (-E2BIG) from one that is refused unseen (-EINVAL).
 */
TEST_F(sys_bpf_cmds, nothing_but_the_list)
{
	static const unsigned int far[] = { 0x7fffffff, 0x80000000, 0xffffffff };
	unsigned int cmd;
	size_t i;

	self->attr.bytes[1000] = 1;
	for (cmd = 0; cmd < 64; cmd++)
		EXPECT_EQ(allowed(cmd) ? -E2BIG : -EINVAL,
			  t_nested_bpf(&self->n, cmd, &self->attr, 1001))
			TH_LOG("command %u", cmd);
	for (i = 0; i < ARRAY_SIZE(far); i++)
		EXPECT_EQ(-EINVAL, t_nested_bpf(&self->n, far[i], &self->attr,
						1001));
}

/* A program that runs programs could recurse without bound */
TEST_F(sys_bpf_cmds, no_test_run)
{
	self->attr.bpf.test.prog_fd = T_LOAD(return_0);
	EXPECT_EQ(-EINVAL, t_nested_bpf(&self->n, BPF_PROG_TEST_RUN,
					&self->attr,
					t_attr_end(bpf.test.batch_size)));
	close(self->attr.bpf.test.prog_fd);
}

static void array_attr(union t_attr *attr)
{
	memset(attr, 0, sizeof(*attr));
	attr->bpf.map_type = BPF_MAP_TYPE_ARRAY;
	attr->bpf.key_size = 4;
	attr->bpf.value_size = 8;
	attr->bpf.max_entries = 1;
}

TEST_F(sys_bpf_cmds, attribute_sizes)
{
	static const struct {
		unsigned int size;
		int result;
	} sizes[] = {
		{ 1, -EINVAL },			/* type ARRAY, the rest 0 */
		{ 12, -EINVAL },		/* still no max_entries */
		{ 13, 0 },			/* its low byte is enough */
		{ 16, 0 }, { 20, 0 }, { 64, 0 }, { 72, 0 }, { 120, 0 },
		{ 140, 0 }, { 168, 0 }, { 4096, 0 },
		{ 4097, -E2BIG }, { 8192, -E2BIG },
	};
	size_t i;

	array_attr(&self->attr);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		int fd = t_nested_bpf(&self->n, BPF_MAP_CREATE, &self->attr,
				      sizes[i].size);

		EXPECT_EQ(sizes[i].result, fd < 0 ? fd : 0)
			TH_LOG("size %u", sizes[i].size);
		close(fd);
	}
	self->attr.bytes[4095] = 1;
	EXPECT_EQ(-E2BIG, t_nested_bpf(&self->n, BPF_MAP_CREATE, &self->attr,
				       4096));
	EXPECT_EQ(-EINVAL, t_nested_bpf(&self->n, 63, &self->attr, 4097));
}

/* Errors arrive as 64-bit negative numbers: loaders compare them so */
TEST_F(sys_bpf_cmds, errors_are_sign_extended)
{
	EXPECT_EQ(-EINVAL, t_nested_bpf(&self->n, BPF_MAP_CREATE, &self->attr,
					20));
}

/* Everything on the list works, and by id what was just made */
TEST_F(sys_bpf_cmds, commands_work)
{
	struct t_nested *n = &self->n;
	union t_attr attr;
	const void *btf;
	__u32 key = 0;
	__u64 value = 0x1234567890abcdef, seen = 0;
	unsigned int btf_size;
	int map, again, prog, btf_fd, link;

	array_attr(&attr);
	map = t_nested_bpf(n, BPF_MAP_CREATE, &attr, t_attr_end(bpf.map_flags));
	ASSERT_LE(0, map);

	memset(&attr, 0, sizeof(attr));
	attr.bpf.map_id = t_map_id(map);
	again = t_nested_bpf(n, BPF_MAP_GET_FD_BY_ID, &attr,
			     t_attr_end(bpf.open_flags));
	EXPECT_LE(0, again);

	memset(&attr, 0, sizeof(attr));
	attr.bpf.map_fd = again;
	attr.bpf.key = t_nested_put(n, &key, sizeof(key));
	attr.bpf.value = t_nested_put(n, &value, sizeof(value));
	EXPECT_EQ(0, t_nested_bpf(n, BPF_MAP_UPDATE_ELEM, &attr,
				  t_attr_end(bpf.flags)));
	EXPECT_EQ(0, t_map_lookup(map, &key, &seen));
	EXPECT_EQ(value, seen);
	/* An array's element cannot be deleted; the command got that far */
	EXPECT_EQ(-EINVAL, t_nested_bpf(n, BPF_MAP_DELETE_ELEM, &attr,
					t_attr_end(bpf.key)));
	memset(&attr, 0, sizeof(attr));
	attr.bpf.map_fd = again;
	EXPECT_EQ(0, t_nested_bpf(n, BPF_MAP_FREEZE, &attr, 4));
	EXPECT_EQ(-EPERM, t_map_update(map, &key, &value));
	close(again);
	close(map);

	map = t_map(BPF_MAP_TYPE_HASH, 4, 8, 1, 0);
	ASSERT_EQ(0, t_map_update(map, &key, &value));
	memset(&attr, 0, sizeof(attr));
	attr.bpf.map_fd = map;
	attr.bpf.key = t_nested_put(n, &key, sizeof(key));
	EXPECT_EQ(0, t_nested_bpf(n, BPF_MAP_DELETE_ELEM, &attr,
				  t_attr_end(bpf.key)));
	EXPECT_EQ(-ENOENT, t_map_lookup(map, &key, &seen));
	close(map);

	memset(&attr, 0, sizeof(attr));
	btf = t_btf_raw(&btf_size);
	attr.bpf.btf = t_nested_put(n, btf, btf_size);
	attr.bpf.btf_size = btf_size;
	btf_fd = t_nested_bpf(n, BPF_BTF_LOAD, &attr,
			      t_attr_end(bpf.btf_log_level));
	EXPECT_LE(0, btf_fd);
	close(btf_fd);

	t_prog_attr(&attr, return_0, ARRAY_SIZE(return_0));
	attr.bpf.insns = t_nested_put(n, return_0, sizeof(return_0));
	attr.bpf.license = t_nested_put(n, "GPL", 4);
	prog = t_nested_bpf(n, BPF_PROG_LOAD, &attr, t_attr_end(bpf.fd_array));
	EXPECT_LE(0, prog);
	close(prog);

	/* The name of a raw tracepoint is a pointer of the user's */
	prog = t_load_type(BPF_PROG_TYPE_RAW_TRACEPOINT, return_0,
			   ARRAY_SIZE(return_0));
	ASSERT_LE(0, prog);
	memset(&attr, 0, sizeof(attr));
	attr.bpf.raw_tracepoint.name = t_ptr("sys_enter");
	attr.bpf.raw_tracepoint.prog_fd = prog;
	link = t_nested_bpf(n, BPF_RAW_TRACEPOINT_OPEN, &attr,
			    t_attr_end(bpf.raw_tracepoint.prog_fd));
	EXPECT_LE(0, link) TH_LOG("raw tracepoint: %d", link);
	close(link);
	close(prog);
}

TEST_F(sys_bpf_cmds, link_create)
{
	union t_attr attr = {};
	int prog, link, cgroup;

	prog = t_load_type(BPF_PROG_TYPE_CGROUP_SKB, return_0,
			   ARRAY_SIZE(return_0));
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	cgroup = open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY);
	ASSERT_LE(0, cgroup);
	attr.bpf.link_create.prog_fd = prog;
	attr.bpf.link_create.target_fd = cgroup;
	attr.bpf.link_create.attach_type = BPF_CGROUP_INET_INGRESS;
	link = t_nested_bpf(&self->n, BPF_LINK_CREATE, &attr,
			    t_attr_end(bpf.link_create.flags));
	EXPECT_LE(0, link) TH_LOG("link: %d", link);
	close(link);
	close(cgroup);
	close(prog);
}

/* A task without rights may run what it was handed, and do no more with it */
TEST_F(sys_bpf_cmds, rights_are_those_of_the_caller)
{
	union t_attr *attr = &self->attr;
	int fd;

	if (t_write(T_UNPRIVILEGED_OFF, "0"))
		SKIP(return, "unprivileged bpf(2) is off until the next boot");
	ASSERT_EQ(0, t_caps_keep(0));

	array_attr(attr);
	fd = t_nested_bpf(&self->n, BPF_MAP_CREATE, attr,
			  t_attr_end(bpf.map_flags));
	EXPECT_LE(0, fd);
	close(fd);
	attr->bpf.map_type = BPF_MAP_TYPE_LRU_HASH;
	EXPECT_EQ(-EPERM, t_nested_bpf(&self->n, BPF_MAP_CREATE, attr,
				       t_attr_end(bpf.map_flags)));

	t_prog_attr(attr, return_0, ARRAY_SIZE(return_0));
	attr->bpf.insns = t_nested_put(&self->n, return_0, sizeof(return_0));
	attr->bpf.license = t_nested_put(&self->n, "GPL", 4);
	EXPECT_EQ(-EPERM, t_nested_bpf(&self->n, BPF_PROG_LOAD, attr,
				       t_attr_end(bpf.fd_array)));

	memset(attr, 0, sizeof(*attr));
	attr->bpf.map_id = 1;
	EXPECT_EQ(-EPERM, t_nested_bpf(&self->n, BPF_MAP_GET_FD_BY_ID, attr,
				       t_attr_end(bpf.open_flags)));
	/* The count of what is left needs rights that are gone */
	t_nested_close(&self->n);
	_exit(_metadata->passed ? 0 : 1);
}

struct late {
	pthread_t thread;
	int prog;
	struct { __u64 user; __s64 ret; } ctx;
	int result;
};

static void *run_without_rights(void *arg)
{
	struct late *late = arg;

	t_caps_keep(0);
	late->result = t_run(late->prog, &late->ctx, sizeof(late->ctx), NULL);
	return NULL;
}

/*
 * kernel.unprivileged_bpf_disabled is looked at by every command, not only by
 * the one that started the program: it is set while the program sleeps.
 */
TEST_F(sys_bpf_cmds, unprivileged_sysctl)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_REG(BPF_REG_6, BPF_REG_1),
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -8),
		BPF_MOV64_IMM(BPF_REG_2, 8),
		BPF_LDX_MEM(BPF_DW, BPF_REG_3, BPF_REG_6, 0),
		BPF_EMIT_CALL(BPF_FUNC_copy_from_user),
		/* an array of one 8-byte value, 16 bytes at fp-16 */
		BPF_ST_MEM(BPF_W, BPF_REG_10, -16, BPF_MAP_TYPE_ARRAY),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -12, 4),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -8, 8),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -4, 1),
		T_SYS_BPF(BPF_MAP_CREATE, -16, 16),
		BPF_STX_MEM(BPF_DW, BPF_REG_6, BPF_REG_0, 8),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	struct late late = {};
	struct t_fault fault;
	int disabled;

	late.prog = T_LOAD(insns);
	ASSERT_LE(0, late.prog) TH_LOG("%s", t_log);
	if (t_write(T_UNPRIVILEGED_OFF, "0"))
		SKIP(goto out, "unprivileged bpf(2) is off until the next boot");
	for (disabled = 0; disabled <= 2; disabled += 2) {
		ASSERT_EQ(0, t_write(T_UNPRIVILEGED_OFF, "0"));
		ASSERT_EQ(0, t_fault_open(&fault));
		late.ctx.user = t_ptr(fault.page);
		ASSERT_EQ(0, pthread_create(&late.thread, NULL,
					    run_without_rights, &late));
		ASSERT_EQ(0, t_fault_wait(&fault));
		ASSERT_EQ(0, t_write(T_UNPRIVILEGED_OFF, disabled ? "2" : "0"));
		ASSERT_EQ(0, t_fault_resolve(&fault, 0));
		pthread_join(late.thread, NULL);
		t_fault_close(&fault);
		EXPECT_EQ(0, late.result);
		if (disabled) {
			EXPECT_EQ(-EPERM, late.ctx.ret);
		} else {
			EXPECT_LE(0, late.ctx.ret);
			close(late.ctx.ret);
		}
	}
	t_write(T_UNPRIVILEGED_OFF, "0");
out:
	close(late.prog);
}

/* A security module sees nested commands, and may refuse them */
TEST_F(sys_bpf_cmds, security_module_sees_them)
{
	struct bpf_object *obj;
	struct bpf_link *link;
	char lsms[256];
	__u32 pid = getpid(), key = BPF_MAP_CREATE;
	__u64 seen = 0, deny;
	int counts, denied, fd;

	ASSERT_LT(0, t_read("/sys/kernel/security/lsm", lsms, sizeof(lsms)));
	if (!strstr(lsms, "bpf") && !t_kernel_is_ours())
		SKIP(return, "no BPF security module: %s", lsms);
	obj = bpf_object__open_file("lsm_bpf.bpf.o", NULL);
	ASSERT_NE(NULL, obj);
	ASSERT_EQ(0, bpf_object__load(obj));
	counts = bpf_object__find_map_fd_by_name(obj, "counts");
	denied = bpf_object__find_map_fd_by_name(obj, "denied");
	/* The last slot is no command but names the task that is watched */
	deny = pid;
	ASSERT_EQ(0, t_map_update(denied, &(__u32){ 63 }, &deny));
	link = bpf_program__attach(bpf_object__next_program(obj, NULL));
	ASSERT_NE(NULL, link);

	array_attr(&self->attr);
	fd = t_nested_bpf(&self->n, BPF_MAP_CREATE, &self->attr,
			  t_attr_end(bpf.map_flags));
	EXPECT_LE(0, fd);
	close(fd);
	ASSERT_EQ(0, t_map_lookup(counts, &key, &seen));
	EXPECT_EQ(1, seen);

	deny = 1;
	ASSERT_EQ(0, t_map_update(denied, &key, &deny));
	EXPECT_EQ(-EPERM, t_nested_bpf(&self->n, BPF_MAP_CREATE, &self->attr,
				       t_attr_end(bpf.map_flags)));
	ASSERT_EQ(0, t_map_lookup(counts, &key, &seen));
	EXPECT_EQ(2, seen);
	bpf_link__destroy(link);
	bpf_object__close(obj);
}

TEST_HARNESS_MAIN
