// SPDX-License-Identifier: GPL-2.0-only
/* References to maps by their place in fd_array. */
#include "test.h"

#include <bpf/bpf.h>

#define MAX_USED_MAPS	64

static int load_insns(const struct bpf_insn *insns, size_t cnt, const int *fds,
		      unsigned int type)
{
	union t_attr attr;

	t_prog_attr(&attr, insns, cnt);
	attr.bpf.fd_array = t_ptr(fds);
	if (type != BPF_PROG_TYPE_SYSCALL) {
		attr.bpf.prog_type = type;
		attr.bpf.prog_flags = 0;
	}
	return t_load_attr(&attr, t_attr_end(bpf.fd_array));
}

/* A program that only names one map */
static int load_ref(__u8 kind, __s32 imm0, __s32 imm1, const int *fds)
{
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, kind, imm0, imm1),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	return load_insns(insns, ARRAY_SIZE(insns), fds, BPF_PROG_TYPE_SYSCALL);
}

#define EXPECT_LOADS(fd)						\
	do {								\
		int __fd = fd;						\
									\
		EXPECT_LE(0, __fd) TH_LOG("%s", t_log);			\
		close(__fd);						\
	} while (0)

FIXTURE(fd_array)
{
	struct t_live before;
	int fds[4];
};

FIXTURE_SETUP(fd_array)
{
	size_t i;

	t_live_count(&self->before);
	for (i = 0; i < ARRAY_SIZE(self->fds); i++) {
		self->fds[i] = t_map(BPF_MAP_TYPE_ARRAY, 4, 16, 1, 0);
		ASSERT_LE(0, self->fds[i]);
	}
}

FIXTURE_TEARDOWN(fd_array)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(self->fds); i++)
		close(self->fds[i]);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_F(fd_array, both_forms_load)
{
	EXPECT_LOADS(load_ref(BPF_PSEUDO_MAP_IDX, 0, 0, self->fds));
	EXPECT_LOADS(load_ref(BPF_PSEUDO_MAP_IDX, 3, 0, self->fds));
	EXPECT_LOADS(load_ref(BPF_PSEUDO_MAP_IDX_VALUE, 0, 0, self->fds));
	EXPECT_LOADS(load_ref(BPF_PSEUDO_MAP_IDX_VALUE, 3, 15, self->fds));
}

TEST_F(fd_array, not_given)
{
	EXPECT_EQ(-EPROTO, load_ref(BPF_PSEUDO_MAP_IDX, 0, 0, NULL));
	EXPECT_EQ(-EPROTO, load_ref(BPF_PSEUDO_MAP_IDX_VALUE, 0, 0, NULL));
	EXPECT_EQ(-EPROTO, load_ref(BPF_PSEUDO_MAP_IDX, 7, 0, NULL));
}

TEST_F(fd_array, second_immediate)
{
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX, 0, 1, self->fds));
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX, 0, -1, self->fds));
	/* For a value it is the offset */
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX_VALUE, 0, 16, self->fds));
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX_VALUE, 0, -1, self->fds));
}

/* The wire knows 16 kinds; 4 is a function, which 5.10 does not have */
TEST_F(fd_array, unknown_kinds)
{
	int kind;

	EXPECT_EQ(-EINVAL, load_ref(4, 0, 0, self->fds));
	for (kind = 7; kind < 16; kind++)
		EXPECT_EQ(-EINVAL, load_ref(kind, 0, 0, self->fds))
			TH_LOG("kind %d", kind);
}

TEST_F(fd_array, bad_descriptors)
{
	int bad[] = { -1, 999, 1 << 30, 0 }, pipes[2];

	EXPECT_EQ(-EBADF, load_ref(BPF_PSEUDO_MAP_IDX, 0, 0, bad));
	EXPECT_EQ(-EBADF, load_ref(BPF_PSEUDO_MAP_IDX, 1, 0, bad));
	/* The log names the descriptor; 6.1 gives the index for one */
	if (t_kernel_is_ours())
		EXPECT_NE(NULL, strstr(t_log, "fd 999 "))
			TH_LOG("%s", t_log);
	EXPECT_EQ(-EBADF, load_ref(BPF_PSEUDO_MAP_IDX, 2, 0, bad));
	ASSERT_EQ(0, pipe(pipes));
	bad[0] = pipes[0];
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX, 0, 0, bad));
	close(pipes[0]);
	close(pipes[1]);
}

/* fd 0 is a descriptor like any other */
TEST_F(fd_array, descriptor_0)
{
	int fds[] = { 0 };

	ASSERT_EQ(0, dup2(self->fds[0], 0));
	EXPECT_LOADS(load_ref(BPF_PSEUDO_MAP_IDX, 0, 0, fds));
	close(0);
	EXPECT_EQ(-EBADF, load_ref(BPF_PSEUDO_MAP_IDX, 0, 0, fds));
}

