// SPDX-License-Identifier: GPL-2.0-only
/* CO-RE relocations that the kernel applies when it loads a program */
#include "test.h"

#include <bpf/btf.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define SIZE		t_attr_end(bpf.core_relo_rec_size)
#define POISON_SAID	"invalid func unknown#195896080"
#define ABSENT		"lskel_nobody_has_this"

/* What a program knows of the kernel, none of it as it is there */
FIXTURE(core_relo)
{
	struct t_live before;
	struct btf *types;
	int btf;
	int number, task, list, map_type, no_enum, no_struct, func;
	struct bpf_func_info func_info;
	union t_attr attr;
};

FIXTURE_SETUP(core_relo)
{
	int ptr, proto;

	t_live_count(&self->before);
	self->types = btf__new_empty();
	self->number = btf__add_int(self->types, "int", 4, BTF_INT_SIGNED);
	ptr = btf__add_ptr(self->types, 0);
	self->task = btf__add_struct(self->types, "task_struct___mine", 12);
	btf__add_field(self->types, "tgid", self->number, 0, 0);
	btf__add_field(self->types, "pid", self->number, 32, 0);
	btf__add_field(self->types, ABSENT, self->number, 64, 0);
	self->list = btf__add_struct(self->types, "list_head", 16);
	btf__add_field(self->types, "prev", ptr, 0, 0);
	btf__add_field(self->types, "next", ptr, 64, 0);
	self->map_type = btf__add_enum(self->types, "bpf_map_type", 4);
	btf__add_enum_value(self->types, "BPF_MAP_TYPE_ARRAY___mine", 7);
	btf__add_enum_value(self->types, ABSENT, 8);
	self->no_enum = btf__add_enum(self->types, "task_struct", 4);
	btf__add_enum_value(self->types, ABSENT, 8);
	self->no_struct = btf__add_struct(self->types, "bpf_map_type", 4);
	btf__add_field(self->types, "tgid", self->number, 0, 0);
	proto = btf__add_func_proto(self->types, self->number);
	self->func = btf__add_func(self->types, "f", BTF_FUNC_GLOBAL, proto);
	self->btf = -1;
}

FIXTURE_TEARDOWN(core_relo)
{
	if (self->btf >= 0)
		close(self->btf);
	btf__free(self->types);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static struct bpf_core_relo relo(FIXTURE_DATA(core_relo) *self, __u32 insn, __u32 kind,
				 __u32 type, const char *access)
{
	return (struct bpf_core_relo){
		.insn_off = insn * 8,
		.type_id = type,
		.access_str_off = btf__add_str(self->types, access),
		.kind = kind,
	};
}

/* The attributes of a load. Mainline wants information on functions as well. */
static void prepare(FIXTURE_DATA(core_relo) *self, const struct bpf_insn *insns, size_t cnt,
		    const struct bpf_core_relo *relos, size_t n_relos)
{
	union t_attr btf = {};
	__u32 size;

	/* Access strings may have come since the last time. */
	if (self->btf >= 0)
		close(self->btf);
	btf.bpf.btf = t_ptr(btf__raw_data(self->types, &size));
	btf.bpf.btf_size = size;
	self->btf = t_bpf(BPF_BTF_LOAD, &btf, t_attr_end(bpf.btf_log_level));
	t_prog_attr(&self->attr, insns, cnt);
	self->func_info = (struct bpf_func_info){ .type_id = self->func };
	self->attr.bpf.prog_btf_fd = self->btf;
	self->attr.bpf.func_info = t_ptr(&self->func_info);
	self->attr.bpf.func_info_cnt = 1;
	self->attr.bpf.func_info_rec_size = sizeof(self->func_info);
	self->attr.bpf.core_relos = t_ptr(relos);
	self->attr.bpf.core_relo_cnt = n_relos;
	self->attr.bpf.core_relo_rec_size = sizeof(*relos);
}

static int load(FIXTURE_DATA(core_relo) *self)
{
	return t_load_attr(&self->attr, SIZE);
}

/* What a program of one relocated instruction returns, or why it does not load */
static int load_one(FIXTURE_DATA(core_relo) *self, struct bpf_insn insn,
		    struct bpf_core_relo record)
{
	struct bpf_insn insns[] = { insn, BPF_EXIT_INSN() };

	prepare(self, insns, 2, &record, 1);
	return load(self);
}

static long run_fd(int fd)
{
	__u64 ctx[2] = { 0x111, 0x222 };
	__u32 retval;
	int ret;

	if (fd < 0)
		return fd;
	ret = t_run(fd, ctx, sizeof(ctx), &retval);
	close(fd);
	return ret < 0 ? ret : (long)retval;
}

#define R0(imm)	BPF_MOV64_IMM(BPF_REG_0, imm)

/* The value of a relocation, where the compiler came to @before */
static long value(FIXTURE_DATA(core_relo) *self, __u32 kind, int type, const char *access,
		  int before)
{
	struct bpf_core_relo record = relo(self, 0, kind, type, access);

	return run_fd(load_one(self, R0(before), record));
}

static __u32 kernel_type(const char *name, __u32 kind)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf__find_by_name_kind(btf, name, kind);

	btf__free(btf);
	return id;
}

