// SPDX-License-Identifier: GPL-2.0-only
/* What may be loaded with which capabilities. */
#include "test.h"

static const struct bpf_insn plain[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

static const struct bpf_insn uses_current_task[] = {
	BPF_EMIT_CALL(BPF_FUNC_get_current_task),
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

static const struct bpf_insn uses_sys_close[] = {
	BPF_MOV64_IMM(BPF_REG_1, -1),
	BPF_EMIT_CALL(BPF_FUNC_sys_close),
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

/* A pointer stored where user space reads it */
static const struct bpf_insn leaks_pointer[] = {
	BPF_STX_MEM(BPF_DW, BPF_REG_1, BPF_REG_10, 0),
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

/* A slot of the frame of which only half was ever written */
static const struct bpf_insn reads_fresh_stack[] = {
	BPF_ST_MEM(BPF_W, BPF_REG_10, -8, 0),
	BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_10, -8),
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

#define LOAD(insns)	t_drop(T_LOAD(insns))

/* The first words of struct bpf_map, read through the map pointer */
static int load_map_peek(void)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0);
	const struct bpf_insn insns[] = {
		BPF_LD_MAP_FD(BPF_REG_1, map),
		BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_1, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int ret = map < 0 ? map : LOAD(insns);

	close(map);
	return ret;
}

FIXTURE(caps)
{
	int unused;
};

FIXTURE_SETUP(caps)
{
	/* Unprivileged use is on, so that it is the capability that decides */
	t_write(T_UNPRIVILEGED_OFF, "0");
}

FIXTURE_TEARDOWN(caps)
{
}

TEST_F(caps, none)
{
	ASSERT_EQ(0, t_caps_keep(0));
	EXPECT_EQ(-EPERM, LOAD(plain));
	EXPECT_EQ(-EPERM, t_try_read(BPF_FUNC_probe_read_kernel));
	EXPECT_EQ(-EPERM, t_try_sys_bpf());
	EXPECT_EQ(-EPERM, LOAD(uses_sys_close));
	EXPECT_EQ(-EPERM, load_map_peek());
}

TEST_F(caps, perfmon_alone)
{
	ASSERT_EQ(0, t_caps_keep(T_CAP(CAP_PERFMON)));
	EXPECT_EQ(-EPERM, LOAD(plain));
	EXPECT_EQ(-EPERM, t_try_sys_bpf());
}

TEST_F(caps, bpf)
{
	ASSERT_EQ(0, t_caps_keep(T_CAP(CAP_BPF)));
	EXPECT_EQ(0, LOAD(plain)) TH_LOG("%s", t_log);
	EXPECT_EQ(-EINVAL, t_try_sys_bpf());
	EXPECT_TRUE(t_log_no_helper()) TH_LOG("%s", t_log);
	EXPECT_EQ(-EACCES, LOAD(leaks_pointer));
	EXPECT_EQ(-EACCES, LOAD(reads_fresh_stack));
	EXPECT_GT(0, load_map_peek());
}

TEST_F(caps, bpf_reads_no_kernel_memory)
{
	T_ONLY_OURS("CAP_BPF alone gets probe_read_kernel");
	ASSERT_EQ(0, t_caps_keep(T_CAP(CAP_BPF)));
	EXPECT_EQ(-EINVAL, t_try_read(BPF_FUNC_probe_read_kernel));
	EXPECT_EQ(-EINVAL, t_try_read(BPF_FUNC_probe_read_kernel_str));
	EXPECT_EQ(-EINVAL, LOAD(uses_current_task));
}

static void all_load(struct __test_metadata *_metadata)
{
	EXPECT_EQ(0, LOAD(plain)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, t_try_read(BPF_FUNC_probe_read_kernel)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, t_try_read(BPF_FUNC_probe_read_kernel_str)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, LOAD(uses_current_task)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, t_try_sys_bpf()) TH_LOG("%s", t_log);
	EXPECT_EQ(0, LOAD(uses_sys_close)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, LOAD(leaks_pointer)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, LOAD(reads_fresh_stack)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, load_map_peek()) TH_LOG("%s", t_log);
}

TEST_F(caps, bpf_and_perfmon)
{
	ASSERT_EQ(0, t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_PERFMON)));
	all_load(_metadata);
}

TEST_F(caps, root)
{
	all_load(_metadata);
}

TEST_HARNESS_MAIN
