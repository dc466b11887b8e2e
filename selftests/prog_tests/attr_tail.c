// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes longer than a command knows. Loaders of mainline send what they
 * know of; a value that would have a meaning there is refused, never ignored.
 */
#include "test.h"

/* Where our union bpf_attr ends; the next byte is unknown to every command */
#define KNOWN_END	t_attr_end(load.fd_array_cnt)

static const struct bpf_insn return_0[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

FIXTURE(attr_tail)
{
	struct t_live before;
	union t_attr attr;
};

FIXTURE_SETUP(attr_tail)
{
	t_live_count(&self->before);
	t_prog_attr(&self->attr, return_0, ARRAY_SIZE(return_0));
}

FIXTURE_TEARDOWN(attr_tail)
{
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static int load(union t_attr *attr, unsigned int size)
{
	return t_drop(t_bpf(BPF_PROG_LOAD, attr, size));
}

/* 140 bytes with a record size, a pointer and a count of 0 */
TEST_F(attr_tail, loader_of_mainline)
{
	self->attr.bpf.core_relos = t_ptr(return_0);
	self->attr.bpf.core_relo_rec_size = 16;
	EXPECT_EQ(0, load(&self->attr, t_attr_end(bpf.core_relo_rec_size)));
	/* Neither of the two is looked at */
	self->attr.bpf.core_relos = ~0ULL;
	self->attr.bpf.core_relo_rec_size = 0xffffffff;
	EXPECT_EQ(0, load(&self->attr, t_attr_end(bpf.core_relo_rec_size)));
}

/* Every size from what 5.10 had before the feature to a page */
TEST_F(attr_tail, zero_tails)
{
	unsigned int size;

	for (size = t_attr_end(bpf.prog_flags); size <= 200; size += 4)
		EXPECT_EQ(0, load(&self->attr, size)) TH_LOG("size %u", size);
	EXPECT_EQ(0, load(&self->attr, 4096));
	EXPECT_EQ(-E2BIG, load(&self->attr, 4097));
}

TEST_F(attr_tail, true_size_of_log_is_ignored)
{
	T_ONLY_OURS("log_true_size came with 6.4");
	self->attr.load.log_true_size = 0x12345678;
	EXPECT_EQ(0, load(&self->attr, t_attr_end(load.log_true_size)));
	EXPECT_EQ(0x12345678, self->attr.load.log_true_size);
}

TEST_F(attr_tail, token)
{
	T_ONLY_OURS("prog_token_fd came with 6.9");
	self->attr.load.prog_token_fd = 1;
	EXPECT_EQ(-EINVAL, load(&self->attr, t_attr_end(load.prog_token_fd)));
	self->attr.load.prog_token_fd = -1;
	EXPECT_EQ(-EINVAL, load(&self->attr, KNOWN_END));
}

TEST_F(attr_tail, signature)
{
	T_ONLY_OURS("the attribute ends elsewhere");
	self->attr.load.signature_size = 1;
	EXPECT_EQ(-E2BIG, load(&self->attr,
			       t_attr_end(load.signature_size)));
	self->attr.load.signature_size = 0;
	self->attr.load.keyring_id = 1;
	EXPECT_EQ(-E2BIG, load(&self->attr, t_attr_end(load.keyring_id)));
}

/* Each field that mainline added to MAP_CREATE after 5.10 */
TEST_F(attr_tail, map_create)
{
	static const size_t fields[] = {
		offsetof(union t_attr, map.map_extra),
		offsetof(union t_attr, map.map_extra) + 7,
		offsetof(union t_attr, map.value_type_btf_obj_fd),
		offsetof(union t_attr, map.map_token_fd),
		offsetof(union t_attr, map.excl_prog_hash),
		offsetof(union t_attr, map.excl_prog_hash_size),
	};
	union t_attr attr = {};
	size_t i;
	int fd;

	if (t_release() >= 609)
		SKIP(return, "some of the fields have a meaning since 6.9");
	attr.bpf.map_type = BPF_MAP_TYPE_ARRAY;
	attr.bpf.key_size = 4;
	attr.bpf.value_size = 4;
	attr.bpf.max_entries = 1;
	fd = t_bpf(BPF_MAP_CREATE, &attr, t_attr_end(map.excl_prog_hash_size));
	EXPECT_LE(0, fd);
	close(fd);
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		attr.bytes[fields[i]] = 1;
		fd = t_bpf(BPF_MAP_CREATE, &attr,
			   t_attr_end(map.excl_prog_hash_size));
		EXPECT_EQ(-EINVAL, fd) TH_LOG("offset %zu", fields[i]);
		attr.bytes[fields[i]] = 0;
	}
}

/*
 * Behind its last field each command of 5.10 refuses what is set, whatever its
 * other arguments: -EINVAL within the union, -E2BIG behind it.
 */
TEST_F(attr_tail, every_command)
{
	static const struct {
		unsigned int cmd, end;
	} cmds[] = {
		{ BPF_MAP_CREATE, 64 },
		{ BPF_MAP_LOOKUP_ELEM, 32 },
		{ BPF_MAP_UPDATE_ELEM, 32 },
		{ BPF_MAP_DELETE_ELEM, 16 },
		{ BPF_MAP_GET_NEXT_KEY, 24 },
		{ BPF_MAP_FREEZE, 4 },
		{ BPF_OBJ_PIN, 16 },
		{ BPF_OBJ_GET, 16 },
		{ BPF_PROG_ATTACH, 20 },
		{ BPF_PROG_DETACH, 20 },
		{ BPF_PROG_TEST_RUN, 72 },
		{ BPF_PROG_GET_NEXT_ID, 8 },
		{ BPF_MAP_GET_NEXT_ID, 8 },
		{ BPF_PROG_GET_FD_BY_ID, 4 },
		{ BPF_MAP_GET_FD_BY_ID, 12 },
		{ BPF_OBJ_GET_INFO_BY_FD, 16 },
		{ BPF_PROG_QUERY, 32 },
		{ BPF_RAW_TRACEPOINT_OPEN, 16 },
		{ BPF_BTF_LOAD, 28 },
		{ BPF_BTF_GET_FD_BY_ID, 4 },
		{ BPF_TASK_FD_QUERY, 48 },
		{ BPF_LINK_CREATE, 28 },
		{ BPF_LINK_UPDATE, 16 },
		{ BPF_LINK_GET_FD_BY_ID, 4 },
		{ BPF_ENABLE_STATS, 4 },
		{ BPF_ITER_CREATE, 8 },
		{ BPF_LINK_DETACH, 4 },
		{ BPF_PROG_BIND_MAP, 12 },
	};
	size_t i;

	T_ONLY_OURS("commands have grown");
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		union t_attr attr = {};
		unsigned int end = cmds[i].end, cmd = cmds[i].cmd;

		/* The command's own structure may be padded to 8 bytes */
		for (end = (end + 7) & ~7; end < KNOWN_END; end += 4) {
			attr.bytes[end] = 1;
			EXPECT_EQ(-EINVAL, t_bpf(cmd, &attr, KNOWN_END))
				TH_LOG("command %u, byte %u", cmd, end);
			attr.bytes[end] = 0;
		}
		attr.bytes[KNOWN_END] = 1;
		EXPECT_EQ(-E2BIG, t_bpf(cmd, &attr, KNOWN_END + 1))
			TH_LOG("command %u", cmd);
	}
}

TEST_HARNESS_MAIN
