// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers and offsets of the UAPI. Built twice: against the headers of the
 * distribution, which are mainline's, and as uapi_layout_series against those
 * of the patched kernel. Both have to say the same.
 */
#include "test.h"

#define OFFSET(member)	offsetof(union bpf_attr, member)

TEST(numbers)
{
	EXPECT_EQ(31, BPF_PROG_TYPE_SYSCALL);
	EXPECT_EQ(10, BPF_PROG_RUN);
	EXPECT_EQ(BPF_PROG_TEST_RUN, BPF_PROG_RUN);
	EXPECT_EQ(3, BPF_PSEUDO_BTF_ID);
	EXPECT_EQ(5, BPF_PSEUDO_MAP_IDX);
	EXPECT_EQ(6, BPF_PSEUDO_MAP_IDX_VALUE);
	EXPECT_EQ(1U << 4, BPF_F_SLEEPABLE);
}

TEST(helpers)
{
	EXPECT_EQ(155, BPF_FUNC_redirect_peer);
	EXPECT_EQ(166, BPF_FUNC_sys_bpf);
	EXPECT_EQ(167, BPF_FUNC_btf_find_by_name_kind);
	EXPECT_EQ(168, BPF_FUNC_sys_close);
	EXPECT_EQ(179, BPF_FUNC_kallsyms_lookup_name);
}

/* As compilers write them */
TEST(core_relocations)
{
	EXPECT_EQ(16, sizeof(struct bpf_core_relo));
	EXPECT_EQ(0, offsetof(struct bpf_core_relo, insn_off));
	EXPECT_EQ(4, offsetof(struct bpf_core_relo, type_id));
	EXPECT_EQ(8, offsetof(struct bpf_core_relo, access_str_off));
	EXPECT_EQ(12, offsetof(struct bpf_core_relo, kind));
	EXPECT_EQ(0, BPF_CORE_FIELD_BYTE_OFFSET);
	EXPECT_EQ(1, BPF_CORE_FIELD_BYTE_SIZE);
	EXPECT_EQ(2, BPF_CORE_FIELD_EXISTS);
	EXPECT_EQ(3, BPF_CORE_FIELD_SIGNED);
	EXPECT_EQ(4, BPF_CORE_FIELD_LSHIFT_U64);
	EXPECT_EQ(5, BPF_CORE_FIELD_RSHIFT_U64);
	EXPECT_EQ(6, BPF_CORE_TYPE_ID_LOCAL);
	EXPECT_EQ(7, BPF_CORE_TYPE_ID_TARGET);
	EXPECT_EQ(8, BPF_CORE_TYPE_EXISTS);
	EXPECT_EQ(9, BPF_CORE_TYPE_SIZE);
	EXPECT_EQ(10, BPF_CORE_ENUMVAL_EXISTS);
	EXPECT_EQ(11, BPF_CORE_ENUMVAL_VALUE);
	EXPECT_EQ(12, BPF_CORE_TYPE_MATCHES);
}

TEST(btf_info)
{
	EXPECT_EQ(32, sizeof(struct bpf_btf_info));
	EXPECT_EQ(16, offsetof(struct bpf_btf_info, name));
	EXPECT_EQ(24, offsetof(struct bpf_btf_info, name_len));
	EXPECT_EQ(28, offsetof(struct bpf_btf_info, kernel_btf));
}

TEST(prog_load)
{
	EXPECT_EQ(0, OFFSET(prog_type));
	EXPECT_EQ(8, OFFSET(insns));
	EXPECT_EQ(76, OFFSET(func_info_rec_size));
	EXPECT_EQ(92, OFFSET(line_info_rec_size));
	EXPECT_EQ(108, OFFSET(attach_btf_id));
	EXPECT_EQ(112, OFFSET(attach_prog_fd));
	EXPECT_EQ(116, OFFSET(core_relo_cnt));
	EXPECT_EQ(120, OFFSET(fd_array));
	EXPECT_EQ(128, OFFSET(core_relos));
	EXPECT_EQ(136, OFFSET(core_relo_rec_size));
}

TEST(other_commands)
{
	EXPECT_EQ(60, OFFSET(btf_vmlinux_value_type_id));
	EXPECT_EQ(40, OFFSET(test.ctx_size_in));
	EXPECT_EQ(48, OFFSET(test.ctx_in));
	EXPECT_EQ(64, OFFSET(test.flags));
	EXPECT_EQ(68, OFFSET(test.cpu));
	EXPECT_EQ(16, OFFSET(link_create.iter_info));
	EXPECT_EQ(24, OFFSET(link_create.iter_info_len));
	EXPECT_EQ(0, OFFSET(btf));
	EXPECT_EQ(8, OFFSET(btf_log_buf));
	EXPECT_EQ(16, OFFSET(btf_size));
	EXPECT_EQ(20, OFFSET(btf_log_size));
	EXPECT_EQ(24, OFFSET(btf_log_level));
	EXPECT_EQ(0, OFFSET(raw_tracepoint.name));
	EXPECT_EQ(8, OFFSET(raw_tracepoint.prog_fd));
}

/* What the helpers of the tests say of the fields beyond those headers */
TEST(own_definitions)
{
	EXPECT_EQ(140, offsetof(union t_attr, load.log_true_size));
	EXPECT_EQ(144, offsetof(union t_attr, load.prog_token_fd));
	EXPECT_EQ(148, offsetof(union t_attr, load.fd_array_cnt));
	EXPECT_EQ(152, offsetof(union t_attr, load.signature));
	EXPECT_EQ(160, offsetof(union t_attr, load.signature_size));
	EXPECT_EQ(164, offsetof(union t_attr, load.keyring_id));
	EXPECT_EQ(64, offsetof(union t_attr, map.map_extra));
	EXPECT_EQ(80, offsetof(union t_attr, map.excl_prog_hash));
	EXPECT_EQ(88, offsetof(union t_attr, map.excl_prog_hash_size));
}

#ifdef UAPI_SERIES
TEST(series)
{
	EXPECT_EQ(140, OFFSET(log_true_size));
	EXPECT_EQ(144, OFFSET(prog_token_fd));
	EXPECT_EQ(148, OFFSET(fd_array_cnt));
	EXPECT_EQ(152, sizeof(union bpf_attr));
	EXPECT_EQ(180, __BPF_FUNC_MAX_ID);
}
#endif

TEST_HARNESS_MAIN
