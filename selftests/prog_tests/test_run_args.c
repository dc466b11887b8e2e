// SPDX-License-Identifier: GPL-2.0-only
/* Arguments of BPF_PROG_TEST_RUN on a syscall program. */
#include "test.h"

#define CTX_MAX	65535

/* Adds 1 to the first word of the context and returns 7 */
static const struct bpf_insn increment[] = {
	BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_1, 0),
	BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, 1),
	BPF_STX_MEM(BPF_DW, BPF_REG_1, BPF_REG_2, 0),
	BPF_MOV64_IMM(BPF_REG_0, 7),
	BPF_EXIT_INSN(),
};

/* Returns the low half of the context pointer */
static const struct bpf_insn return_ctx[] = {
	BPF_MOV64_REG(BPF_REG_0, BPF_REG_1),
	BPF_EXIT_INSN(),
};

FIXTURE(test_run_args)
{
	int fd;
	__u64 ctx;
	union t_attr attr;
};

FIXTURE_SETUP(test_run_args)
{
	self->fd = T_LOAD(increment);
	ASSERT_LE(0, self->fd) TH_LOG("%s", t_log);
	self->ctx = 41;
	memset(&self->attr, 0, sizeof(self->attr));
	self->attr.bpf.test.prog_fd = self->fd;
	self->attr.bpf.test.ctx_in = t_ptr(&self->ctx);
	self->attr.bpf.test.ctx_size_in = sizeof(self->ctx);
}

FIXTURE_TEARDOWN(test_run_args)
{
	close(self->fd);
}

static int run(union t_attr *attr)
{
	return t_bpf(BPF_PROG_TEST_RUN, attr, t_attr_end(bpf.test.batch_size));
}

TEST_F(test_run_args, result_and_context_come_back)
{
	EXPECT_EQ(0, run(&self->attr));
	EXPECT_EQ(7, self->attr.bpf.test.retval);
	EXPECT_EQ(42, self->ctx);
}

#define REFUSED(field)							\
	do {								\
		self->attr.bpf.test.field = 1;				\
		EXPECT_EQ(-EINVAL, run(&self->attr)) TH_LOG(#field);	\
		EXPECT_EQ(41, self->ctx) TH_LOG(#field);		\
		self->attr.bpf.test.field = 0;				\
	} while (0)

TEST_F(test_run_args, fields_that_must_be_zero)
{
	REFUSED(data_in);
	REFUSED(data_out);
	REFUSED(ctx_out);
	REFUSED(ctx_size_out);
	REFUSED(duration);
	REFUSED(repeat);
	REFUSED(flags);
	REFUSED(batch_size);
	/* Together these pass the check that a pointer has a size */
	self->attr.bpf.test.ctx_size_out = 8;
	REFUSED(ctx_out);
	EXPECT_EQ(41, self->ctx);
}

TEST_F(test_run_args, fields_that_are_ignored)
{
	self->attr.bpf.test.data_size_in = 1;
	self->attr.bpf.test.data_size_out = 1;
	self->attr.bpf.test.cpu = 1;
	EXPECT_EQ(0, run(&self->attr));
	EXPECT_EQ(42, self->ctx);
}

/* The attribute ends at batch_size today; callers of before send less */
TEST_F(test_run_args, short_attributes)
{
	EXPECT_EQ(0, t_bpf(BPF_PROG_TEST_RUN, &self->attr,
			   t_attr_end(bpf.test.cpu)));
	EXPECT_EQ(0, t_bpf(BPF_PROG_TEST_RUN, &self->attr,
			   t_attr_end(bpf.test.ctx_in)));
	EXPECT_EQ(43, self->ctx);
	EXPECT_EQ(0, t_bpf(BPF_PROG_TEST_RUN, &self->attr, 80));
	EXPECT_EQ(0, t_bpf(BPF_PROG_TEST_RUN, &self->attr, 120));
	EXPECT_EQ(0, t_bpf(BPF_PROG_TEST_RUN, &self->attr, 4096));
	EXPECT_EQ(46, self->ctx);
	EXPECT_EQ(-E2BIG, t_bpf(BPF_PROG_TEST_RUN, &self->attr, 4097));
	self->attr.bytes[4095] = 1;
	EXPECT_EQ(-E2BIG, t_bpf(BPF_PROG_TEST_RUN, &self->attr, 4096));
	EXPECT_EQ(46, self->ctx);
}

TEST_F(test_run_args, context_sizes)
{
	char *ctx = calloc(1, CTX_MAX + 1);
	static const struct {
		unsigned int size;
		int result;
	} sizes[] = {
		{ 1, -EINVAL }, { 7, -EINVAL }, { 8, 0 }, { 9, 0 },
		{ 4096, 0 }, { CTX_MAX, 0 }, { CTX_MAX + 1, -EINVAL },
		{ 0x80000000, -EINVAL }, { 0xffffffff, -EINVAL },
	};
	size_t i;

	ASSERT_NE(NULL, ctx);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		EXPECT_EQ(sizes[i].result, t_run(self->fd, ctx, sizes[i].size,
						 NULL))
			TH_LOG("size %u", sizes[i].size);
	free(ctx);
}

TEST_F(test_run_args, no_context)
{
	__u32 retval = 1;

	EXPECT_EQ(0, t_load_run(return_ctx, ARRAY_SIZE(return_ctx), NULL, 0,
				&retval));
	EXPECT_EQ(0, retval);
	/* This one needs 8 bytes */
	EXPECT_EQ(-EINVAL, t_run(self->fd, NULL, 0, NULL));
	/* A pointer without a size, a size without a pointer */
	EXPECT_EQ(-EINVAL, t_run(self->fd, &self->ctx, 0, NULL));
	EXPECT_EQ(-EINVAL, t_run(self->fd, NULL, 8, NULL));
	EXPECT_EQ(41, self->ctx);
}

TEST_F(test_run_args, unmapped_context)
{
	EXPECT_EQ(-EFAULT, t_run(self->fd, (void *)8, 8, NULL));
	EXPECT_EQ(-EFAULT, t_run(self->fd, (void *)~0xfffUL, 8, NULL));
}

TEST_F(test_run_args, context_crosses_into_unmapped)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, munmap(pages + 4096, 4096));
	EXPECT_EQ(-EFAULT, t_run(self->fd, pages + 4092, 8, NULL));
	EXPECT_EQ(0, t_run(self->fd, pages + 4088, 8, NULL));
}

