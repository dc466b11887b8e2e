// SPDX-License-Identifier: GPL-2.0-only
/* Which attributes a syscall program may be loaded with. */
#include "test.h"

#include <bpf/libbpf.h>
#include <net/if.h>

static const struct bpf_insn return_0[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

static int load_with(void (*change)(union t_attr *attr))
{
	union t_attr attr;
	int fd;

	t_prog_attr(&attr, return_0, ARRAY_SIZE(return_0));
	change(&attr);
	fd = t_load_attr(&attr, t_attr_end(bpf.fd_array));
	if (fd >= 0)
		close(fd);
	return fd;
}

static void nothing(union t_attr *attr)
{
	attr->bpf.prog_name[0] = 'p';
}

static void not_sleepable(union t_attr *attr)
{
	attr->bpf.prog_flags = 0;
}

static void attach_type(union t_attr *attr)
{
	attr->bpf.expected_attach_type = BPF_TRACE_FENTRY;
}

static void attach_btf_id(union t_attr *attr)
{
	attr->bpf.attach_btf_id = 1;
}

static void netdev(union t_attr *attr)
{
	attr->bpf.prog_ifindex = if_nametoindex("lo");
}

TEST(accepted)
{
	EXPECT_LE(0, load_with(nothing)) TH_LOG("%s", t_log);
}

TEST(must_be_sleepable)
{
	EXPECT_EQ(-EINVAL, load_with(not_sleepable));
	EXPECT_NE(NULL, strstr(t_log, "Syscall programs can only be sleepable"))
		TH_LOG("%s", t_log);
}

TEST(no_expected_attach_type)
{
	EXPECT_EQ(-EINVAL, load_with(attach_type));
}

TEST(no_attach_btf_id)
{
	EXPECT_EQ(-EINVAL, load_with(attach_btf_id));
}

TEST(no_attach_prog)
{
	int target = T_LOAD(return_0);
	union t_attr attr;

	ASSERT_LE(0, target);
	t_prog_attr(&attr, return_0, ARRAY_SIZE(return_0));
	attr.bpf.attach_prog_fd = target;
	EXPECT_EQ(-EINVAL, t_load_attr(&attr, t_attr_end(bpf.fd_array)));
	attr.bpf.attach_btf_id = 1;
	EXPECT_EQ(-EINVAL, t_load_attr(&attr, t_attr_end(bpf.fd_array)));
}

TEST(no_offload)
{
	ASSERT_NE(0, if_nametoindex("lo"));
	EXPECT_EQ(-EINVAL, load_with(netdev));
}

TEST(other_types_not_sleepable)
{
	static const unsigned int types[] = {
		BPF_PROG_TYPE_SOCKET_FILTER, BPF_PROG_TYPE_SCHED_CLS,
		BPF_PROG_TYPE_XDP, BPF_PROG_TYPE_RAW_TRACEPOINT,
		BPF_PROG_TYPE_CGROUP_SKB,
	};
	union t_attr attr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		t_prog_attr(&attr, return_0, ARRAY_SIZE(return_0));
		attr.bpf.prog_type = types[i];
		EXPECT_EQ(-EINVAL, t_load_attr(&attr, t_attr_end(bpf.fd_array)))
			TH_LOG("type %u", types[i]);
		attr.bpf.prog_flags = 0;
		EXPECT_LE(0, t_load_attr(&attr, t_attr_end(bpf.fd_array)))
			TH_LOG("type %u: %s", types[i], t_log);
	}
}

/* No range of return values is imposed, and none is cut */
TEST(any_return_value)
{
	static const __u32 values[] = { 0, 1, -22, 0x80000000, 0xffffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		const struct bpf_insn insns[] = {
			BPF_MOV32_IMM(BPF_REG_0, (__s32)values[i]),
			BPF_EXIT_INSN(),
		};
		__u32 retval = ~values[i];

		EXPECT_EQ(0, t_load_run(insns, ARRAY_SIZE(insns), NULL, 0,
					&retval));
		EXPECT_EQ(values[i], retval);
	}
}

/*
 * An EXT program would inherit the helpers and the context rules of a syscall
 * program without its sleepable flag and without a check of the context size.
 */
static int load_ext(const char *func)
{
	struct bpf_object *target, *ext;
	struct bpf_program *prog;
	int err = -ENOENT;

	target = bpf_object__open_file("freplace_target.bpf.o", NULL);
	if (!target)
		return err;
	err = bpf_object__load(target);
	if (err) {
		/* Distinct from any result of the load under test */
		err = -ENOTRECOVERABLE;
		goto close_target;
	}
	ext = bpf_object__open_file("freplace.bpf.o", NULL);
	if (!ext) {
		err = -ENOENT;
		goto close_target;
	}
	prog = bpf_object__next_program(ext, NULL);
	bpf_program__set_log_buf(prog, t_log, sizeof(t_log));
	err = bpf_program__set_attach_target(prog,
		bpf_program__fd(bpf_object__next_program(target, NULL)), func);
	if (!err)
		err = bpf_object__load(ext);
	bpf_object__close(ext);
close_target:
	bpf_object__close(target);
	return err;
}

TEST(ext_refused)
{
	T_ONLY_OURS("EXT may replace functions of syscall programs");
	EXPECT_EQ(-EINVAL, load_ext("scalar"));
	EXPECT_NE(NULL, strstr(t_log, "Cannot extend syscall programs"))
		TH_LOG("%s", t_log);
	/* The main function is refused for a second reason: it is static */
	EXPECT_EQ(-EINVAL, load_ext("target"));
	EXPECT_NE(NULL, strstr(t_log, "Cannot extend syscall programs"))
		TH_LOG("%s", t_log);
}

TEST_HARNESS_MAIN