static __u32 kernel_size(const char *name)
{
	struct btf *btf = btf__load_vmlinux_btf();
	__u32 id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);
	__u32 size = btf__type_by_id(btf, id)->size;

	btf__free(btf);
	return size;
}

/* Byte offset of a field that is a member of the struct itself */
static int kernel_offset(const char *name, const char *field)
{
	struct btf *btf = btf__load_vmlinux_btf();
	__u32 id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);
	const struct btf_type *t = btf__type_by_id(btf, id);
	int i, offset = -1;

	for (i = 0; i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(t)[i].name_off), field))
			offset = btf_member_bit_offset(t, i) / 8;
	btf__free(btf);
	return offset;
}

TEST_F(core_relo, fields)
{
	ASSERT_LT(0, kernel_offset("task_struct", "pid"));
	EXPECT_EQ(kernel_offset("task_struct", "pid"),
		  value(self, BPF_CORE_FIELD_BYTE_OFFSET, self->task, "0:1", 4)) TH_LOG("%s", t_log);
	EXPECT_EQ(kernel_offset("task_struct", "tgid") + 2 * kernel_size("task_struct"),
		  value(self, BPF_CORE_FIELD_BYTE_OFFSET, self->task, "2:0", 24));
	EXPECT_EQ(4, value(self, BPF_CORE_FIELD_BYTE_SIZE, self->task, "0:1", 4));
	EXPECT_EQ(1, value(self, BPF_CORE_FIELD_SIGNED, self->task, "0:1", 1));
	EXPECT_EQ(32, value(self, BPF_CORE_FIELD_LSHIFT_U64, self->task, "0:1", 32));
	EXPECT_EQ(32, value(self, BPF_CORE_FIELD_RSHIFT_U64, self->task, "0:1", 32));
	EXPECT_EQ(1, value(self, BPF_CORE_FIELD_EXISTS, self->task, "0:1", 1));
	EXPECT_EQ(0, value(self, BPF_CORE_FIELD_EXISTS, self->task, "0:2", 1));
}

TEST_F(core_relo, types)
{
	__u32 id = kernel_type("list_head", BTF_KIND_STRUCT);

	EXPECT_EQ(self->task, value(self, BPF_CORE_TYPE_ID_LOCAL, self->task, "0", 77));
	EXPECT_EQ(id, value(self, BPF_CORE_TYPE_ID_TARGET, self->list, "0", 77));
	EXPECT_EQ(1, value(self, BPF_CORE_TYPE_EXISTS, self->task, "0", 1));
	EXPECT_EQ(kernel_size("task_struct"), value(self, BPF_CORE_TYPE_SIZE, self->task, "0", 12));
	EXPECT_EQ(0, value(self, BPF_CORE_TYPE_MATCHES, self->task, "0", 1));
}

TEST_F(core_relo, enumerators)
{
	EXPECT_EQ(1, value(self, BPF_CORE_ENUMVAL_EXISTS, self->map_type, "0", 1));
	EXPECT_EQ(BPF_MAP_TYPE_ARRAY, value(self, BPF_CORE_ENUMVAL_VALUE, self->map_type, "0", 7));
	EXPECT_EQ(0, value(self, BPF_CORE_ENUMVAL_EXISTS, self->map_type, "1", 1));
}

