// SPDX-License-Identifier: GPL-2.0-only
/*
 * fd_array with a count: read once, every entry checked, what it names bound
 * to the program.
 */
#include "test.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <pthread.h>

#define SIZE		t_attr_end(load.fd_array_cnt)
#define MAX_USED_MAPS	64

static const struct bpf_insn return_0[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

/* Names the map at index 0 in every second instruction */
static const struct bpf_insn uses_0[] = {
	T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, 0, 0),
	T_LDIMM64(BPF_REG_2, BPF_PSEUDO_MAP_IDX, 0, 0),
	T_LDIMM64(BPF_REG_3, BPF_PSEUDO_MAP_IDX_VALUE, 0, 0),
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

static int load(const struct bpf_insn *insns, size_t insn_cnt, const int *fds,
		__u32 cnt)
{
	union t_attr attr;

	t_prog_attr(&attr, insns, insn_cnt);
	attr.bpf.fd_array = t_ptr(fds);
	attr.load.fd_array_cnt = cnt;
	return t_load_attr(&attr, SIZE);
}

#define LOAD(insns, fds, cnt)	load(insns, ARRAY_SIZE(insns), fds, cnt)

static __u32 map_ids(int prog, __u32 *ids, __u32 max)
{
	struct bpf_prog_info info = { .map_ids = t_ptr(ids), .nr_map_ids = max };
	__u32 len = sizeof(info);

	return bpf_obj_get_info_by_fd(prog, &info, &len) ? 0 : info.nr_map_ids;
}

FIXTURE(fd_array_cnt)
{
	struct t_live before;
	int map[2], btf;
};

FIXTURE_SETUP(fd_array_cnt)
{
	if (!t_kernel_is_ours() && t_release() < 614)
		SKIP(_exit(255), "fd_array_cnt came with 6.14");
	t_live_count(&self->before);
	/* fd 0 has to be nothing that can be bound */
	ASSERT_LE(0, fcntl(0, F_GETFD));
	self->map[0] = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0);
	self->map[1] = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0);
	ASSERT_LE(0, self->map[1]);
	self->btf = t_btf_load();
	ASSERT_LE(0, self->btf);
}

FIXTURE_TEARDOWN(fd_array_cnt)
{
	close(self->map[0]);
	close(self->map[1]);
	close(self->btf);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_F(fd_array_cnt, unused_maps_are_bound)
{
	int fds[2] = { self->map[0], self->map[1] };
	__u32 ids[4] = {};
	int prog = LOAD(return_0, fds, 2);

	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(2, map_ids(prog, ids, 4));
	EXPECT_EQ(t_map_id(self->map[0]), ids[0]);
	EXPECT_EQ(t_map_id(self->map[1]), ids[1]);
	close(prog);
	/* The same map twice is bound once */
	fds[1] = fds[0];
	prog = LOAD(uses_0, fds, 2);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(1, map_ids(prog, ids, 4));
	close(prog);
}

/* A bound map lives as long as the program */
TEST_F(fd_array_cnt, bound_map_outlives_its_descriptor)
{
	int fd = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0), again;
	__u32 id = t_map_id(fd);
	int prog = LOAD(return_0, &fd, 1);

	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	close(fd);
	usleep(200000);
	again = bpf_map_get_fd_by_id(id);
	EXPECT_LE(0, again);
	close(again);
	close(prog);
}

