// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF_PSEUDO_BTF_ID: variables of the kernel, which its BTF describes. They are
 * there to be read. That BTF has per-CPU variables only, so what these tests see
 * of a plain variable is what helpers make of a per-CPU one.
 */
#include "test.h"

#include <bpf/btf.h>
#include <fcntl.h>
#include <linux/btf.h>

#include "ksym.h"

#define SCALAR		"bpf_prog_active"	/* a per-CPU int */
#define STRUCT		"runqueues"		/* a per-CPU struct rq */

FIXTURE(typed_ksyms)
{
	struct btf *btf;
	int scalar, structure;
};

FIXTURE_SETUP(typed_ksyms)
{
	self->btf = btf__load_vmlinux_btf();
	ASSERT_NE(NULL, self->btf);
	self->scalar = btf__find_by_name_kind(self->btf, SCALAR, BTF_KIND_VAR);
	ASSERT_LT(0, self->scalar);
	self->structure = btf__find_by_name_kind(self->btf, STRUCT,
						 BTF_KIND_VAR);
	ASSERT_LT(0, self->structure);
}

FIXTURE_TEARDOWN(typed_ksyms)
{
	btf__free(self->btf);
}

#define VAR(id)		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_BTF_ID, id, 0)
#define RETURN_0	BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN()

/*
 * Does a program of these instructions load, in a type that has the helpers? R6 is
 * the context.
 */
#define LOADS(...)							\
({									\
	const struct bpf_insn insns[] = {				\
		BPF_MOV64_REG(BPF_REG_6, BPF_REG_1), __VA_ARGS__, RETURN_0 \
	};								\
									\
	t_drop(t_load_type(BPF_PROG_TYPE_RAW_TRACEPOINT, insns,		\
			   ARRAY_SIZE(insns)));				\
})

/* The same with R0 an instance of the variable @id, got in both ways */
#define BOTH_LOAD(result, id, ...)					\
do {									\
	EXPECT_EQ(result, LOADS(VAR(id), THIS_CPU, __VA_ARGS__))	\
		TH_LOG("this CPU: %s", t_log);				\
	EXPECT_EQ(result, LOADS(VAR(id), CPU_0, __VA_ARGS__))		\
		TH_LOG("CPU 0: %s", t_log);				\
} while (0)

TEST_F(typed_ksyms, read)
{
	BOTH_LOAD(0, self->scalar, BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_0, 0));
	BOTH_LOAD(0, self->scalar, BPF_LDX_MEM(BPF_B, BPF_REG_1, BPF_REG_0, 3));
	BOTH_LOAD(0, self->structure,
		  BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_0, 0));
}

TEST_F(typed_ksyms, read_outside)
{
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_0, 4));
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_0, 0));
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_LDX_MEM(BPF_B, BPF_REG_1, BPF_REG_0, -1));
}

/* The variable itself is an offset into the memory of a CPU, not an address */
TEST_F(typed_ksyms, per_cpu_variable_is_no_memory)
{
	EXPECT_EQ(-EACCES, LOADS(VAR(self->scalar),
				 BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_1, 0)));
	EXPECT_EQ(-EACCES, LOADS(VAR(self->scalar),
				 BPF_ST_MEM(BPF_W, BPF_REG_1, 0, 0)));
}

/* CVE-2022-0500: stock 5.10 lets these pass */
TEST_F(typed_ksyms, store)
{
	BOTH_LOAD(-EACCES, self->scalar, BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 0));
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_MOV64_IMM(BPF_REG_1, 0),
		  BPF_STX_MEM(BPF_B, BPF_REG_0, BPF_REG_1, 3));
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_MOV64_IMM(BPF_REG_1, 1),
		  BPF_STX_XADD(BPF_W, BPF_REG_0, BPF_REG_1, 0));
	BOTH_LOAD(-EACCES, self->structure, BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 0));
}

