// SPDX-License-Identifier: GPL-2.0-only
/* Access of a syscall program to its context: opaque, aligned, at most 64 KiB. */
#include "test.h"

/* One access; sizes are BPF_B, _H, _W, _DW */
static int load_read(unsigned int size, int off)
{
	const struct bpf_insn insns[] = {
		BPF_LDX_MEM(size, BPF_REG_0, BPF_REG_1, off),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	return T_LOAD(insns);
}

static int load_write(unsigned int size, int off)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_STX_MEM(size, BPF_REG_1, BPF_REG_0, off),
		BPF_EXIT_INSN(),
	};

	return T_LOAD(insns);
}

/* insn.off ends at 32767, so higher offsets need arithmetic on the pointer */
static int load_read_beyond(unsigned int size, int off)
{
	const struct bpf_insn insns[] = {
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, off),
		BPF_LDX_MEM(size, BPF_REG_0, BPF_REG_1, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	return T_LOAD(insns);
}

static const struct {
	unsigned int size;
	int off;
	bool ok;
} accesses[] = {
	{ BPF_B, 0, true },
	{ BPF_DW, 0, true },
	{ BPF_B, -1, false },
	{ BPF_DW, -8, false },
	{ BPF_W, 3, false },
	{ BPF_H, 1, false },
	{ BPF_DW, 4, false },
	{ BPF_DW, 32760, true },
	{ BPF_W, 32764, true },
	{ BPF_H, 32766, true },
	{ BPF_B, 32767, true },
	{ BPF_H, 32767, false },
};

TEST(access_table)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(accesses); i++) {
		int fd = load_read(accesses[i].size, accesses[i].off);

		EXPECT_EQ(accesses[i].ok ? 0 : -EACCES, fd < 0 ? fd : 0)
			TH_LOG("read, case %zu: %s", i, t_log);
		close(fd);
		fd = load_write(accesses[i].size, accesses[i].off);
		EXPECT_EQ(accesses[i].ok ? 0 : -EACCES, fd < 0 ? fd : 0)
			TH_LOG("write, case %zu: %s", i, t_log);
		close(fd);
	}
}

/*
 * The rules would allow offsets up to 65534, but the pointer that reaches them
 * is a modified one, and those are refused for every context.
 */
TEST(modified_pointer_refused)
{
	static const struct {
		unsigned int size;
		int off;
	} beyond[] = {
		{ BPF_B, 1 }, { BPF_DW, 8 }, { BPF_DW, 65527 },
		{ BPF_DW, 65528 }, { BPF_H, 65534 }, { BPF_B, 65535 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(beyond); i++)
		EXPECT_EQ(-EACCES, load_read_beyond(beyond[i].size,
						    beyond[i].off));
}

/* What a program may touch is what a caller has to provide */
TEST(access_sets_minimal_size)
{
	static char ctx[32768];
	int fd = load_read(BPF_DW, 32760);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, t_run(fd, ctx, 32767, NULL));
	EXPECT_EQ(0, t_run(fd, ctx, 32768, NULL));
	EXPECT_EQ(-EINVAL, t_run(fd, NULL, 0, NULL));
}

/* A constant store into a context is refused for every type before 6.3 */
TEST(constant_store_refused)
{
	const struct bpf_insn insns[] = {
		BPF_ST_MEM(BPF_DW, BPF_REG_1, 0, 1),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	if (t_release() >= 603)
		SKIP(return, "allowed since 6.3");
	EXPECT_EQ(-EACCES, T_LOAD(insns));
}

/* Helpers take memory that the verifier tracks, which a context is not here */
TEST(not_helper_memory)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_2, 8),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_EMIT_CALL(BPF_FUNC_copy_from_user),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	EXPECT_EQ(-EACCES, T_LOAD(insns));
}

TEST_HARNESS_MAIN
