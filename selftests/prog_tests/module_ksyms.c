// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF_PSEUDO_BTF_ID with a BTF object: variables of a module. BTF as it is made today
 * has per-CPU variables only, so the plain ones are added to that of the module.
 */
#include "test.h"

#include <bpf/btf.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ksym.h"

#define VAR_NAME(name)	T_MODULE "_" name
#define MAX_BTFS	64	/* that one program can use */

FIXTURE(module_ksyms)
{
	struct btf *vmlinux, *btf;
	int fd;
	int percpu, array, percpu_pair, percpu_list;
	int plain, pair, list, banner, absent, large;
};

static int var(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_VAR);
}

static int add_var(struct btf *btf, const char *name, int type)
{
	return btf__add_var(btf, name, BTF_VAR_GLOBAL_ALLOCATED, type);
}

FIXTURE_SETUP(module_ksyms)
{
	const void *raw;
	int number;
	__u32 size;

	if (!t_module_available())
		SKIP(return, "this kernel has no module for the tests");
	self->vmlinux = btf__load_vmlinux_btf();
	ASSERT_NE(NULL, self->vmlinux);
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
	self->btf = btf__load_module_btf(T_MODULE, self->vmlinux);
	ASSERT_NE(NULL, self->btf);
	ASSERT_EQ(0, t_module_unload(T_MODULE));

	self->percpu = var(self->btf, VAR_NAME("percpu"));
	self->array = var(self->btf, VAR_NAME("percpu_array"));
	self->percpu_pair = var(self->btf, VAR_NAME("percpu_pair"));
	self->percpu_list = var(self->btf, VAR_NAME("percpu_list"));
	ASSERT_LT(0, self->percpu);
	ASSERT_LT(0, self->array);
	ASSERT_LT(0, self->percpu_pair);
	ASSERT_LT(0, self->percpu_list);
	number = btf__find_by_name_kind(self->btf, "int", BTF_KIND_INT);
	self->plain = add_var(self->btf, VAR_NAME("int"), number);
	self->pair = add_var(self->btf, VAR_NAME("pair"),
			     btf__find_by_name_kind(self->btf, VAR_NAME("pair"),
						    BTF_KIND_STRUCT));
	self->list = add_var(self->btf, VAR_NAME("list"),
			     btf__find_by_name_kind(self->btf, "list_head",
						    BTF_KIND_STRUCT));
	self->banner = add_var(self->btf, "linux_banner", number);
	self->absent = add_var(self->btf, VAR_NAME("absent"), number);
	self->large = add_var(self->btf, VAR_NAME("int"),
			      btf__add_array(self->btf, number, number, 1 << 24));
	ASSERT_LT(0, self->large);

	raw = btf__raw_data(self->btf, &size);
	ASSERT_NE(NULL, raw);
	ASSERT_EQ(0, t_module_load(T_MODULE, "", raw, size));
	self->fd = t_kernel_btf(T_MODULE);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(module_ksyms)
{
	if (!self->vmlinux)
		return;
	close(self->fd);
	EXPECT_EQ(0, t_module_unload_soon(T_MODULE));
	EXPECT_EQ(-ENOENT, t_kernel_btf(T_MODULE));
	btf__free(self->btf);
	btf__free(self->vmlinux);
}

#define SKIP_IF_NONE()							\
	do {								\
		if (!self->vmlinux)					\
			return;						\
	} while (0)

#define VAR_OF(reg, fd, id)	T_LDIMM64(reg, BPF_PSEUDO_BTF_ID, id, fd)
#define VAR(id)		VAR_OF(BPF_REG_1, self->fd, id)
/* A plain variable as if a helper had returned it */
#define PLAIN(id)	VAR(id), BPF_MOV64_REG(BPF_REG_0, BPF_REG_1)
#define READ(size, off)	BPF_LDX_MEM(size, BPF_REG_0, BPF_REG_0, off)

static int load(const struct bpf_insn *insns, size_t cnt)
{
	return t_load_type(BPF_PROG_TYPE_RAW_TRACEPOINT, insns, cnt);
}

static long run(int fd)
{
	__u64 ctx[2] = {};
	__u32 retval;
	int err;

	if (fd < 0)
		return fd;
	err = t_run(fd, ctx, sizeof(ctx), &retval);
	close(fd);
	return err ?: (long)retval;
}

/* What a program of these instructions returns, or why it does not load */
#define RUN(...)							\
({									\
	const struct bpf_insn insns[] = { __VA_ARGS__, BPF_EXIT_INSN() };	\
									\
	run(load(insns, ARRAY_SIZE(insns)));				\
})

/* A descriptor of such a program */
#define PROG(...)							\
({									\
	const struct bpf_insn insns[] = {				\
		__VA_ARGS__, BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN()	\
	};								\
									\
	load(insns, ARRAY_SIZE(insns));					\
})

TEST_F(module_ksyms, per_cpu)
{
	SKIP_IF_NONE();
	EXPECT_EQ(11, RUN(VAR(self->percpu), THIS_CPU, READ(BPF_W, 0))) TH_LOG("%s", t_log);
	EXPECT_EQ(11, RUN(VAR(self->percpu), CPU_0, READ(BPF_W, 0))) TH_LOG("%s", t_log);
	EXPECT_EQ(23, RUN(VAR(self->array), THIS_CPU, READ(BPF_DW, 16)));
	EXPECT_EQ(31, RUN(VAR(self->percpu_pair), THIS_CPU, READ(BPF_W, 0)));
	EXPECT_EQ(32, RUN(VAR(self->percpu_pair), CPU_0, READ(BPF_DW, 8)));
}

TEST_F(module_ksyms, plain)
{
	SKIP_IF_NONE();
	EXPECT_EQ(41, RUN(PLAIN(self->plain), READ(BPF_W, 0))) TH_LOG("%s", t_log);
	EXPECT_EQ(51, RUN(PLAIN(self->pair), READ(BPF_W, 0))) TH_LOG("%s", t_log);
	EXPECT_EQ(52, RUN(PLAIN(self->pair), READ(BPF_DW, 8))) TH_LOG("%s", t_log);
}

/* Their addresses are no memory before a helper was asked */
TEST_F(module_ksyms, per_cpu_is_no_memory)
{
	SKIP_IF_NONE();
	EXPECT_EQ(-EACCES, RUN(PLAIN(self->percpu), READ(BPF_W, 0)));
	EXPECT_EQ(-EACCES, RUN(PLAIN(self->percpu_pair), READ(BPF_W, 0)));
	EXPECT_EQ(-EACCES, RUN(VAR(self->plain), THIS_CPU, READ(BPF_W, 0)));
}

TEST_F(module_ksyms, outside)
{
	SKIP_IF_NONE();
	EXPECT_EQ(-EACCES, RUN(VAR(self->percpu), THIS_CPU, READ(BPF_W, 4)));
	EXPECT_EQ(-EACCES, RUN(VAR(self->percpu), CPU_0, READ(BPF_DW, 0)));
	EXPECT_EQ(-EACCES, RUN(VAR(self->array), THIS_CPU, READ(BPF_DW, 24)));
	EXPECT_EQ(-EACCES, RUN(VAR(self->array), BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, 8),
			       THIS_CPU, READ(BPF_DW, 0)));
	EXPECT_EQ(-EACCES, RUN(PLAIN(self->plain), READ(BPF_W, 4)));
	EXPECT_EQ(-EACCES, RUN(PLAIN(self->plain), READ(BPF_B, -1)));
	EXPECT_EQ(-EACCES, RUN(PLAIN(self->pair), READ(BPF_DW, 24)));
}