/* What was on the stack comes back as what it was */
TEST_F(typed_ksyms, store_after_spill)
{
	BOTH_LOAD(0, self->scalar,
		  BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_0, -8),
		  BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_10, -8),
		  BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_1, 0));
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_0, -8),
		  BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_10, -8),
		  BPF_ST_MEM(BPF_W, BPF_REG_1, 0, 0));
	/* and to another place in it */
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_ALU64_IMM(BPF_ADD, BPF_REG_0, 2),
		  BPF_ST_MEM(BPF_H, BPF_REG_0, 0, 0));
}

/* One path has memory of its own, the other a variable: both are checked */
TEST_F(typed_ksyms, store_to_either)
{
	EXPECT_EQ(-EACCES, LOADS(
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		VAR(self->scalar), THIS_CPU,
		BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_0, 0),
		BPF_JMP_IMM(BPF_JEQ, BPF_REG_1, 0, 2),
		BPF_MOV64_REG(BPF_REG_0, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_0, -8),
		BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 1))) TH_LOG("%s", t_log);
}

TEST_F(typed_ksyms, null_check_is_needed)
{
	EXPECT_EQ(-EACCES, LOADS(VAR(self->scalar),
				 BPF_MOV64_IMM(BPF_REG_2, 0),
				 BPF_EMIT_CALL(BPF_FUNC_per_cpu_ptr),
				 BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_0, 0)));
}

/* A helper that fills memory is a store, whether its size is known or not */
TEST_F(typed_ksyms, helper_writes)
{
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_MOV64_REG(BPF_REG_1, BPF_REG_0),
		  BPF_MOV64_IMM(BPF_REG_2, 4),
		  BPF_MOV64_IMM(BPF_REG_3, 0),
		  BPF_EMIT_CALL(BPF_FUNC_probe_read_kernel));
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_LDX_MEM(BPF_W, BPF_REG_2, BPF_REG_0, 0),
		  BPF_ALU64_IMM(BPF_AND, BPF_REG_2, 3),
		  BPF_MOV64_REG(BPF_REG_1, BPF_REG_0),
		  BPF_MOV64_IMM(BPF_REG_3, 0),
		  BPF_EMIT_CALL(BPF_FUNC_probe_read_kernel));
}

/* The same of one that wants the memory initialized */
TEST_F(typed_ksyms, helper_writes_what_is_initialized)
{
	T_ONLY_OURS("read access is enough");
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_ST_MEM(BPF_DW, BPF_REG_10, -16, 0),
		  BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		  BPF_MOV64_REG(BPF_REG_1, BPF_REG_0),
		  BPF_MOV64_IMM(BPF_REG_2, 4),
		  BPF_MOV64_REG(BPF_REG_3, BPF_REG_10),
		  BPF_ALU64_IMM(BPF_ADD, BPF_REG_3, -16),
		  BPF_MOV64_IMM(BPF_REG_4, 16),
		  BPF_MOV64_IMM(BPF_REG_5, 0),
		  BPF_EMIT_CALL(BPF_FUNC_snprintf_btf));
}

/* bpf_kallsyms_lookup_name() stores 8 bytes, as many as this variable has */
TEST_F(typed_ksyms, lookup_writes)
{
	int id = btf__find_by_name_kind(self->btf, "this_cpu_off", BTF_KIND_VAR);
	const struct bpf_insn insns[] = {
		VAR(id), THIS_CPU,
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_0),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 'a'),
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -8),
		BPF_MOV64_IMM(BPF_REG_2, 2),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_EMIT_CALL(BPF_FUNC_kallsyms_lookup_name),
		RETURN_0,
	};

	ASSERT_LT(0, id);
	EXPECT_EQ(-EACCES, t_drop(T_LOAD(insns))) TH_LOG("%s", t_log);
	EXPECT_NE(NULL, strstr(t_log, "R4")) TH_LOG("%s", t_log);
}

