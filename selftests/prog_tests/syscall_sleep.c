// SPDX-License-Identifier: GPL-2.0-only
/*
 * A syscall program sleeps: on user memory that has to be fetched, and in
 * commands that allocate. What this looks for, beside the results, is what a
 * debugging kernel prints when the context is wrong. Run-time statistics make
 * the kernel take another path around the program.
 */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <pthread.h>

#include "syscall_sleep.h"

#define STATS	"/proc/sys/kernel/bpf_stats_enabled"

FIXTURE(syscall_sleep)
{
	struct bpf_object *obj;
	int fd;
	struct sleep_args args;
	struct t_live before;
};

FIXTURE_VARIANT(syscall_sleep)
{
	const char *stats;
};

FIXTURE_VARIANT_ADD(syscall_sleep, plain) { .stats = "0" };
FIXTURE_VARIANT_ADD(syscall_sleep, with_stats) { .stats = "1" };

FIXTURE_SETUP(syscall_sleep)
{
	ASSERT_EQ(0, t_write(STATS, variant->stats));
	t_live_count(&self->before);
	self->obj = bpf_object__open_file("syscall_sleep.bpf.o", NULL);
	ASSERT_NE(NULL, self->obj);
	ASSERT_EQ(0, bpf_object__load(self->obj));
	self->fd = bpf_program__fd(bpf_object__next_program(self->obj, NULL));
	memset(&self->args, 0, sizeof(self->args));
}

FIXTURE_TEARDOWN(syscall_sleep)
{
	bpf_object__close(self->obj);
	t_write(STATS, "0");
}

#define EXPECT_ALL_DONE(args)						\
	do {								\
		EXPECT_EQ(0, (args)->before);				\
		EXPECT_EQ(100, (args)->sum);				\
		EXPECT_EQ(0, (args)->after);				\
		EXPECT_EQ(0, (args)->gone);				\
	} while (0)

TEST_F(syscall_sleep, map_operations)
{
	__u64 bytes = 0x1122334455667788;

	self->args.user = t_ptr(&bytes);
	EXPECT_EQ(0, t_run(self->fd, &self->args, sizeof(self->args), NULL));
	EXPECT_ALL_DONE(&self->args);
	EXPECT_EQ(0, self->args.copied);
	EXPECT_EQ(bytes, self->args.bytes);
}

/* A page that is not there at all: the read fails, the program goes on */
TEST_F(syscall_sleep, unmapped_memory)
{
	EXPECT_EQ(0, t_run(self->fd, &self->args, sizeof(self->args), NULL));
	EXPECT_ALL_DONE(&self->args);
	EXPECT_EQ(-EFAULT, self->args.copied);
	EXPECT_EQ(0, self->args.bytes);
}

TEST_F(syscall_sleep, untouched_file_mapping)
{
	int fd = open("/tmp/syscall_sleep", O_RDWR | O_CREAT | O_TRUNC, 0600);
	const __u64 bytes = 0x8877665544332211;
	void *page;

	ASSERT_LE(0, fd);
	ASSERT_EQ(sizeof(bytes), write(fd, &bytes, sizeof(bytes)));
	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, page);
	self->args.user = t_ptr(page);
	EXPECT_EQ(0, t_run(self->fd, &self->args, sizeof(self->args), NULL));
	EXPECT_ALL_DONE(&self->args);
	EXPECT_EQ(0, self->args.copied);
	EXPECT_EQ(bytes, self->args.bytes);
	unlink("/tmp/syscall_sleep");
}

struct runner {
	pthread_t thread;
	int fd;
	struct sleep_args *args;
	int result;
};

static void *run_in_thread(void *arg)
{
	struct runner *r = arg;

	r->result = t_run(r->fd, r->args, sizeof(*r->args), NULL);
	return NULL;
}

/*
 * While the program sleeps, its descriptor and those of its maps go away; it
 * must keep everything until it returns.
 */
TEST_F(syscall_sleep, closed_while_asleep)
{
	struct runner r = { .fd = dup(self->fd), .args = &self->args };
	struct t_fault fault;

	ASSERT_EQ(0, t_fault_open(&fault));
	self->args.user = t_ptr(fault.page);
	ASSERT_EQ(0, pthread_create(&r.thread, NULL, run_in_thread, &r));
	ASSERT_EQ(0, t_fault_wait(&fault));
	bpf_object__close(self->obj);
	self->obj = NULL;
	close(r.fd);
	/* Time for a grace period in which everything would be freed */
	usleep(300000);
	ASSERT_EQ(0, t_fault_resolve(&fault, 0x5a));
	pthread_join(r.thread, NULL);
	EXPECT_EQ(0, r.result);
	EXPECT_ALL_DONE(&self->args);
	EXPECT_EQ(0, self->args.copied);
	EXPECT_EQ(0x5a5a5a5a5a5a5a5a, self->args.bytes);
	t_fault_close(&fault);

	EXPECT_TRUE(t_live_back_to(&self->before));
}

/* Commands that allocate much, from inside the program */
TEST_F(syscall_sleep, nested_commands)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	union t_attr attr = {};
	struct t_nested n;
	long fd;

	ASSERT_EQ(0, t_nested_open(&n, 4096)) TH_LOG("%s", t_log);
	attr.bpf.map_type = BPF_MAP_TYPE_ARRAY;
	attr.bpf.key_size = 4;
	attr.bpf.value_size = 4096;
	attr.bpf.max_entries = 2048;
	fd = t_nested_bpf(&n, BPF_MAP_CREATE, &attr,
			  t_attr_end(bpf.map_flags));
	EXPECT_LE(0, fd);
	close(fd);

	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	attr.bpf.insns = t_nested_put(&n, insns, sizeof(insns));
	attr.bpf.license = t_nested_put(&n, "GPL", 4);
	fd = t_nested_bpf(&n, BPF_PROG_LOAD, &attr, t_attr_end(bpf.fd_array));
	EXPECT_LE(0, fd);
	close(fd);
	t_nested_close(&n);
}

TEST_HARNESS_MAIN