TEST_F(core_relo, classes_of_instructions)
{
	struct bpf_core_relo prev = relo(self, 0, BPF_CORE_FIELD_BYTE_OFFSET, self->list, "0:0");
	struct bpf_core_relo array = relo(self, 0, BPF_CORE_ENUMVAL_VALUE, self->map_type, "0");
	struct bpf_insn wide[] = { BPF_LD_IMM64(BPF_REG_0, 7), BPF_EXIT_INSN() };
	struct bpf_insn store[] = {
		BPF_MOV64_IMM(BPF_REG_2, 0x333),
		BPF_STX_MEM(BPF_DW, BPF_REG_1, BPF_REG_2, 0),
		BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_1, 8),
		BPF_EXIT_INSN(),
	};
	struct bpf_insn add[] = { R0(1), BPF_ALU64_IMM(BPF_ADD, BPF_REG_0, 0), BPF_EXIT_INSN() };

	/* The second word of the context: previous is 8 bytes behind next. */
	EXPECT_EQ(0x222, run_fd(load_one(self, BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_1, 0), prev)));
	prepare(self, wide, 3, &array, 1);
	EXPECT_EQ(BPF_MAP_TYPE_ARRAY, run_fd(load(self)));
	prev.insn_off = 8;
	prepare(self, store, 4, &prev, 1);
	EXPECT_EQ(0x333, run_fd(load(self)));
	prepare(self, add, 3, &prev, 1);
	EXPECT_EQ(9, run_fd(load(self)));
}

/* An instruction must have the value that the compiler computed. */
TEST_F(core_relo, unexpected_values)
{
	struct bpf_core_relo prev = relo(self, 0, BPF_CORE_FIELD_BYTE_OFFSET, self->list, "0:0");
	struct bpf_core_relo array = relo(self, 0, BPF_CORE_ENUMVAL_VALUE, self->map_type, "0");
	struct bpf_insn wide[] = { BPF_LD_IMM64(BPF_REG_0, 7ULL << 32 | 7), BPF_EXIT_INSN() };

	EXPECT_EQ(-EINVAL, load_one(self, R0(8), prev));
	EXPECT_EQ(-EINVAL, load_one(self, BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_1, 8), prev));
	EXPECT_EQ(-EINVAL, load_one(self, BPF_ST_MEM(BPF_DW, BPF_REG_1, 8, 0), prev));
	prepare(self, wide, 3, &array, 1);
	EXPECT_EQ(-EINVAL, load(self));
}

TEST_F(core_relo, access_strings)
{
	static const char * const bad[] = {
		"", "0:", ":0", "0:0:", "0::0", "-1", "-1:0", "0:-1", "0:2147483648", "2147483648:0",
		"0:3", "0:1:0", "x",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, value(self, BPF_CORE_FIELD_EXISTS, self->task, bad[i], 1))
			TH_LOG("case %u", i);
}

TEST_F(core_relo, bad_types)
{
	__u32 kind;

	for (kind = 0; kind <= BPF_CORE_TYPE_MATCHES; kind++)
		EXPECT_EQ(-EINVAL, value(self, kind, 0xfffffff, "0", 0)) TH_LOG("kind %u", kind);
}

TEST_F(core_relo, bad_records)
{
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:0"), bad;

	EXPECT_EQ(1, run_fd(load_one(self, R0(1), record)));
	bad = record;
	bad.insn_off = 4;
	EXPECT_EQ(-EINVAL, load_one(self, R0(1), bad));
	bad.insn_off = 16;
	EXPECT_EQ(-EINVAL, load_one(self, R0(1), bad));
	bad.insn_off = 0xfffffff8;
	EXPECT_EQ(-EINVAL, load_one(self, R0(1), bad));
	bad = record;
	bad.access_str_off = 0x7fffffff;
	EXPECT_EQ(-EINVAL, load_one(self, R0(1), bad));
	bad = record;
	bad.kind = BPF_CORE_TYPE_MATCHES + 1;
	EXPECT_GT(0, load_one(self, R0(1), bad));
	bad.kind = -1;
	EXPECT_GT(0, load_one(self, R0(1), bad));
}