TEST_F(fd_array, end_of_page)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int *fds = (int *)(pages + 4096 - 2 * sizeof(int));

	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, munmap(pages + 4096, 4096));
	fds[0] = self->fds[0];
	fds[1] = self->fds[1];
	EXPECT_LOADS(load_ref(BPF_PSEUDO_MAP_IDX, 1, 0, fds));
	EXPECT_EQ(-EFAULT, load_ref(BPF_PSEUDO_MAP_IDX, 2, 0, fds));
	/* An entry that is cut by the end of the page */
	memcpy(pages + 4096 - 2, &self->fds[0], 2);
	EXPECT_EQ(-EFAULT, load_ref(BPF_PSEUDO_MAP_IDX, 0, 0,
				    (int *)(pages + 4096 - 2)));
	EXPECT_EQ(-EFAULT, load_ref(BPF_PSEUDO_MAP_IDX, 0, 0, (int *)8));
}

TEST_F(fd_array, far_index)
{
	EXPECT_EQ(-EFAULT, load_ref(BPF_PSEUDO_MAP_IDX, 0x7fffffff, 0,
				    (int *)(1UL << 46)));
}

TEST_F(fd_array, negative_index)
{
	const int around[] = { self->fds[0], self->fds[1], self->fds[2] };

	T_ONLY_OURS("a negative index reads in front of the array");
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX, -1, 0, &around[1]));
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX, (int)0x80000000, 0,
				    &around[1]));
	EXPECT_EQ(-EINVAL, load_ref(BPF_PSEUDO_MAP_IDX_VALUE, -1, 0,
				    &around[1]));
}

/* Not looked at by a program without references */
TEST_F(fd_array, unused)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	EXPECT_LOADS(load_insns(insns, ARRAY_SIZE(insns), (int *)8,
				BPF_PROG_TYPE_SYSCALL));
}

/* A program of any type may use the array */
TEST_F(fd_array, other_program_types)
{
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, 2, 0),
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX_VALUE, 1, 8),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	EXPECT_LOADS(load_insns(insns, ARRAY_SIZE(insns), self->fds,
				BPF_PROG_TYPE_SOCKET_FILTER));
	EXPECT_LOADS(load_insns(insns, ARRAY_SIZE(insns), self->fds,
				BPF_PROG_TYPE_XDP));
}

static size_t many_refs(struct bpf_insn *insns, int nr, int step)
{
	size_t cnt = 0;
	int i;

	for (i = 0; i < nr; i++) {
		const struct bpf_insn ref[] = {
			T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, i * step, 0),
		};

		memcpy(&insns[cnt], ref, sizeof(ref));
		cnt += ARRAY_SIZE(ref);
	}
	insns[cnt++] = BPF_MOV64_IMM(BPF_REG_0, 0);
	insns[cnt++] = BPF_EXIT_INSN();
	return cnt;
}

static __u32 nr_maps(int prog)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	return bpf_obj_get_info_by_fd(prog, &info, &len) ? 0 : info.nr_map_ids;
}

TEST_F(fd_array, most_maps)
{
	static struct bpf_insn insns[512];
	int fds[MAX_USED_MAPS + 1], same[MAX_USED_MAPS + 1], i, prog;
	size_t cnt;

	for (i = 0; i <= MAX_USED_MAPS; i++) {
		fds[i] = t_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1, 0);
		ASSERT_LE(0, fds[i]);
		same[i] = fds[0];
	}
	cnt = many_refs(insns, MAX_USED_MAPS, 1);
	prog = load_insns(insns, cnt, fds, BPF_PROG_TYPE_SYSCALL);
	EXPECT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(MAX_USED_MAPS, nr_maps(prog));
	close(prog);

	cnt = many_refs(insns, MAX_USED_MAPS + 1, 1);
	EXPECT_EQ(-E2BIG, load_insns(insns, cnt, fds, BPF_PROG_TYPE_SYSCALL));

	/* One map under many indices, and many times under one */
	prog = load_insns(insns, cnt, same, BPF_PROG_TYPE_SYSCALL);
	EXPECT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(1, nr_maps(prog));
	close(prog);
	cnt = many_refs(insns, MAX_USED_MAPS + 1, 0);
	prog = load_insns(insns, cnt, fds, BPF_PROG_TYPE_SYSCALL);
	EXPECT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(1, nr_maps(prog));
	close(prog);
	for (i = 0; i <= MAX_USED_MAPS; i++)
		close(fds[i]);
}

struct image {
	struct bpf_insn xlated[64];
	__u32 len;
	__u8 tag[BPF_TAG_SIZE];
	__u32 map_ids[8];
	__u32 nr_map_ids;
};

static int get_image(int prog, struct image *image)
{
	struct bpf_prog_info info = {
		.xlated_prog_insns = t_ptr(image->xlated),
		.xlated_prog_len = sizeof(image->xlated),
		.map_ids = t_ptr(image->map_ids),
		.nr_map_ids = ARRAY_SIZE(image->map_ids),
	};
	__u32 len = sizeof(info);
	int err;

	memset(image, 0, sizeof(*image));
	err = bpf_obj_get_info_by_fd(prog, &info, &len);
	image->len = info.xlated_prog_len;
	image->nr_map_ids = info.nr_map_ids;
	memcpy(image->tag, info.tag, sizeof(image->tag));
	return err;
}