/* The same memory as a helper's input */
TEST_F(typed_ksyms, helper_reads)
{
	int map = t_map(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 1, 0);

	ASSERT_LE(0, map);
	BOTH_LOAD(0, self->scalar,
		  BPF_MOV64_REG(BPF_REG_4, BPF_REG_0),
		  BPF_MOV64_REG(BPF_REG_1, BPF_REG_6),
		  BPF_LD_MAP_FD(BPF_REG_2, map),
		  BPF_MOV64_IMM(BPF_REG_3, 0),
		  BPF_MOV64_IMM(BPF_REG_5, 4),
		  BPF_EMIT_CALL(BPF_FUNC_perf_event_output));
	BOTH_LOAD(-EACCES, self->scalar,
		  BPF_MOV64_REG(BPF_REG_4, BPF_REG_0),
		  BPF_MOV64_REG(BPF_REG_1, BPF_REG_6),
		  BPF_LD_MAP_FD(BPF_REG_2, map),
		  BPF_MOV64_IMM(BPF_REG_3, 0),
		  BPF_MOV64_IMM(BPF_REG_5, 8),
		  BPF_EMIT_CALL(BPF_FUNC_perf_event_output));
	close(map);
}

/* The size of the result is that of the variable, so that is where it begins */
TEST_F(typed_ksyms, variable_with_offset)
{
	static const int offsets[] = { 1, 8, 1 << 20, -4 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		EXPECT_EQ(-EACCES, LOADS(VAR(self->scalar),
			BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, offsets[i]),
			THIS_CPU)) TH_LOG("%d: %s", offsets[i], t_log);
		EXPECT_EQ(-EACCES, LOADS(VAR(self->structure),
			BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, offsets[i]),
			CPU_0)) TH_LOG("%d: %s", offsets[i], t_log);
	}
	/* known at run time only */
	EXPECT_EQ(-EACCES, LOADS(VAR(self->scalar), THIS_CPU,
		BPF_LDX_MEM(BPF_B, BPF_REG_2, BPF_REG_0, 0),
		VAR(self->scalar),
		BPF_ALU64_REG(BPF_ADD, BPF_REG_1, BPF_REG_2),
		THIS_CPU)) TH_LOG("%s", t_log);
}

/* So does a record of a ring buffer, whose header is before it */
TEST_F(typed_ksyms, record_with_offset)
{
	static const int helpers[] = {
		BPF_FUNC_ringbuf_submit, BPF_FUNC_ringbuf_discard,
	};
	int map = t_map(BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, 0), offset;
	size_t i;

	ASSERT_LE(0, map);
	for (i = 0; i < ARRAY_SIZE(helpers); i++) {
		for (offset = 0; offset <= 8; offset += 8) {
			EXPECT_EQ(offset != 0, 0 > LOADS(
				BPF_LD_MAP_FD(BPF_REG_1, map),
				BPF_MOV64_IMM(BPF_REG_2, 16),
				BPF_MOV64_IMM(BPF_REG_3, 0),
				BPF_EMIT_CALL(BPF_FUNC_ringbuf_reserve),
				BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 4),
				BPF_MOV64_REG(BPF_REG_1, BPF_REG_0),
				BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, offset),
				BPF_MOV64_IMM(BPF_REG_2, 0),
				BPF_EMIT_CALL(helpers[i])))
				TH_LOG("helper %d: %s", helpers[i], t_log);
		}
	}
	close(map);
}

TEST_F(typed_ksyms, bad_ids)
{
	int func = btf__find_by_name_kind(self->btf, "vfs_read", BTF_KIND_FUNC);
	int rq = btf__find_by_name_kind(self->btf, "rq", BTF_KIND_STRUCT);
	int nr = btf__type_cnt(self->btf);

	ASSERT_LT(0, func);
	ASSERT_LT(0, rq);
	EXPECT_EQ(-ENOENT, LOADS(VAR(nr)));
	EXPECT_EQ(-ENOENT, LOADS(VAR(0x7fffffff)));
	EXPECT_EQ(-ENOENT, LOADS(VAR(-1)));
	EXPECT_EQ(-EINVAL, LOADS(VAR(0)));
	EXPECT_EQ(-EINVAL, LOADS(VAR(rq)));
	/* 6.4 takes the address of a function */
	if (t_release() < 604)
		EXPECT_EQ(-EINVAL, LOADS(VAR(func)));
}