TEST_F(core_relo, tables)
{
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:0");
	struct bpf_insn insns[] = { R0(1), BPF_EXIT_INSN() };
	static const __u32 bad_sizes[] = { 0, 4, 12, 17, 18, 250, 253, 256, 0xfffffff0 };
	__u32 tailed[2][8] = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_sizes); i++) {
		prepare(self, insns, 2, &record, 1);
		self->attr.bpf.core_relo_rec_size = bad_sizes[i];
		EXPECT_EQ(-EINVAL, load(self)) TH_LOG("size %u", bad_sizes[i]);
	}

	/* More than there can be */
	prepare(self, insns, 2, &record, INT_MAX / sizeof(record) + 1);
	EXPECT_EQ(-EINVAL, load(self));
	prepare(self, insns, 2, &record, UINT_MAX);
	EXPECT_EQ(-EINVAL, load(self));
	prepare(self, insns, 2, (void *)8, 1);
	EXPECT_EQ(-EFAULT, load(self));
	prepare(self, insns, 2, NULL, 1);
	EXPECT_EQ(-EFAULT, load(self));

	/* Without records nothing of the rest counts. */
	prepare(self, insns, 2, (void *)8, 0);
	self->attr.bpf.core_relo_rec_size = 3;
	EXPECT_EQ(1, run_fd(load(self)));

	/* Records that are longer than they are known here */
	memcpy(tailed[0], &record, sizeof(record));
	memcpy(tailed[1], &record, sizeof(record));
	prepare(self, insns, 2, (void *)tailed, 2);
	self->attr.bpf.core_relo_rec_size = sizeof(tailed[0]);
	EXPECT_EQ(1, run_fd(load(self)));
	tailed[1][7] = 1;
	EXPECT_EQ(-E2BIG, t_bpf(BPF_PROG_LOAD, &self->attr, SIZE));
	EXPECT_EQ(sizeof(record), self->attr.bpf.core_relo_rec_size);
}

/* The same table in the memory of a program, up to where that ends */
TEST_F(core_relo, tables_of_programs)
{
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:0");
	struct bpf_insn insns[] = { R0(1), BPF_EXIT_INSN() };
	struct t_nested n;
	__u32 tail = 1;

	ASSERT_EQ(0, t_nested_open(&n, 32768)) TH_LOG("%s", t_log);
	prepare(self, insns, 2, &record, 1);
	self->attr.bpf.insns = t_nested_put(&n, insns, sizeof(insns));
	self->attr.bpf.license = t_nested_put(&n, "GPL", 4);
	self->attr.bpf.func_info = t_nested_put(&n, &self->func_info, sizeof(self->func_info));
	self->attr.bpf.core_relos = t_nested_put(&n, &record, sizeof(record));
	EXPECT_EQ(0, t_drop(t_nested_bpf(&n, BPF_PROG_LOAD, &self->attr, SIZE)));

	self->attr.bpf.core_relo_rec_size = sizeof(record) + sizeof(tail);
	t_nested_put(&n, &tail, sizeof(tail));
	EXPECT_EQ(-E2BIG, t_nested_bpf(&n, BPF_PROG_LOAD, &self->attr, SIZE));
	self->attr.bpf.core_relo_rec_size = sizeof(record);
	self->attr.bpf.core_relos = 0xffff800000000000ULL + 4096;
	EXPECT_EQ(-EFAULT, t_nested_bpf(&n, BPF_PROG_LOAD, &self->attr, SIZE));
	self->attr.bpf.core_relos = t_ptr(&record);
	EXPECT_EQ(-EFAULT, t_nested_bpf(&n, BPF_PROG_LOAD, &self->attr, SIZE));
	t_nested_close(&n);
}

TEST_F(core_relo, bad_btf)
{
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:0");
	struct bpf_insn insns[] = { R0(1), BPF_EXIT_INSN() };
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0);

	prepare(self, insns, 2, &record, 1);
	self->attr.bpf.prog_btf_fd = -1;
	EXPECT_EQ(-EBADF, load(self));
	self->attr.bpf.prog_btf_fd = map;
	EXPECT_EQ(-EINVAL, load(self));
	close(map);
}

TEST_F(core_relo, without_information_on_functions)
{
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:2");
	struct bpf_insn insns[] = { R0(1), BPF_EXIT_INSN() };

	T_ONLY_OURS("relocations are ignored then");
	prepare(self, insns, 2, &record, 1);
	self->attr.bpf.func_info_cnt = 0;
	EXPECT_EQ(0, run_fd(load(self)));
	self->attr.bpf.prog_btf_fd = -1;
	EXPECT_EQ(-EBADF, load(self));
}

