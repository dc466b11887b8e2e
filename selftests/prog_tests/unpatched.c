// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel without syscall programs refuses them, clearly, and nothing stays.
 * The reverse of the other tests: it passes on a stock 5.10, and on one with the
 * series where CONFIG_BPF_SYSCALL_PROG is not set, only.
 */
#include "test.h"

static const struct bpf_insn return_0[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

FIXTURE(unpatched)
{
	struct t_live before;
	union t_attr attr;
};

FIXTURE_SETUP(unpatched)
{
	if (t_release() != 510)
		SKIP(_exit(255), "syscall programs are native here");
	t_live_count(&self->before);
	t_prog_attr(&self->attr, return_0, ARRAY_SIZE(return_0));
}

FIXTURE_TEARDOWN(unpatched)
{
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static int call(int helper)
{
	const struct bpf_insn insns[] = { BPF_EMIT_CALL(helper), BPF_EXIT_INSN() };

	return t_load_type(BPF_PROG_TYPE_SOCKET_FILTER, insns, ARRAY_SIZE(insns));
}

/* Left out, the feature still has the names of its helpers, and long attributes. */
static bool has_series(void)
{
	call(BPF_FUNC_sys_bpf);
	return strstr(t_log, "bpf_sys_bpf");
}

/* All sizes that 5.10 knows, with and without the flag */
TEST_F(unpatched, program_type)
{
	EXPECT_EQ(-EINVAL, t_load_attr(&self->attr, 48));
	EXPECT_EQ(-EINVAL, t_load_attr(&self->attr, 116));
	EXPECT_EQ(-EINVAL, t_load_attr(&self->attr, 120));
	EXPECT_EQ(-EINVAL, t_load_attr(&self->attr, 140));
	self->attr.bpf.prog_flags = 0;
	EXPECT_EQ(-EINVAL, t_load_attr(&self->attr, 120));
}

/* What every loader of mainline sends is more than 5.10 knows */
TEST_F(unpatched, long_attribute)
{
	self->attr.bpf.core_relo_rec_size = 16;
	EXPECT_EQ(has_series() ? -EINVAL : -E2BIG,
		  t_load_attr(&self->attr, t_attr_end(bpf.core_relo_rec_size)));
}

TEST_F(unpatched, helpers)
{
	static const int helpers[] = { 166, 167, 168, 179 };
	const char *refusal = has_series() ? "unknown func bpf_" : "invalid func";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(helpers); i++) {
		EXPECT_EQ(-EINVAL, call(helpers[i]));
		EXPECT_NE(NULL, strstr(t_log, refusal)) TH_LOG("helper %d: %s", helpers[i], t_log);
	}
}

TEST_F(unpatched, map_by_index)
{
	const struct bpf_insn insns[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, 0, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	EXPECT_EQ(-EINVAL, t_load_type(BPF_PROG_TYPE_SOCKET_FILTER, insns,
				       ARRAY_SIZE(insns)));
}

TEST_HARNESS_MAIN