TEST_F(module_ksyms, null_check_is_needed)
{
	SKIP_IF_NONE();
	EXPECT_EQ(-EACCES, RUN(VAR(self->percpu), BPF_MOV64_IMM(BPF_REG_2, 0),
			       BPF_EMIT_CALL(BPF_FUNC_per_cpu_ptr), READ(BPF_W, 0)));
	/* on which a CPU that does not exist depends */
	EXPECT_EQ(7, RUN(VAR(self->percpu), BPF_MOV64_IMM(BPF_REG_2, 100000),
			 BPF_EMIT_CALL(BPF_FUNC_per_cpu_ptr),
			 BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 1), READ(BPF_W, 0),
			 BPF_MOV64_IMM(BPF_REG_0, 7)));
}

/* All that there is of a module is there to be read. */
TEST_F(module_ksyms, store)
{
	const int percpu[] = { self->percpu, self->array, self->percpu_pair,
			       self->percpu_list };
	const int plain[] = { self->plain, self->pair, self->list };
	size_t i;

	SKIP_IF_NONE();
	for (i = 0; i < ARRAY_SIZE(percpu); i++) {
		EXPECT_EQ(-EACCES, RUN(VAR(percpu[i]), THIS_CPU,
				       BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 1)));
		EXPECT_EQ(-EACCES, RUN(VAR(percpu[i]), CPU_0,
				       BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 1)));
		EXPECT_EQ(-EACCES, RUN(PLAIN(percpu[i]),
				       BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 1)));
	}
	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		EXPECT_EQ(-EACCES, RUN(PLAIN(plain[i]),
				       BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 1)));
		EXPECT_EQ(-EACCES, RUN(PLAIN(plain[i]), BPF_MOV64_IMM(BPF_REG_1, 1),
				       BPF_STX_XADD(BPF_W, BPF_REG_0, BPF_REG_1, 0)));
	}
	EXPECT_EQ(41, RUN(PLAIN(self->plain), READ(BPF_W, 0)));
}

