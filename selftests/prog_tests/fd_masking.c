// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a verifier log and a dump show of references to maps and types: no
 * kernel address for a task that may not see any, and in dumps the forms that
 * user space knows.
 */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>

/* Number of ldimm64 in the log, -1 if one of them has an immediate */
static int count_masked(const char *log)
{
	const char *line = log;
	int nr = 0;

	while ((line = strstr(line, ": (18) r"))) {
		const char *imm = strstr(line, "= 0x");

		if (!imm || strtoull(imm + 2, NULL, 16))
			return -1;
		line = imm;
		nr++;
	}
	return nr;
}

static int load(const struct bpf_insn *insns, size_t cnt, const int *fds)
{
	union t_attr attr;
	int fd;

	t_prog_attr(&attr, insns, cnt);
	attr.bpf.fd_array = t_ptr(fds);
	attr.bpf.log_level = 2;
	attr.bpf.log_buf = t_ptr(t_log);
	attr.bpf.log_size = sizeof(t_log);
	fd = t_load_attr(&attr, t_attr_end(bpf.fd_array));
	return fd;
}

TEST(log_of_maps)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0), fd;
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_FD, map, 0),
		T_LDIMM64(BPF_REG_2, BPF_PSEUDO_MAP_VALUE, map, 4),
		T_LDIMM64(BPF_REG_3, BPF_PSEUDO_MAP_IDX, 0, 0),
		T_LDIMM64(BPF_REG_4, BPF_PSEUDO_MAP_IDX_VALUE, 0, 4),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	ASSERT_LE(0, map);
	ASSERT_EQ(0, t_caps_keep(T_CAP(CAP_BPF)));
	fd = load(insns, ARRAY_SIZE(insns), &map);
	ASSERT_LE(0, fd) TH_LOG("%s", t_log);
	EXPECT_EQ(4, count_masked(t_log)) TH_LOG("%s", t_log);
}

/* The check above does see addresses where there are any */
TEST(log_for_the_privileged)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0), fd;
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_3, BPF_PSEUDO_MAP_IDX, 0, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	fd = load(insns, ARRAY_SIZE(insns), &map);
	ASSERT_LE(0, fd) TH_LOG("%s", t_log);
	EXPECT_EQ(-1, count_masked(t_log)) TH_LOG("%s", t_log);
	close(fd);
	close(map);
}

TEST(log_of_types)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf__find_by_name_kind(btf, "bpf_prog_active", BTF_KIND_VAR);
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_BTF_ID, id, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int fd;

	ASSERT_LT(0, id);
	btf__free(btf);
	ASSERT_EQ(0, t_caps_keep(T_CAP(CAP_BPF)));
	fd = load(insns, ARRAY_SIZE(insns), NULL);
	ASSERT_LE(0, fd) TH_LOG("%s", t_log);
	EXPECT_EQ(1, count_masked(t_log)) TH_LOG("%s", t_log);
}

/* In a dump a map is named by its id, whatever named it at load */
TEST(dump)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0), fd;
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_3, BPF_PSEUDO_MAP_IDX, 0, 0),
		T_LDIMM64(BPF_REG_4, BPF_PSEUDO_MAP_IDX_VALUE, 0, 4),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	struct bpf_insn xlated[ARRAY_SIZE(insns)] = {};
	struct bpf_prog_info info = {
		.xlated_prog_insns = t_ptr(xlated),
		.xlated_prog_len = sizeof(xlated),
	};
	__u32 len = sizeof(info);

	fd = load(insns, ARRAY_SIZE(insns), &map);
	ASSERT_LE(0, fd) TH_LOG("%s", t_log);
	ASSERT_EQ(0, bpf_obj_get_info_by_fd(fd, &info, &len));
	EXPECT_EQ(sizeof(insns), info.xlated_prog_len);
	EXPECT_EQ(BPF_PSEUDO_MAP_FD, (int)xlated[0].src_reg);
	EXPECT_EQ(t_map_id(map), (__u32)xlated[0].imm);
	EXPECT_EQ(0, xlated[1].imm);
	EXPECT_EQ(BPF_PSEUDO_MAP_VALUE, (int)xlated[2].src_reg);
	EXPECT_EQ(t_map_id(map), (__u32)xlated[2].imm);
	EXPECT_EQ(4, xlated[3].imm);
	close(fd);
	close(map);
}

TEST_HARNESS_MAIN