/* A program that uses two maps, by fd or by index, and does the same */
static int load_program(__u8 kind, __s32 map, __u8 value_kind, __s32 value_map,
			const int *fds)
{
	const struct bpf_insn insns[] = {
		BPF_ST_MEM(BPF_W, BPF_REG_10, -4, 0),
		BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -4),
		T_LDIMM64(BPF_REG_1, kind, map, 0),
		BPF_EMIT_CALL(BPF_FUNC_map_lookup_elem),
		BPF_JMP_IMM(BPF_JNE, BPF_REG_0, 0, 1),
		BPF_EXIT_INSN(),
		T_LDIMM64(BPF_REG_1, value_kind, value_map, 8),
		BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_0, 0),
		BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_1, 0),
		BPF_ALU64_REG(BPF_ADD, BPF_REG_0, BPF_REG_1),
		BPF_EXIT_INSN(),
	};

	return load_insns(insns, ARRAY_SIZE(insns), fds, BPF_PROG_TYPE_SYSCALL);
}

/* The program is the same whichever way its maps were named */
TEST_F(fd_array, same_program_as_by_fd)
{
	const int *fds = self->fds;
	const __u32 one[4] = { 1 }, two[4] = { 0, 0, 2 };
	struct image by_fd, by_idx;
	__u32 key = 0, retval = 0;
	int prog;

	ASSERT_EQ(0, t_map_update(fds[1], &key, one));
	ASSERT_EQ(0, t_map_update(fds[2], &key, two));
	prog = load_program(BPF_PSEUDO_MAP_FD, fds[1], BPF_PSEUDO_MAP_VALUE,
			    fds[2], NULL);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	EXPECT_EQ(0, t_run(prog, NULL, 0, &retval));
	EXPECT_EQ(3, retval);
	ASSERT_EQ(0, get_image(prog, &by_fd));
	close(prog);

	prog = load_program(BPF_PSEUDO_MAP_IDX, 1, BPF_PSEUDO_MAP_IDX_VALUE, 2,
			    fds);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	retval = 0;
	EXPECT_EQ(0, t_run(prog, NULL, 0, &retval));
	EXPECT_EQ(3, retval);
	ASSERT_EQ(0, get_image(prog, &by_idx));
	close(prog);

	EXPECT_EQ(by_fd.len, by_idx.len);
	EXPECT_EQ(0, memcmp(by_fd.xlated, by_idx.xlated, by_fd.len));
	EXPECT_EQ(2, by_idx.nr_map_ids);
	EXPECT_EQ(0, memcmp(by_fd.map_ids, by_idx.map_ids,
			    sizeof(by_fd.map_ids)));
}

/* A name that is not the map of the day gives a tag that stays */
TEST_F(fd_array, tag_does_not_depend_on_maps)
{
	struct image first, second;
	int prog;

	prog = load_program(BPF_PSEUDO_MAP_IDX, 0, BPF_PSEUDO_MAP_IDX_VALUE, 1,
			    &self->fds[0]);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	ASSERT_EQ(0, get_image(prog, &first));
	close(prog);
	prog = load_program(BPF_PSEUDO_MAP_IDX, 0, BPF_PSEUDO_MAP_IDX_VALUE, 1,
			    &self->fds[2]);
	ASSERT_LE(0, prog) TH_LOG("%s", t_log);
	ASSERT_EQ(0, get_image(prog, &second));
	close(prog);
	EXPECT_EQ(0, memcmp(first.tag, second.tag, sizeof(first.tag)));
	EXPECT_NE(0, memcmp(first.map_ids, second.map_ids,
			    sizeof(first.map_ids)));
}

/* A program's array lies in its own memory */
TEST_F(fd_array, in_kernel_memory)
{
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, 2, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	union t_attr attr;
	struct image image;
	struct t_nested n;
	int prog;

	ASSERT_EQ(0, t_nested_open(&n, 4096)) TH_LOG("%s", t_log);
	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	attr.bpf.insns = t_nested_put(&n, insns, sizeof(insns));
	attr.bpf.license = t_nested_put(&n, "GPL", 4);
	attr.bpf.fd_array = t_nested_put(&n, self->fds, sizeof(self->fds));
	prog = t_nested_bpf(&n, BPF_PROG_LOAD, &attr, t_attr_end(bpf.fd_array));
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, get_image(prog, &image));
	EXPECT_EQ(1, image.nr_map_ids);
	EXPECT_EQ(t_map_id(self->fds[2]), image.map_ids[0]);
	close(prog);
	/* The array is not taken from the user's memory */
	attr.bpf.fd_array = t_ptr(self->fds);
	EXPECT_EQ(-EFAULT, t_nested_bpf(&n, BPF_PROG_LOAD, &attr,
					t_attr_end(bpf.fd_array)));
	t_nested_close(&n);
}

TEST_HARNESS_MAIN