/* An entry in a list of candidates is for a name and a kind. */
TEST_F(core_relo, one_name_of_two_kinds)
{
	T_ONLY_OURS("its cache of candidates has names alone");
	EXPECT_EQ(1, value(self, BPF_CORE_TYPE_EXISTS, self->map_type, "0", 1));
	EXPECT_EQ(0, value(self, BPF_CORE_TYPE_EXISTS, self->no_struct, "0", 1));
	EXPECT_EQ(0, value(self, BPF_CORE_TYPE_EXISTS, self->no_enum, "0", 1));
	EXPECT_EQ(1, value(self, BPF_CORE_TYPE_EXISTS, self->task, "0", 1));
	EXPECT_EQ(0, value(self, BPF_CORE_TYPE_EXISTS, self->no_enum, "0", 1));
	EXPECT_EQ(1, value(self, BPF_CORE_TYPE_EXISTS, self->map_type, "0", 1));
}

TEST_F(core_relo, poison_that_is_reached)
{
	struct bpf_core_relo absent = relo(self, 0, BPF_CORE_FIELD_BYTE_OFFSET, self->task, "0:2");
	struct bpf_core_relo number = relo(self, 0, BPF_CORE_ENUMVAL_VALUE, self->map_type, "1");
	struct bpf_insn wide[] = { BPF_LD_IMM64(BPF_REG_0, 8), BPF_EXIT_INSN() };

	EXPECT_EQ(-EINVAL, load_one(self, R0(8), absent));
	EXPECT_NE(NULL, strstr(t_log, POISON_SAID)) TH_LOG("%s", t_log);
	EXPECT_EQ(-EINVAL, load_one(self, BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_1, 8), absent));
	EXPECT_NE(NULL, strstr(t_log, POISON_SAID)) TH_LOG("%s", t_log);
	prepare(self, wide, 3, &number, 1);
	EXPECT_EQ(-EINVAL, load(self));
	EXPECT_NE(NULL, strstr(t_log, POISON_SAID)) TH_LOG("%s", t_log);
}

/* if (field exists) read it; else ... */
TEST_F(core_relo, poison_that_is_guarded)
{
	struct bpf_insn insns[] = {
		R0(1),
		BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 2),
		R0(8),
		BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_1, 8),
		BPF_EXIT_INSN(),
	};
	struct bpf_core_relo relos[] = {
		relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:2"),
		relo(self, 2, BPF_CORE_FIELD_BYTE_OFFSET, self->task, "0:2"),
		relo(self, 3, BPF_CORE_FIELD_BYTE_OFFSET, self->task, "0:2"),
	};

	prepare(self, insns, ARRAY_SIZE(insns), relos, ARRAY_SIZE(relos));
	EXPECT_EQ(0, run_fd(load(self))) TH_LOG("%s", t_log);
}

/* Only what has a value can become a call of nothing: the verifier knows where
 * programs end and where they call each other.
 */
TEST_F(core_relo, instructions_without_a_value)
{
	struct bpf_insn insns[] = {
		BPF_LD_IMM64(BPF_REG_0, 8),
		BPF_ALU64_REG(BPF_MOV, BPF_REG_2, BPF_REG_1),
		BPF_JMP_IMM(BPF_JNE, BPF_REG_0, 8, 1),
		BPF_JMP_A(0),
		BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 1),
		BPF_EXIT_INSN(),
		R0(0),
		BPF_EXIT_INSN(),
	};
	struct bpf_core_relo absent = relo(self, 0, BPF_CORE_FIELD_BYTE_OFFSET, self->task, "0:2");
	struct bpf_core_relo present = relo(self, 0, BPF_CORE_FIELD_BYTE_OFFSET, self->task, "0:1");
	static const int at[] = { 1, 2, 3, 4, 5, 6, 8 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		absent.insn_off = present.insn_off = at[i] * 8;
		prepare(self, insns, ARRAY_SIZE(insns), &absent, 1);
		self->attr.bpf.func_info_cnt = t_kernel_is_ours() ? 0 : 1;
		EXPECT_EQ(-EINVAL, load(self)) TH_LOG("insn %d", at[i]);
		EXPECT_EQ(NULL, strstr(t_log, POISON_SAID)) TH_LOG("insn %d: %s", at[i], t_log);
		prepare(self, insns, ARRAY_SIZE(insns), &present, 1);
		self->attr.bpf.func_info_cnt = t_kernel_is_ours() ? 0 : 1;
		EXPECT_EQ(-EINVAL, load(self)) TH_LOG("insn %d", at[i]);
	}
}

