// SPDX-License-Identifier: GPL-2.0-only
/* bpf_sys_close(): a descriptor of the task that runs the program. */
#include "test.h"

#include <fcntl.h>

/* Close the descriptors in the first two words, store both results there */
#define CLOSE_TWO							\
	BPF_MOV64_REG(BPF_REG_6, BPF_REG_1),				\
	BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_6, 0),			\
	BPF_EMIT_CALL(BPF_FUNC_sys_close),				\
	BPF_STX_MEM(BPF_W, BPF_REG_6, BPF_REG_0, 0),			\
	BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_6, 4),			\
	BPF_EMIT_CALL(BPF_FUNC_sys_close),				\
	BPF_STX_MEM(BPF_W, BPF_REG_6, BPF_REG_0, 4)

static const struct bpf_insn close_two[] = {
	CLOSE_TWO,
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

TEST(closes)
{
	int fds[2] = { open("/dev/null", O_RDONLY), open("/dev/null", O_RDONLY) };
	int copy[2] = { fds[0], fds[1] };

	ASSERT_LE(0, fds[1]);
	EXPECT_EQ(0, t_load_run(close_two, ARRAY_SIZE(close_two), fds,
				sizeof(fds), NULL)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, fds[0]);
	EXPECT_EQ(0, fds[1]);
	EXPECT_EQ(-1, fcntl(copy[0], F_GETFD));
	EXPECT_EQ(-1, fcntl(copy[1], F_GETFD));
}

TEST(not_open)
{
	static const int bad[] = { -1, 1 << 30, 0x7fffffff, -0x7fffffff, 999 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		int fds[2] = { bad[i], bad[i] };

		EXPECT_EQ(0, t_load_run(close_two, ARRAY_SIZE(close_two), fds,
					sizeof(fds), NULL));
		EXPECT_EQ(-EBADF, fds[0]) TH_LOG("fd %d", bad[i]);
		EXPECT_EQ(-EBADF, fds[1]) TH_LOG("fd %d", bad[i]);
	}
}

TEST(closed_twice)
{
	int fd = open("/dev/null", O_RDONLY);
	int fds[2] = { fd, fd };

	EXPECT_EQ(0, t_load_run(close_two, ARRAY_SIZE(close_two), fds,
				sizeof(fds), NULL));
	EXPECT_EQ(0, fds[0]);
	EXPECT_EQ(-EBADF, fds[1]);
}

/*
 * Closes the program and the map that the context names, reads user memory,
 * stores what it read in the map and returns it from there.
 */
static int load_closer(int map)
{
	const struct bpf_insn insns[] = {
		CLOSE_TWO,
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -16),
		BPF_MOV64_IMM(BPF_REG_2, 8),
		BPF_LDX_MEM(BPF_DW, BPF_REG_3, BPF_REG_6, 8),
		BPF_EMIT_CALL(BPF_FUNC_copy_from_user),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -4, 1),
		BPF_LD_MAP_FD(BPF_REG_1, map),
		BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -4),
		BPF_MOV64_REG(BPF_REG_3, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_3, -16),
		BPF_MOV64_IMM(BPF_REG_4, BPF_ANY),
		BPF_EMIT_CALL(BPF_FUNC_map_update_elem),
		BPF_LD_MAP_FD(BPF_REG_1, map),
		BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -4),
		BPF_EMIT_CALL(BPF_FUNC_map_lookup_elem),
		BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 1),
		BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	return T_LOAD(insns);
}

/* A child makes the read of the page wait until what was closed could be gone */
static bool serve_late(struct t_fault *fault)
{
	pid_t pid = fork();

	if (pid)
		return pid > 0;
	if (!t_fault_wait(fault)) {
		usleep(300000);
		t_fault_resolve(fault, 0x11);
	}
	_exit(0);
}

/*
 * A single-threaded task takes no reference when it looks up a descriptor, so
 * a program that closes its own and goes on lives from references that the
 * test run took.
 */
TEST(own_program_and_map)
{
	struct { __u32 prog, map; __u64 user; } ctx;
	struct t_live before;
	struct t_fault fault;
	__u32 retval = 0;
	int prog, map;

	ASSERT_EQ(0, t_fault_open(&fault));
	/* The child has no descriptors of what comes now */
	ASSERT_TRUE(serve_late(&fault));
	t_live_count(&before);
	map = t_map(BPF_MAP_TYPE_HASH, 4, 8, 8, 0);
	ASSERT_LE(0, map);
	prog = load_closer(map);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);

	ctx.prog = prog;
	ctx.map = map;
	ctx.user = t_ptr(fault.page);
	EXPECT_EQ(0, t_run(prog, &ctx, sizeof(ctx), &retval));
	EXPECT_EQ(0, ctx.prog);
	EXPECT_EQ(0, ctx.map);
	EXPECT_EQ(0x11111111, retval);
	EXPECT_EQ(-1, fcntl(prog, F_GETFD));
	EXPECT_EQ(-1, fcntl(map, F_GETFD));
	EXPECT_TRUE(t_live_back_to(&before));
	t_fault_close(&fault);
}

/* No other type gets the helpers that act on the task's descriptors */
TEST(only_for_syscall_programs)
{
	static const int helpers[] = {
		BPF_FUNC_sys_bpf, BPF_FUNC_sys_close,
		BPF_FUNC_btf_find_by_name_kind,
	};
	static const unsigned int types[] = {
		BPF_PROG_TYPE_SOCKET_FILTER, BPF_PROG_TYPE_KPROBE,
		BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_TRACEPOINT,
		BPF_PROG_TYPE_XDP, BPF_PROG_TYPE_PERF_EVENT,
		BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_PROG_TYPE_CGROUP_SKB,
	};
	size_t h, t;

	for (h = 0; h < ARRAY_SIZE(helpers); h++) {
		const struct bpf_insn insns[] = {
			BPF_EMIT_CALL(helpers[h]),
			BPF_EXIT_INSN(),
		};

		for (t = 0; t < ARRAY_SIZE(types); t++) {
			EXPECT_EQ(-EINVAL, t_load_type(types[t], insns,
						       ARRAY_SIZE(insns)));
			EXPECT_TRUE(t_log_no_helper())
				TH_LOG("helper %d in type %u: %s", helpers[h],
				       types[t], t_log);
		}
	}
}

TEST_HARNESS_MAIN