/* What was on the stack comes back as what it was. */
TEST_F(module_ksyms, spill)
{
	SKIP_IF_NONE();
	EXPECT_EQ(11, RUN(VAR(self->percpu),
			  BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -8),
			  BPF_MOV64_IMM(BPF_REG_1, 0),
			  BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_10, -8),
			  THIS_CPU, READ(BPF_W, 0))) TH_LOG("%s", t_log);
	EXPECT_EQ(-EACCES, RUN(VAR(self->percpu),
			       BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -8),
			       BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_10, -8),
			       READ(BPF_W, 0)));
}

/* On one path a variable of the size of another: the size is checked of both. */
TEST_F(module_ksyms, either)
{
	SKIP_IF_NONE();
	EXPECT_EQ(-EACCES, RUN(
		VAR(self->percpu), THIS_CPU, READ(BPF_W, 0),
		BPF_MOV64_REG(BPF_REG_6, BPF_REG_0),
		VAR(self->array),
		BPF_JMP_IMM(BPF_JEQ, BPF_REG_6, 0, 2),
		VAR(self->percpu),
		THIS_CPU, READ(BPF_DW, 16))) TH_LOG("%s", t_log);
	EXPECT_EQ(11, RUN(
		VAR(self->percpu), THIS_CPU, READ(BPF_W, 0),
		BPF_MOV64_REG(BPF_REG_6, BPF_REG_0),
		VAR(self->array),
		BPF_JMP_IMM(BPF_JEQ, BPF_REG_6, 0, 2),
		VAR(self->percpu),
		THIS_CPU, READ(BPF_W, 0))) TH_LOG("%s", t_log);
}

/*
 * A structure that the kernel's BTF has is a pointer to that type, whose members can
 * be followed; one of the module is memory, whose members are numbers.
 */