/* A program that ends with half an instruction */
TEST_F(core_relo, truncated_instruction)
{
	struct bpf_core_relo array = relo(self, 1, BPF_CORE_ENUMVAL_VALUE, self->map_type, "0");
	struct bpf_core_relo absent = relo(self, 1, BPF_CORE_ENUMVAL_VALUE, self->map_type, "1");
	struct bpf_insn insns[] = {
		R0(0),
		BPF_RAW_INSN(BPF_LD | BPF_IMM | BPF_DW, BPF_REG_0, 0, 0, 7),
	};

	T_ONLY_OURS("what is behind the program is looked at");
	prepare(self, insns, 2, &array, 1);
	EXPECT_EQ(-EINVAL, load(self));
	EXPECT_NE(NULL, strstr(t_log, "it has no place for a value")) TH_LOG("%s", t_log);
	insns[1].imm = 8;
	prepare(self, insns, 2, &absent, 1);
	EXPECT_EQ(-EINVAL, load(self));
	EXPECT_NE(NULL, strstr(t_log, "it has no place for a value")) TH_LOG("%s", t_log);
}

/* Nothing has looked at the instructions when they are relocated. */
TEST_F(core_relo, before_subprograms)
{
	struct bpf_core_relo record = relo(self, 1, BPF_CORE_FIELD_EXISTS, self->task, "0:7");
	struct bpf_insn insns[] = { R0(0), BPF_JMP_A(100) };

	T_ONLY_OURS("subprograms are checked first");
	prepare(self, insns, 2, &record, 1);
	self->attr.bpf.func_info_cnt = 0;
	EXPECT_EQ(-EINVAL, load(self));
	EXPECT_NE(NULL, strstr(t_log, "no such member")) TH_LOG("%s", t_log);
	EXPECT_EQ(NULL, strstr(t_log, "jump out of range")) TH_LOG("%s", t_log);
}

/* Two structs of the kernel that share a name, but not the size, and a pointer that
 * only one of them has
 */
struct twins {
	struct btf *btf;
	const char *name, *field;
	__u32 size;		/* of the one that has @field */
};

static bool has_field(const struct btf_type *t, __u32 name_off)
{
	int i;

	for (i = 0; i < btf_vlen(t); i++)
		if (btf_members(t)[i].name_off == name_off)
			return true;
	return false;
}

static bool are_twins(struct twins *twins, const struct btf_type *a, const struct btf_type *b)
{
	int i;

	for (i = 0; a->size != b->size && i < btf_vlen(b); i++) {
		const struct btf_member *m = &btf_members(b)[i];

		if (!m->name_off || has_field(a, m->name_off) ||
		    !btf_is_ptr(btf__type_by_id(twins->btf, m->type)))
			continue;
		twins->name = btf__name_by_offset(twins->btf, b->name_off);
		twins->field = btf__name_by_offset(twins->btf, m->name_off);
		twins->size = b->size;
		return true;
	}
	return false;
}

/* Strings are in BTF once, so that offsets compare as names. */
static int by_name(const void *a, const void *b)
{
	const struct btf_type *x = *(const struct btf_type **)a, *y = *(const struct btf_type **)b;

	return (x->name_off > y->name_off) - (x->name_off < y->name_off);
}

static bool find_twins(struct twins *twins)
{
	__u32 n = btf__type_cnt(twins->btf), id, cnt = 0, i, k;
	const struct btf_type **structs = calloc(n, sizeof(*structs));
	bool found = false;

	for (id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(twins->btf, id);

		if (btf_is_struct(t) && t->name_off)
			structs[cnt++] = t;
	}
	qsort(structs, cnt, sizeof(*structs), by_name);
	for (i = 0; i < cnt && !found; i = k) {
		for (k = i + 1; k < cnt && !by_name(&structs[i], &structs[k]); k++)
			;
		found = k == i + 2 && (are_twins(twins, structs[i], structs[i + 1]) ||
				       are_twins(twins, structs[i + 1], structs[i]));
	}
	free(structs);
	return found;
}

/* A field that only one candidate has says which one is meant from there on. So
 * does libbpf; the kernels of mainline ask all candidates each time.
 */
