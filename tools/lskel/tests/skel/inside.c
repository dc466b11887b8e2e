// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs that the loader attaches: lskel gen --attach-in-loader */
#include "skel_test.h"
#include "inside.lskel.h"
#include "replaced.lskel.h"
#include "replacing.lskel.h"

/* Mainline takes the name of a tracepoint for an address of the process. */
static bool names_inside(void)
{
	return t_release() < 511;
}

FIXTURE(inside) {
	struct inside *skel;
	struct t_live before;
};

FIXTURE_SETUP(inside)
{
	t_live_count(&self->before);
	self->skel = inside__open();
	ASSERT_NE(NULL, self->skel);
	self->skel->rodata->pid = (__u32)getpid();
	self->skel->bss->base = 3;
}

FIXTURE_TEARDOWN(inside)
{
	inside__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static __u64 fire(struct inside *skel)
{
	skel->bss->entered = skel->bss->left = skel->bss->later = skel->bss->named = 0;
	syscall(__NR_getpgid, getpid());
	return skel->bss->entered;
}

TEST_F(inside, load_attaches)
{
	ASSERT_EQ(0, inside__load(self->skel))
		TH_LOG("%s\n%s", inside__error(self->skel), inside__log(self->skel));
	EXPECT_LE(0, self->skel->links.enter_fd);
	EXPECT_LE(0, self->skel->links.walk_fd);
	EXPECT_EQ(-1, self->skel->links.leave_fd);
	EXPECT_EQ(-1, self->skel->links.not_inside_fd);
	EXPECT_EQ(names_inside(), self->skel->links.by_name_fd >= 0);
	EXPECT_FALSE(leaks_fds());
	EXPECT_EQ(3, fire(self->skel));
	EXPECT_EQ(0, self->skel->bss->left);
	EXPECT_EQ(0, self->skel->bss->later);
	EXPECT_EQ(names_inside(), self->skel->bss->named > 0);
	EXPECT_EQ(-EALREADY, inside__enter__attach(self->skel));
}

/* Values set before the load were there before anything was attached, and what
 * programs counted meanwhile is not lost.
 */
TEST_F(inside, values_are_there)
{
	ASSERT_EQ(0, inside__load(self->skel));
	EXPECT_EQ(3, self->skel->bss->base);
	EXPECT_LT(1, self->skel->data->seen);
	EXPECT_EQ(1, self->skel->data->too_early);
}

TEST_F(inside, the_rest)
{
	int round;

	self->skel->progs.leave.autoload = true;
	ASSERT_EQ(0, inside__load(self->skel));
	EXPECT_LE(0, self->skel->links.leave_fd);
	for (round = 0; round < 2; round++) {
		ASSERT_EQ(0, inside__attach(self->skel))
			TH_LOG("%s", inside__error(self->skel));
		EXPECT_EQ(3, fire(self->skel));
		EXPECT_EQ(1, self->skel->bss->left);
		EXPECT_EQ(1, self->skel->bss->later);
		EXPECT_LT(0, self->skel->bss->named);
		inside__detach(self->skel);
		EXPECT_EQ(-1, self->skel->links.enter_fd);
		EXPECT_EQ(0, fire(self->skel));
		EXPECT_EQ(0, self->skel->bss->left);
		EXPECT_EQ(0, self->skel->bss->later);
		EXPECT_EQ(0, self->skel->bss->named);
	}
}

TEST_F(inside, iterator)
{
	union bpf_attr attr = {};
	char c;
	int fd;

	ASSERT_EQ(0, inside__load(self->skel));
	attr.iter_create.link_fd = (__u32)self->skel->links.walk_fd;
	fd = t_bpf(BPF_ITER_CREATE, &attr, sizeof(attr.iter_create));
	ASSERT_LE(0, fd);
	while (read(fd, &c, 1) > 0)
		;
	close(fd);
	EXPECT_LT(0, self->skel->bss->walked);
}

/* All is undone if one cannot be attached, also what was. */
TEST(failure)
{
	struct replaced *old = replaced__open_and_load();
	struct replacing *first = replacing__open(), *second = replacing__open();
	struct t_live before;

	ASSERT_NE(NULL, old);
	ASSERT_NE(NULL, first);
	ASSERT_NE(NULL, second);
	replacing__other_answer__set_target(first, old->progs.question.prog_fd);
	replacing__other_answer__set_target(second, old->progs.question.prog_fd);
	ASSERT_EQ(0, replacing__load(first))
		TH_LOG("%s", replacing__error(first));
	EXPECT_LE(0, first->links.other_answer_fd);
	t_live_count(&before);
	EXPECT_GT(0, replacing__load(second));
	EXPECT_HAS("cannot attach program 'other_answer' (SEC(\"freplace/answer\")): in the loader: ",
		   replacing__error(second));
	EXPECT_EQ(-1, second->links.other_answer_fd);
	EXPECT_TRUE(t_live_back_to(&before));
	/* The place is free again */
	replacing__detach(first);
	EXPECT_EQ(0, replacing__load(second))
		TH_LOG("%s", replacing__error(second));
	replacing__destroy(first);
	replacing__destroy(second);
	replaced__destroy(old);
}

TEST_HARNESS_MAIN