TEST_F(module_ksyms, structures)
{
	SKIP_IF_NONE();
	EXPECT_EQ(1, RUN(PLAIN(self->list), BPF_MOV64_REG(BPF_REG_6, BPF_REG_0),
			 READ(BPF_DW, 0), READ(BPF_DW, 0),
			 BPF_JMP_REG(BPF_JEQ, BPF_REG_0, BPF_REG_6, 2),
			 BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN(),
			 BPF_MOV64_IMM(BPF_REG_0, 1))) TH_LOG("%s", t_log);
	EXPECT_EQ(0, RUN(VAR(self->percpu_list), THIS_CPU, READ(BPF_DW, 0),
			 BPF_MOV64_IMM(BPF_REG_0, 0))) TH_LOG("%s", t_log);
	EXPECT_EQ(-EACCES, RUN(PLAIN(self->pair), READ(BPF_DW, 16), READ(BPF_W, 0)));
}

/*
 * Ids of types mean nothing without their BTF: none of the kernel is taken for one of
 * the module, one of another module, or the other way round.
 */
TEST_F(module_ksyms, ids_of_other_btf)
{
	int kernel, fd = -1, swapped, number;
	struct btf *other;
	const void *raw;
	__u32 size;

	SKIP_IF_NONE();
	kernel = var(self->vmlinux, "bpf_prog_active");
	ASSERT_LT(0, kernel);
	EXPECT_EQ(-EINVAL, t_drop(PROG(VAR(kernel))));
	EXPECT_NE(NULL, strstr(t_log, "not of a variable of module")) TH_LOG("%s", t_log);
	EXPECT_EQ(-ENOENT, t_drop(PROG(VAR_OF(BPF_REG_1, 0, self->percpu))));

	/* another module, in which that id is a structure */
	other = btf__new_empty_split(self->vmlinux);
	number = btf__find_by_name_kind(other, "int", BTF_KIND_INT);
	for (swapped = 0; swapped < self->percpu;)
		swapped = btf__add_struct(other, VAR_NAME("other"), 4);
	swapped = add_var(other, VAR_NAME("int"), number);
	raw = btf__raw_data(other, &size);
	ASSERT_EQ(0, t_module_load(T_MODULE "2", "", raw, size));
	fd = t_kernel_btf(T_MODULE "2");
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, t_drop(PROG(VAR_OF(BPF_REG_1, fd, self->percpu))));
	EXPECT_EQ(41, RUN(VAR_OF(BPF_REG_0, fd, swapped), READ(BPF_W, 0)))
		TH_LOG("%s", t_log);
	close(fd);
	EXPECT_EQ(0, t_module_unload_soon(T_MODULE "2"));
	btf__free(other);
}

/* What a helper wants is a type of the kernel. */
TEST_F(module_ksyms, helper_wants_type)
{
	struct bpf_insn insns[] = {
		VAR(self->pair),
		BPF_LD_MAP_FD(BPF_REG_2, 0),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, -8),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_MOV64_IMM(BPF_REG_5, 8),
		BPF_EMIT_CALL(BPF_FUNC_skb_output),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	union t_attr attr;
	int map;

	SKIP_IF_NONE();
	map = t_map(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 1, 0);
	ASSERT_LE(0, map);
	insns[2].imm = map;
	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	attr.bpf.prog_type = BPF_PROG_TYPE_TRACING;
	attr.bpf.prog_flags = 0;
	attr.bpf.expected_attach_type = BPF_TRACE_FENTRY;
	attr.bpf.attach_btf_id = btf__find_by_name_kind(self->vmlinux, "vfs_read",
							BTF_KIND_FUNC);
	EXPECT_EQ(-EACCES, t_drop(t_load_attr(&attr, t_attr_end(bpf.fd_array))));
	EXPECT_NE(NULL, strstr(t_log, "R1 type=rdonly_mem expected=ptr_")) TH_LOG("%s", t_log);

	/* a structure of the kernel, but another one */
	insns[0].imm = self->list;
	EXPECT_EQ(-EACCES, t_drop(t_load_attr(&attr, t_attr_end(bpf.fd_array))));
	EXPECT_NE(NULL, strstr(t_log, "R1 is of type list_head but sk_buff is expected"))
		TH_LOG("%s", t_log);
	close(map);
}

