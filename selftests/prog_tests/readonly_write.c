// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers that store a number through a pointer to long: the pointer must be
 * to memory that the program may write. Stock 5.10 asks whether it may read.
 */
#include "test.h"

/* A map with one 8-byte value, read-only for programs or not */
static int make_map(unsigned int flags)
{
	union t_attr attr = {};
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, flags);

	if (map >= 0 && flags) {
		attr.bpf.map_fd = map;
		t_bpf(BPF_MAP_FREEZE, &attr, 4);
	}
	return map;
}

/* @func(text, size of text, flags, result in the map) in a program of @type */
static int load_with_result(unsigned int type, unsigned int flags, int func)
{
	int ret, map = make_map(flags);
	const struct bpf_insn insns[] = {
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0x3231),	/* "12" */
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -8),
		BPF_MOV64_IMM(BPF_REG_2, 3),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_LD_MAP_VALUE(BPF_REG_4, map, 0),
		BPF_EMIT_CALL(func),
		BPF_MOV64_IMM(BPF_REG_0, 1),
		BPF_EXIT_INSN(),
	};
	union t_attr attr;

	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	if (type != BPF_PROG_TYPE_SYSCALL) {
		attr.bpf.prog_type = type;
		attr.bpf.prog_flags = 0;
		attr.bpf.expected_attach_type = BPF_CGROUP_SYSCTL;
	}
	ret = t_drop(t_load_attr(&attr, t_attr_end(bpf.fd_array)));
	close(map);
	return ret;
}

TEST(writable_map)
{
	EXPECT_EQ(0, load_with_result(BPF_PROG_TYPE_CGROUP_SYSCTL, 0,
				      BPF_FUNC_strtol)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, load_with_result(BPF_PROG_TYPE_CGROUP_SYSCTL, 0,
				      BPF_FUNC_strtoul)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, load_with_result(BPF_PROG_TYPE_SYSCALL, 0,
				      BPF_FUNC_kallsyms_lookup_name))
		TH_LOG("%s", t_log);
}

TEST(read_only_map)
{
	EXPECT_EQ(-EACCES, load_with_result(BPF_PROG_TYPE_CGROUP_SYSCTL,
					    BPF_F_RDONLY_PROG, BPF_FUNC_strtol));
	EXPECT_EQ(-EACCES, load_with_result(BPF_PROG_TYPE_CGROUP_SYSCTL,
					    BPF_F_RDONLY_PROG,
					    BPF_FUNC_strtoul));
	EXPECT_EQ(-EACCES, load_with_result(BPF_PROG_TYPE_SYSCALL,
					    BPF_F_RDONLY_PROG,
					    BPF_FUNC_kallsyms_lookup_name));
}

/* A map that programs may only write is good for a result */
TEST(write_only_map)
{
	EXPECT_EQ(0, load_with_result(BPF_PROG_TYPE_SYSCALL, BPF_F_WRONLY_PROG,
				      BPF_FUNC_kallsyms_lookup_name))
		TH_LOG("%s", t_log);
}

/* Memory that a helper fills, for which 5.10 always asked the right question */
TEST(filled_memory)
{
	int map = make_map(BPF_F_RDONLY_PROG);
	const struct bpf_insn insns[] = {
		BPF_LD_MAP_VALUE(BPF_REG_1, map, 0),
		BPF_MOV64_IMM(BPF_REG_2, 8),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_EMIT_CALL(BPF_FUNC_copy_from_user),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	ASSERT_LE(0, map);
	EXPECT_EQ(-EACCES, T_LOAD(insns));
	close(map);
}

/* Memory that must be initialized, as the helper reads it first or its prototype
 * is no better, and that it stores into
 */
TEST(memory_with_something_in_it)
{
	static const struct {
		int func;	/* the memory is its second argument */
		__u32 type, attach_type;
	} helpers[] = {
		{ BPF_FUNC_get_stack, BPF_PROG_TYPE_RAW_TRACEPOINT, 0 },
		{ BPF_FUNC_read_branch_records, BPF_PROG_TYPE_PERF_EVENT, 0 },
		{ BPF_FUNC_sysctl_get_name, BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_CGROUP_SYSCTL },
		{ BPF_FUNC_fib_lookup, BPF_PROG_TYPE_XDP, 0 },
		{ BPF_FUNC_fib_lookup, BPF_PROG_TYPE_SCHED_CLS, 0 },
		{ BPF_FUNC_load_hdr_opt, BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS },
	};
	int readonly = make_map(BPF_F_RDONLY_PROG), writable = make_map(0);
	union t_attr attr;
	size_t i;

	T_ONLY_OURS("read access is enough");
	ASSERT_LE(0, readonly);
	ASSERT_LE(0, writable);
	for (i = 0; i < ARRAY_SIZE(helpers); i++) {
		struct bpf_insn insns[] = {
			BPF_LD_MAP_VALUE(BPF_REG_2, writable, 0),
			BPF_MOV64_IMM(BPF_REG_3, 8),
			BPF_MOV64_IMM(BPF_REG_4, 0),
			BPF_MOV64_IMM(BPF_REG_5, 0),
			BPF_EMIT_CALL(helpers[i].func),
			BPF_MOV64_IMM(BPF_REG_0, 1),
			BPF_EXIT_INSN(),
		};

		t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
		attr.bpf.prog_type = helpers[i].type;
		attr.bpf.prog_flags = 0;
		attr.bpf.expected_attach_type = helpers[i].attach_type;
		EXPECT_EQ(0, t_drop(t_load_attr(&attr, t_attr_end(bpf.fd_array))))
			TH_LOG("helper %d: %s", helpers[i].func, t_log);
		insns[0].imm = readonly;
		EXPECT_EQ(-EACCES, t_drop(t_load_attr(&attr, t_attr_end(bpf.fd_array))))
			TH_LOG("helper %d", helpers[i].func);
	}
	close(readonly);
	close(writable);
}

/* With a size that only the run knows, 5.10 forgets what the memory is for */
TEST(filled_memory_of_variable_size)
{
	int readonly = make_map(BPF_F_RDONLY_PROG), writable = make_map(0);
	struct bpf_insn insns[] = {
		BPF_LDX_MEM(BPF_W, BPF_REG_2, BPF_REG_1, 0),
		BPF_ALU64_IMM(BPF_AND, BPF_REG_2, 7),
		BPF_LD_MAP_VALUE(BPF_REG_1, writable, 0),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_EMIT_CALL(BPF_FUNC_copy_from_user),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int fd;

	ASSERT_LE(0, readonly);
	ASSERT_LE(0, writable);
	fd = T_LOAD(insns);
	EXPECT_LE(0, fd) TH_LOG("%s", t_log);
	close(fd);
	insns[2].imm = readonly;
	EXPECT_EQ(-EACCES, T_LOAD(insns));
	close(readonly);
	close(writable);
}

TEST_HARNESS_MAIN