static bool btf_exists(__u32 id)
{
	int fd = bpf_btf_get_fd_by_id(id);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

TEST_F(fd_array_cnt, bound_btf_outlives_its_descriptor)
{
	struct bpf_btf_info info = {};
	__u32 len = sizeof(info);
	int fds[3] = { t_btf_load(), self->map[0], 0 }, prog, tries;

	ASSERT_LE(0, fds[0]);
	fds[2] = fds[0];
	ASSERT_EQ(0, bpf_obj_get_info_by_fd(fds[0], &info, &len));
	prog = LOAD(return_0, fds, 3);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	close(fds[0]);
	usleep(200000);
	EXPECT_TRUE(btf_exists(info.id));
	close(prog);
	for (tries = 0; btf_exists(info.id) && tries < 100; tries++)
		usleep(50000);
	EXPECT_GT(100, tries);
}

TEST_F(fd_array_cnt, holes)
{
	const int fds[3] = { 0, self->map[0], 0 };
	const struct bpf_insn uses_hole[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, 2, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	__u32 ids[4] = {};
	int prog = LOAD(return_0, fds, 3);

	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(1, map_ids(prog, ids, 4));
	EXPECT_EQ(t_map_id(self->map[0]), ids[0]);
	close(prog);
	EXPECT_GT(0, LOAD(uses_hole, fds, 3));
}

TEST_F(fd_array_cnt, map_at_descriptor_0)
{
	const int fds[1] = { 0 };
	__u32 ids[2] = {};
	int prog;

	ASSERT_EQ(0, dup2(self->map[0], 0));
	prog = LOAD(uses_0, fds, 1);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(1, map_ids(prog, ids, 2));
	close(prog);
	ASSERT_EQ(0, dup2(1, 0));
}

TEST_F(fd_array_cnt, entries_that_are_neither)
{
	int fds[2] = { self->map[0] }, pipes[2], prog;

	ASSERT_EQ(0, pipe(pipes));
	fds[1] = pipes[0];
	EXPECT_EQ(-EINVAL, LOAD(return_0, fds, 2));
	prog = T_LOAD(return_0);
	fds[1] = prog;
	EXPECT_EQ(-EINVAL, LOAD(return_0, fds, 2));
	close(prog);
	close(pipes[0]);
	close(pipes[1]);
	fds[1] = pipes[0];
	EXPECT_EQ(-EBADF, LOAD(return_0, fds, 2));
	fds[1] = -1;
	EXPECT_EQ(-EBADF, LOAD(return_0, fds, 2));
}

/* Behind the count nothing is read */
TEST_F(fd_array_cnt, entry_behind_the_count)
{
	const int fds[2] = { self->map[0], -1 };
	int prog = LOAD(uses_0, fds, 1);

	EXPECT_LE(0, prog) TH_LOG("%s", t_log);
	close(prog);
}

TEST_F(fd_array_cnt, index_outside)
{
	const int fds[2] = { self->map[0], self->map[1] };
	int idx[] = { 1, 2, 0x3fffffff, 0x40000000, 0x7fffffff, -1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(idx); i++) {
		const struct bpf_insn insns[] = {
			T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, idx[i], 0),
			BPF_MOV64_IMM(BPF_REG_0, 0),
			BPF_EXIT_INSN(),
		};

		EXPECT_EQ(-EINVAL, LOAD(insns, fds, 1)) TH_LOG("%d", idx[i]);
	}
}

TEST_F(fd_array_cnt, index_of_btf)
{
	EXPECT_EQ(-EINVAL, LOAD(uses_0, &self->btf, 1));
}

TEST_F(fd_array_cnt, absurd_counts)
{
	const int fds[1] = { self->map[0] };
	int ret;

	EXPECT_EQ(-EINVAL, LOAD(return_0, fds, 0x40000000));
	EXPECT_EQ(-EINVAL, LOAD(return_0, fds, 0x40000001));
	EXPECT_EQ(-EINVAL, LOAD(return_0, fds, 0x80000001));
	EXPECT_EQ(-EINVAL, LOAD(return_0, fds, 0xffffffff));
	ret = LOAD(return_0, fds, 0x3fffffff);
	EXPECT_TRUE(ret == -E2BIG || ret == -ENOMEM || ret == -EFAULT)
		TH_LOG("%d", ret);
}

TEST_F(fd_array_cnt, array_not_readable)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, munmap(pages + 4096, 4096));
	EXPECT_EQ(-EFAULT, LOAD(return_0, NULL, 1));
	EXPECT_EQ(-EFAULT, LOAD(return_0, (int *)8, 1));
	EXPECT_EQ(-EFAULT, LOAD(return_0, (int *)(pages + 4092), 2));
	munmap(pages, 4096);
}

TEST_F(fd_array_cnt, too_many)
{
	int fds[MAX_USED_MAPS + 1], prog;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0);
		ASSERT_LE(0, fds[i]);
	}
	prog = LOAD(return_0, fds, MAX_USED_MAPS);
	EXPECT_LE(0, prog) TH_LOG("%s", t_log);
	close(prog);
	EXPECT_EQ(-E2BIG, LOAD(return_0, fds, MAX_USED_MAPS + 1));
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		close(fds[i]);
		fds[i] = t_btf_load();
		ASSERT_LE(0, fds[i]);
	}
	prog = LOAD(return_0, fds, MAX_USED_MAPS);
	EXPECT_LE(0, prog) TH_LOG("%s", t_log);
	close(prog);
	EXPECT_EQ(-E2BIG, LOAD(return_0, fds, MAX_USED_MAPS + 1));
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
}

/* A program that is refused after its maps were bound lets go of them */
TEST_F(fd_array_cnt, refused_program)
{
	const struct bpf_insn no_exit[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, 0, 0),
		BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_9, 0),
		BPF_EXIT_INSN(),
	};
	const int fds[3] = { self->map[0], self->btf, self->map[1] };

	EXPECT_EQ(-EACCES, LOAD(no_exit, fds, 3));
}

/* Each allocation of a load fails once; each time everything is let go */
TEST_F(fd_array_cnt, allocations_fail)
{
	const int fds[4] = { self->map[0], self->btf, 0, self->map[1] };
	union t_attr attr;

	if (!t_inject_available())
		SKIP(return, "kernel without fault injection");
	t_prog_attr(&attr, uses_0, ARRAY_SIZE(uses_0));
	attr.bpf.fd_array = t_ptr(fds);
	attr.load.fd_array_cnt = ARRAY_SIZE(fds);
	EXPECT_LT(5, t_inject_loads(&attr, SIZE));
	t_inject_end();
}