TEST_F(module_ksyms, bad_ids)
{
	int type;

	SKIP_IF_NONE();
	type = btf__find_by_name_kind(self->btf, VAR_NAME("pair"), BTF_KIND_STRUCT);
	EXPECT_EQ(-EINVAL, t_drop(PROG(VAR(type))));
	EXPECT_EQ(-EINVAL, t_drop(PROG(VAR(0))));
	EXPECT_EQ(-ENOENT, t_drop(PROG(VAR(btf__type_cnt(self->btf)))));
	EXPECT_EQ(-ENOENT, t_drop(PROG(VAR(-1))));
	/* a symbol of the kernel is none of the module */
	EXPECT_EQ(-ENOENT, t_drop(PROG(VAR(self->banner))));
	EXPECT_EQ(-ENOENT, t_drop(PROG(VAR(self->absent))));
	EXPECT_NE(NULL, strstr(t_log, "has no symbol")) TH_LOG("%s", t_log);
	EXPECT_EQ(-EINVAL, t_drop(PROG(VAR(self->large))));
	EXPECT_NE(NULL, strstr(t_log, "is no variable of 67108864 bytes"))
		TH_LOG("%s", t_log);
}

/* The kernel's own BTF can be named as well, and is what it is without. */
TEST_F(module_ksyms, descriptor_of_vmlinux)
{
	int id, fd;

	SKIP_IF_NONE();
	id = var(self->vmlinux, "bpf_prog_active");
	fd = t_kernel_btf("vmlinux");
	ASSERT_LT(0, fd);
	EXPECT_EQ(0, t_drop(PROG(VAR_OF(BPF_REG_1, fd, id), THIS_CPU, READ(BPF_W, 0))))
		TH_LOG("%s", t_log);
	EXPECT_EQ(-ENOENT, t_drop(PROG(VAR_OF(BPF_REG_1, fd, self->percpu))));
	close(fd);
}

/* A program keeps the module, not the descriptor. */
TEST_F(module_ksyms, module_is_kept)
{
	int first, second;

	SKIP_IF_NONE();
	first = PROG(VAR(self->percpu), VAR(self->plain), VAR(self->percpu));
	ASSERT_LE(0, first) TH_LOG("%s", t_log);
	second = PROG(VAR(self->plain));
	ASSERT_LE(0, second);
	close(self->fd);
	EXPECT_EQ(-EAGAIN, t_module_unload(T_MODULE));
	close(first);
	usleep(100000);
	EXPECT_EQ(-EAGAIN, t_module_unload(T_MODULE));
	EXPECT_EQ(0, run(second));
	EXPECT_EQ(0, t_module_unload_soon(T_MODULE));
	EXPECT_EQ(-ENOENT, t_kernel_btf(T_MODULE));

	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
	self->fd = t_kernel_btf(T_MODULE);
}

