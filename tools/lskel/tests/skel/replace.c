// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The program whose function is replaced is named before the load. */
#include "skel_test.h"
#include "replaced.lskel.h"
#include "replacement.lskel.h"

static int ask(const struct replaced *skel)
{
	char packet[64] = {};
	union bpf_attr attr = { .test = {
		.prog_fd = (__u32)skel->progs.question.prog_fd,
		.data_in = t_ptr(packet), .data_size_in = sizeof(packet),
	} };

	if (t_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr.test)))
		return -1;
	return (int)attr.test.retval;
}

TEST(replace)
{
	struct replaced *old = replaced__open_and_load();
	struct replacement *new = replacement__open(), *other = replacement__open();
	struct t_live before;
	int own;

	ASSERT_NE(NULL, old)
		TH_LOG("%s\n%s", replaced__error(NULL), replaced__log(NULL));
	ASSERT_NE(NULL, new);
	t_live_count(&before);
	own = ask(old);
	EXPECT_LT(0, own);
	EXPECT_EQ(-EINVAL, replacement__load(new));
	EXPECT_STREQ("replacement: program 'other_answer' (SEC(\"freplace/answer\")) needs to know its target:"
		     " set progs.other_answer.target_fd", replacement__error(new));
	EXPECT_TRUE(t_live_back_to(&before));
	replacement__other_answer__set_target(new, old->progs.question.prog_fd);
	ASSERT_EQ(0, replacement__load(new))
		TH_LOG("%s\n%s", replacement__error(new), replacement__log(new));
	EXPECT_EQ(own, ask(old));
	ASSERT_EQ(0, replacement__attach(new))
		TH_LOG("%s", replacement__error(new));
	EXPECT_EQ(42, ask(old));
	EXPECT_EQ(1, new->bss->calls);
	/* By one only */
	ASSERT_NE(NULL, other);
	replacement__other_answer__set_target(other, old->progs.question.prog_fd);
	ASSERT_EQ(0, replacement__load(other));
	EXPECT_EQ(-EBUSY, replacement__attach(other));
	EXPECT_HAS("cannot attach program 'other_answer' (SEC(\"freplace/answer\")): ",
		   replacement__error(other));
	replacement__destroy(other);
	replacement__detach(new);
	EXPECT_EQ(own, ask(old));
	EXPECT_FIRES(replacement, new, replacement__other_answer__attach(new), ask(old),
		     new->bss->calls);
	replacement__destroy(new);
	EXPECT_TRUE(t_live_back_to(&before));
	replaced__destroy(old);
}

/* A target that is descriptor 0, which is none to the kernel */
TEST(target_is_stdin)
{
	struct replaced *old = replaced__open_and_load();
	struct replacement *new = replacement__open();

	ASSERT_NE(NULL, old);
	ASSERT_NE(NULL, new);
	ASSERT_EQ(0, dup2(old->progs.question.prog_fd, 0));
	new->progs.other_answer.target_fd = 0;
	ASSERT_EQ(0, replacement__load(new))
		TH_LOG("%s\n%s", replacement__error(new), replacement__log(new));
	EXPECT_EQ(0, replacement__attach(new));
	EXPECT_EQ(42, ask(old));
	replacement__destroy(new);
	replaced__destroy(old);
}

TEST(no_such_function)
{
	struct replacement *new = replacement__open();
	struct replaced *old = replaced__open_and_load();

	ASSERT_NE(NULL, old);
	ASSERT_NE(NULL, new);
	/* A map is no program */
	new->progs.other_answer.target_fd = old->maps.bss.map_fd;
	EXPECT_GT(0, replacement__load(new));
	EXPECT_HAS("cannot find function 'answer' in the target of program 'other_answer': ",
		   replacement__error(new));
	replacement__destroy(new);
	replaced__destroy(old);
}

/* Nothing is replaced, but seen */
TEST(trace)
{
	struct replaced *old = replaced__open_and_load();
	struct replacement *new = replacement__open();
	int own;

	ASSERT_NE(NULL, old);
	ASSERT_NE(NULL, new);
	own = ask(old);
	new->progs.other_answer.autoload = false;
	new->progs.seen.autoload = true;
	EXPECT_EQ(-EINVAL, replacement__load(new));
	EXPECT_HAS(" needs to know its target: set progs.seen.target_fd and target_func",
		   replacement__error(new));
	replacement__seen__set_target(new, old->progs.question.prog_fd, "answer");
	ASSERT_EQ(0, replacement__load(new))
		TH_LOG("%s\n%s", replacement__error(new), replacement__log(new));
	EXPECT_LE(0, replacement__seen__attach(new))
		TH_LOG("%s", replacement__error(new));
	EXPECT_EQ(own, ask(old));
	EXPECT_EQ(1, new->bss->returns);
	replacement__detach(new);
	EXPECT_EQ(own, ask(old));
	EXPECT_EQ(1, new->bss->returns);
	replacement__destroy(new);
	replaced__destroy(old);
}

TEST_HARNESS_MAIN