TEST_F(core_relo, candidates_are_pruned)
{
	struct twins twins = { .btf = btf__load_vmlinux_btf() };
	struct bpf_insn insns[] = { R0(1), R0(8), BPF_EXIT_INSN() };
	struct bpf_core_relo relos[2];
	int local, ptr;

	if (!find_twins(&twins)) {
		btf__free(twins.btf);
		SKIP(return, "this kernel has no two structs of one name that would do");
	}
	ptr = btf__add_ptr(self->types, 0);
	local = btf__add_struct(self->types, twins.name, 8);
	btf__add_field(self->types, twins.field, ptr, 0, 0);
	relos[0] = relo(self, 0, BPF_CORE_FIELD_EXISTS, local, "0:0");
	relos[1] = relo(self, 1, BPF_CORE_TYPE_SIZE, local, "0");

	prepare(self, insns, 3, relos, 2);
	EXPECT_EQ(t_kernel_is_ours() ? (long)twins.size : -EINVAL, run_fd(load(self)))
		TH_LOG("struct %s, %s: %s", twins.name, twins.field, t_log);
	prepare(self, insns, 3, &relos[1], 1);
	EXPECT_EQ(-EINVAL, run_fd(load(self)));
	btf__free(twins.btf);
}

TEST_F(core_relo, said_in_the_log)
{
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:9");

	T_ONLY_OURS("other words");
	EXPECT_EQ(-EINVAL, load_one(self, R0(1), record));
	EXPECT_NE(NULL, strstr(t_log, "relocation field_exists (2) of [3] struct task_struct___mine + \"0:9\": no such member\n"))
		TH_LOG("%s", t_log);
	EXPECT_NE(NULL, strstr(t_log, "core_relo[0] of insn 0 failed: -22\n")) TH_LOG("%s", t_log);
}

/* A name as long as the log's buffer, and longer */
TEST_F(core_relo, long_strings)
{
	static char text[5000];

	memset(text, '9', sizeof(text) - 1);
	EXPECT_EQ(-EINVAL, value(self, BPF_CORE_FIELD_EXISTS, self->task, text, 1));
}

TEST_F(core_relo, no_memory)
{
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:1");
	struct bpf_insn insns[] = { R0(1), BPF_EXIT_INSN() };

	if (!t_inject_available())
		SKIP(return, "kernel without fault injection");
	prepare(self, insns, 2, &record, 1);
	EXPECT_LT(5, t_inject_loads(&self->attr, SIZE));
	t_inject_end();
}

/* Millions of records, one page of which is everywhere */
TEST_F(core_relo, can_be_killed)
{
	enum { MAPPED = 64 << 10, TIMES = 2000 };
	struct bpf_core_relo record = relo(self, 0, BPF_CORE_FIELD_EXISTS, self->task, "0:1");
	struct bpf_insn insns[] = { R0(1), BPF_EXIT_INSN() };
	struct bpf_core_relo *records;
	struct rusage usage;
	int fd, status;
	char *all;
	size_t i;
	pid_t pid;

	T_ONLY_OURS("a load cannot be interrupted there");
	fd = memfd_create("records", MFD_CLOEXEC);
	ASSERT_EQ(0, ftruncate(fd, MAPPED));
	records = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (i = 0; i < MAPPED / sizeof(record); i++)
		records[i] = record;
	all = mmap(NULL, (size_t)MAPPED * TIMES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ASSERT_NE(MAP_FAILED, all);
	for (i = 0; i < TIMES; i++)
		ASSERT_NE(MAP_FAILED, mmap(all + i * MAPPED, MAPPED, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0));
	prepare(self, insns, 2, (void *)all, (size_t)MAPPED / sizeof(record) * TIMES);

	pid = fork();
	if (!pid)
		_exit(t_bpf(BPF_PROG_LOAD, &self->attr, SIZE) >= 0);
	usleep(200000);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, wait4(pid, &status, 0, &usage));
	EXPECT_TRUE(WIFSIGNALED(status)) TH_LOG("%d", WEXITSTATUS(status));
	/* Each mapping that the load reached was a fault or more. */
	EXPECT_GT(TIMES, usage.ru_minflt);
	munmap(all, (size_t)MAPPED * TIMES);
	munmap(records, MAPPED);
	close(fd);
}

TEST_HARNESS_MAIN