/* One that was refused does not keep it at all. */
TEST_F(module_ksyms, refused_keeps_nothing)
{
	SKIP_IF_NONE();
	EXPECT_EQ(-EACCES, t_drop(PROG(VAR(self->percpu), THIS_CPU, READ(BPF_W, 100))));
	EXPECT_EQ(-EACCES, t_drop(PROG(PLAIN(self->plain),
				       BPF_ST_MEM(BPF_W, BPF_REG_0, 0, 1))));
	EXPECT_EQ(-ENOENT, t_drop(PROG(VAR(self->plain), VAR(self->absent))));
	EXPECT_EQ(0, t_module_unload(T_MODULE));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

/* fd_array with a count binds what it lists. */
TEST_F(module_ksyms, fd_array_keeps_module)
{
	const struct bpf_insn insns[] = { BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN() };
	union t_attr attr;
	int fd;

	SKIP_IF_NONE();
	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	attr.bpf.fd_array = t_ptr(&self->fd);
	attr.load.fd_array_cnt = 1;
	fd = t_load_attr(&attr, t_attr_end(load.fd_array_cnt));
	ASSERT_LE(0, fd) TH_LOG("%s", t_log);
	EXPECT_EQ(-EAGAIN, t_module_unload(T_MODULE));
	close(fd);
	EXPECT_EQ(0, t_module_unload_soon(T_MODULE));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

/* The module has gone; who holds its BTF has nothing that a program could use. */
TEST_F(module_ksyms, module_is_gone)
{
	SKIP_IF_NONE();
	ASSERT_EQ(0, t_module_unload(T_MODULE));
	EXPECT_EQ(-ENXIO, t_drop(PROG(VAR(self->percpu))));
	EXPECT_EQ(-ENXIO, t_drop(PROG(VAR(self->plain))));
	/* nor is it of the one that came after it */
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
	EXPECT_EQ(-ENXIO, t_drop(PROG(VAR(self->percpu))));
	close(self->fd);
	self->fd = t_kernel_btf(T_MODULE);
	EXPECT_EQ(0, t_drop(PROG(VAR(self->percpu)))) TH_LOG("%s", t_log);
}

static void *load_waiting(void *unused)
{
	(void)unused;
	return (void *)(long)t_module_load(T_MODULE, "wait=1", NULL, 0);
}

/* Its init has not returned. */
TEST_F(module_ksyms, module_is_coming)
{
	pthread_t thread;
	void *err;
	int fd;

	SKIP_IF_NONE();
	ASSERT_EQ(0, t_module_unload(T_MODULE));
	ASSERT_EQ(0, pthread_create(&thread, NULL, load_waiting, NULL));
	while (access("/sys/module/" T_MODULE "/parameters/go", F_OK))
		usleep(1000);
	/* the one that has gone is kept by the descriptor that is left of it */
	close(self->fd);
	fd = t_kernel_btf(T_MODULE);
	EXPECT_LE(0, fd);
	self->fd = fd;
	EXPECT_EQ(-ENXIO, t_drop(PROG(VAR(self->percpu))));
	EXPECT_EQ(0, t_write("/sys/module/" T_MODULE "/parameters/go", "1"));
	pthread_join(thread, &err);
	EXPECT_EQ(NULL, err);
	EXPECT_EQ(11, RUN(VAR(self->percpu), THIS_CPU, READ(BPF_W, 0))) TH_LOG("%s", t_log);
}

/* As many modules as one program can use, and one more */
TEST_F(module_ksyms, many_modules)
{
	struct bpf_insn insns[2 * (MAX_BTFS + 1) + 2];
	const void *raw;
	char name[56];
	int i, fd, fds[MAX_BTFS + 1];
	__u32 size;

	SKIP_IF_NONE();
	raw = btf__raw_data(self->btf, &size);
	for (i = 0; i <= MAX_BTFS; i++) {
		const struct bpf_insn one[] = { VAR_OF(BPF_REG_1, 0, self->plain) };

		snprintf(name, sizeof(name), T_MODULE "_%d", i);
		ASSERT_EQ(0, t_module_load(name, "", raw, size));
		fds[i] = t_kernel_btf(name);
		ASSERT_LE(0, fds[i]);
		memcpy(&insns[2 * i], one, sizeof(one));
		insns[2 * i + 1].imm = fds[i];
	}
	insns[2 * i] = BPF_MOV64_IMM(BPF_REG_0, 0);
	insns[2 * i + 1] = BPF_EXIT_INSN();
	EXPECT_EQ(-E2BIG, t_drop(load(insns, ARRAY_SIZE(insns))));
	fd = load(insns + 2, ARRAY_SIZE(insns) - 2);
	EXPECT_LE(0, fd) TH_LOG("%s", t_log);
	EXPECT_EQ(-EAGAIN, t_module_unload(T_MODULE "_1"));
	EXPECT_EQ(0, t_module_unload(T_MODULE "_0"));
	close(fd);
	for (i = 0; i <= MAX_BTFS; i++) {
		close(fds[i]);
		snprintf(name, sizeof(name), T_MODULE "_%d", i);
		EXPECT_EQ(i ? 0 : -ENOENT, t_module_unload_soon(name));
	}
}

struct swapper {
	int at, fds[2];
	atomic_bool stop;
};

static void *swap(void *data)
{
	struct swapper *swapper = data;
	unsigned int n;

	for (n = 0; !swapper->stop; n++)
		dup2(swapper->fds[n % 2], swapper->at);
	return NULL;
}

/* Other BTF comes behind the descriptor meanwhile: it is either one or the other. */
TEST_F(module_ksyms, descriptor_changes)
{
	struct swapper swapper = { .at = 100 };
	unsigned int n, loaded = 0, refused = 0;
	pthread_t thread;
	int fd;

	SKIP_IF_NONE();
	swapper.fds[0] = self->fd;
	swapper.fds[1] = t_btf_load();
	ASSERT_LE(0, swapper.fds[1]);
	ASSERT_EQ(100, dup2(self->fd, 100));
	ASSERT_EQ(0, pthread_create(&thread, NULL, swap, &swapper));
	for (n = 0; n < 2000 || (n < 200000 && !(loaded && refused)); n++) {
		const struct bpf_insn insns[] = {
			VAR_OF(BPF_REG_1, 100, self->plain),
			VAR_OF(BPF_REG_1, 100, self->percpu),
			BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN(),
		};
		union t_attr attr;

		t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
		attr.bpf.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
		attr.bpf.prog_flags = 0;
		fd = t_bpf(BPF_PROG_LOAD, &attr, t_attr_end(bpf.fd_array));
		if (fd >= 0) {
			loaded++;
			close(fd);
			continue;
		}
		/* between closing the old one and opening the new */
		ASSERT_EQ(-EINVAL, fd);
		refused++;
	}
	swapper.stop = true;
	pthread_join(thread, NULL);
	EXPECT_NE(0, loaded);
	EXPECT_NE(0, refused);
	close(100);
	close(swapper.fds[1]);
}

static void *load_without_rights(void *data)
{
	const struct bpf_insn insns[] = {
		VAR_OF(BPF_REG_1, *(int *)data, ((int *)data)[1]),
		BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN(),
	};
	static int err;

	err = t_caps_keep(0) ?:
	      t_drop(t_load_type(BPF_PROG_TYPE_SOCKET_FILTER, insns, ARRAY_SIZE(insns)));
	return &err;
}

/* Memory of the kernel is not for those without rights who were given a descriptor. */
TEST_F(module_ksyms, no_rights)
{
	int data[] = { self->fd, self->plain };
	pthread_t thread;
	void *err;

	SKIP_IF_NONE();
	if (t_write(T_UNPRIVILEGED_OFF, "0"))
		SKIP(return, "bpf() is for the privileged until the next boot");
	ASSERT_EQ(0, pthread_create(&thread, NULL, load_without_rights, data));
	pthread_join(thread, &err);
	EXPECT_EQ(-EPERM, *(int *)err);
	EXPECT_NE(NULL, strstr(t_log, "variables of modules need CAP_BPF")) TH_LOG("%s", t_log);
}

/* Every allocation of a load fails once; none of them leaves the module in use. */
TEST_F(module_ksyms, failing_allocations)
{
	const struct bpf_insn insns[] = {
		VAR(self->percpu), VAR(self->plain),
		BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN(),
	};
	union t_attr attr;

	SKIP_IF_NONE();
	if (!t_inject_available())
		SKIP(return, "this kernel cannot fail allocations on request");
	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	attr.bpf.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attr.bpf.prog_flags = 0;
	EXPECT_LT(0, t_inject_loads(&attr, t_attr_end(bpf.fd_array)));
	t_inject_end();
	EXPECT_EQ(0, t_module_unload_soon(T_MODULE));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

TEST_HARNESS_MAIN