/* What the program did stays done when its context cannot be written back */
TEST_F(test_run_args, read_only_context)
{
	const struct bpf_insn insns[] = {
		BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_1, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		/* attr: an array of one 4-byte value, 20 bytes at fp-24 */
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_0, -8),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -24, BPF_MAP_TYPE_ARRAY),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -20, 4),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -16, 4),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -12, 1),
		T_SYS_BPF(BPF_MAP_CREATE, -24, 20),
		BPF_EXIT_INSN(),
	};
	int fd = T_LOAD(insns), key = 0, value;
	void *ctx = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	__u32 retval = 0;

	ASSERT_LE(0, fd) TH_LOG("%s", t_log);
	ASSERT_NE(MAP_FAILED, ctx);
	EXPECT_EQ(-EFAULT, t_run(fd, ctx, 8, &retval));
	ASSERT_LT(2, (int)retval) TH_LOG("no map: %d", (int)retval);
	EXPECT_EQ(0, t_map_lookup(retval, &key, &value));
	EXPECT_EQ(0, close(retval));
	close(fd);
}

#ifdef __x86_64__
static long ia32_bpf(int cmd, void *attr, unsigned int size)
{
	long ret = 357;		/* bpf(2) of a 32-bit task */

	asm volatile("int $0x80" : "+a"(ret)
		     : "b"((long)cmd), "c"(attr), "d"((long)size)
		     : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

/* All fields have one size, so a 32-bit task needs no translation */
TEST_F(test_run_args, task_of_32_bits)
{
	struct {
		union bpf_attr attr;
		__u64 ctx;
	} *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	ASSERT_NE(MAP_FAILED, low);
	low->ctx = 41;
	low->attr.test.prog_fd = self->fd;
	low->attr.test.ctx_in = t_ptr(&low->ctx);
	low->attr.test.ctx_size_in = sizeof(low->ctx);
	EXPECT_EQ(0, ia32_bpf(BPF_PROG_TEST_RUN, &low->attr,
			      t_attr_end(bpf.test.cpu)));
	EXPECT_EQ(7, low->attr.test.retval);
	EXPECT_EQ(42, low->ctx);
	low->attr.test.repeat = 1;
	EXPECT_EQ(-EINVAL, ia32_bpf(BPF_PROG_TEST_RUN, &low->attr,
				    t_attr_end(bpf.test.cpu)));
}
#endif

TEST_F(test_run_args, allocations_fail)
{
	bool injected = true;
	unsigned int nth;

	if (!t_inject_available())
		SKIP(return, "kernel without fault injection");
	for (nth = 1; injected && nth < 100; nth++) {
		int ret;

		self->ctx = 41;
		t_inject_nth(nth);
		ret = run(&self->attr);
		injected = t_inject_done();
		/* Some that fail have a substitute */
		EXPECT_TRUE(!ret || (injected &&
				     (ret == -ENOMEM || ret == -EFAULT)))
			TH_LOG("%u: %d", nth, ret);
		EXPECT_TRUE(ret || self->ctx == 42) TH_LOG("%u", nth);
	}
	t_inject_end();
	EXPECT_LT(2, nth);
	EXPECT_GT(100, nth);
}

TEST_F(test_run_args, not_a_program)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0);

	EXPECT_EQ(-EINVAL, t_run(map, &self->ctx, 8, NULL));
	EXPECT_EQ(-EBADF, t_run(-1, &self->ctx, 8, NULL));
	close(map);
}

TEST_HARNESS_MAIN