/* The second half names a BTF object, by descriptor; programs' own is none */
TEST_F(typed_ksyms, bad_btf_objects)
{
	int btf = t_btf_load(), null = open("/dev/null", O_RDONLY);
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0), i;
	const int fds[] = { map, null, 1000, -1 };

	ASSERT_LE(0, btf);
	ASSERT_LE(0, map);
	ASSERT_LE(0, null);
	for (i = 0; i < (int)ARRAY_SIZE(fds); i++) {
		EXPECT_EQ(-EINVAL, LOADS(T_LDIMM64(BPF_REG_1, BPF_PSEUDO_BTF_ID,
						   self->scalar, fds[i])))
			TH_LOG("%d: %s", i, t_log);
	}
	/* its int; mainline looks there, and finds no variable */
	EXPECT_EQ(-EINVAL, LOADS(T_LDIMM64(BPF_REG_1, BPF_PSEUDO_BTF_ID, 1,
					   btf))) TH_LOG("%s", t_log);
	close(btf);
	close(map);
	close(null);
}

/*
 * A variable that the loader's own BTF describes: its name would choose the kernel's
 * memory, and its type how much of it can be read, by a program of any type.
 */
TEST(variable_of_other_btf)
{
	static const struct {
		struct btf_header hdr;
		__u32 types[8];
		char strings[24];
	} raw = {
		.hdr = {
			.magic = BTF_MAGIC,
			.version = BTF_VERSION,
			.hdr_len = sizeof(raw.hdr),
			.type_len = sizeof(raw.types),
			.str_off = sizeof(raw.types),
			.str_len = sizeof(raw.strings),
		},
		.types = {
			1, BTF_KIND_INT << 24, 4, BTF_INT_SIGNED << 24 | 32,
			5, BTF_KIND_VAR << 24, 1, BTF_VAR_GLOBAL_ALLOCATED,
		},
		.strings = "\0int\0linux_banner",
	};
	struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_BTF_ID, 2, 0),
		BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_1, 0),
		BPF_EXIT_INSN(),
	};
	union t_attr attr = {};
	int btf;

	T_ONLY_OURS("BTF that is not the kernel's is taken for it");
	attr.bpf.btf = t_ptr(&raw);
	attr.bpf.btf_size = sizeof(raw);
	btf = t_bpf(BPF_BTF_LOAD, &attr, t_attr_end(bpf.btf_log_level));
	ASSERT_LE(0, btf);
	insns[1].imm = btf;
	EXPECT_EQ(-EINVAL, t_drop(t_load_type(BPF_PROG_TYPE_SOCKET_FILTER, insns,
					      ARRAY_SIZE(insns))));
	close(btf);
}

/* Nothing later takes what is an address by now for a reference by type id */
TEST_F(typed_ksyms, reference_is_resolved)
{
	const struct bpf_insn insns[] = { VAR(self->scalar), RETURN_0 };
	struct bpf_insn xlated[T_ARRAY_SIZE(insns)] = {};
	struct bpf_prog_info info = {
		.xlated_prog_insns = t_ptr(xlated),
		.xlated_prog_len = sizeof(xlated),
	};
	union t_attr attr = {};
	int fd;

	fd = t_load_type(BPF_PROG_TYPE_RAW_TRACEPOINT, insns, ARRAY_SIZE(insns));
	ASSERT_LE(0, fd) TH_LOG("%s", t_log);
	attr.bpf.info.bpf_fd = fd;
	attr.bpf.info.info_len = sizeof(info);
	attr.bpf.info.info = t_ptr(&info);
	ASSERT_EQ(0, t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.bpf.info)));
	EXPECT_EQ(sizeof(xlated), info.xlated_prog_len);
	EXPECT_EQ(BPF_LD | BPF_IMM | BPF_DW, xlated[0].code);
	EXPECT_TRUE(xlated[0].src_reg == 0);
	EXPECT_NE((__s32)self->scalar, xlated[0].imm);
	close(fd);
}

TEST_HARNESS_MAIN