/* The same from a program's memory */
TEST_F(fd_array_cnt, nested)
{
	int fds[3] = { self->map[0], 0, self->btf };
	union t_attr attr;
	struct t_nested n;
	__u32 ids[2];
	int prog;

	ASSERT_EQ(0, t_nested_open(&n, 4096)) TH_LOG("%s", t_log);
	t_prog_attr(&attr, uses_0, ARRAY_SIZE(uses_0));
	attr.bpf.insns = t_nested_put(&n, uses_0, sizeof(uses_0));
	attr.bpf.license = t_nested_put(&n, "GPL", 4);
	attr.bpf.fd_array = t_nested_put(&n, fds, sizeof(fds));
	attr.load.fd_array_cnt = 3;
	prog = t_nested_bpf(&n, BPF_PROG_LOAD, &attr, SIZE);
	EXPECT_LE(0, prog);
	EXPECT_EQ(1, map_ids(prog, ids, 2));
	close(prog);
	attr.bpf.fd_array = t_nested_end(&n, 4);
	EXPECT_EQ(-EFAULT, t_nested_bpf(&n, BPF_PROG_LOAD, &attr, SIZE));
	attr.bpf.fd_array = 0xffff8000deadbee8;
	EXPECT_EQ(-EFAULT, t_nested_bpf(&n, BPF_PROG_LOAD, &attr, SIZE));
	t_nested_close(&n);
}

struct flipper {
	pthread_t thread;
	int *entry;
	int fds[2];
	int target;	/* descriptor to replace, or 0 for the entry */
	bool stop;
};

static void *flip(void *arg)
{
	struct flipper *f = arg;
	unsigned int i;

	for (i = 0; !__atomic_load_n(&f->stop, __ATOMIC_RELAXED); i++) {
		if (f->target) {
			dup2(f->fds[i & 1], f->target);
			if (i % 3 == 0)
				close(f->target);
		} else {
			__atomic_store_n(f->entry, f->fds[i & 1],
					 __ATOMIC_RELAXED);
		}
	}
	return NULL;
}

/*
 * While the array, or what its descriptors stand for, changes all the time, a
 * program refers to what was bound to it and to nothing else.
 */
static void race(struct __test_metadata *_metadata, struct flipper *f, int *fds,
		 const int *may_fail)
{
	int tries, loaded = 0;

	ASSERT_EQ(0, pthread_create(&f->thread, NULL, flip, f));
	for (tries = 0; tries < 400; tries++) {
		struct bpf_insn xlated[ARRAY_SIZE(uses_0)];
		__u32 ids[4] = {}, len = sizeof(struct bpf_prog_info);
		struct bpf_prog_info info = {
			.map_ids = t_ptr(ids), .nr_map_ids = 4,
			.xlated_prog_insns = t_ptr(xlated),
			.xlated_prog_len = sizeof(xlated),
		};
		union t_attr attr;
		int prog;

		t_prog_attr(&attr, uses_0, ARRAY_SIZE(uses_0));
		attr.bpf.fd_array = t_ptr(fds);
		attr.load.fd_array_cnt = 1;
		prog = t_bpf(BPF_PROG_LOAD, &attr, SIZE);
		if (prog < 0) {
			EXPECT_TRUE(may_fail && (prog == may_fail[0] ||
						 prog == may_fail[1]))
				TH_LOG("load: %d", prog);
			continue;
		}
		loaded++;
		ASSERT_EQ(0, bpf_obj_get_info_by_fd(prog, &info, &len));
		EXPECT_EQ(1, info.nr_map_ids);
		EXPECT_EQ((int)ids[0], xlated[0].imm);
		EXPECT_EQ((int)ids[0], xlated[2].imm);
		EXPECT_EQ((int)ids[0], xlated[4].imm);
		close(prog);
	}
	__atomic_store_n(&f->stop, true, __ATOMIC_RELAXED);
	pthread_join(f->thread, NULL);
	EXPECT_LT(0, loaded);
}

TEST_F(fd_array_cnt, entry_changes_during_load)
{
	int fds[1] = { self->map[0] };
	struct flipper f = {
		.entry = fds, .fds = { self->map[0], self->map[1] },
	};

	race(_metadata, &f, fds, NULL);
}

TEST_F(fd_array_cnt, descriptor_changes_during_load)
{
	static const int may_fail[] = { -EBADF, -EINVAL };
	/* A number that no new descriptor gets while this one is closed */
	int fds[1] = { fcntl(self->map[0], F_DUPFD, 500) };
	struct flipper f = {
		.fds = { self->map[0], self->btf }, .target = fds[0],
	};

	race(_metadata, &f, fds, may_fail);
	close(fds[0]);
}

TEST_HARNESS_MAIN
