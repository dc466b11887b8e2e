// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Hooks that the kernel finds by its types: attached without a word more */
#include "skel_test.h"
#include "hooks.lskel.h"

static void call(void)
{
	syscall(__NR_getpgid, getpid());
}

TEST(hooks)
{
	struct t_live before;
	struct hooks *skel;

	t_live_count(&before);
	skel = hooks__open();
	ASSERT_NE(NULL, skel);
	skel->bss->pid = getpid();
	ASSERT_EQ(0, hooks__load(skel))
		TH_LOG("%s\n%s", hooks__error(skel), hooks__log(skel));
	EXPECT_FIRES(hooks, skel, hooks__raw__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(hooks, skel, hooks__entry__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(hooks, skel, hooks__leave__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(hooks, skel, hooks__change__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(hooks, skel, hooks__decide__attach(skel), call(), skel->bss->hits);
	hooks__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST_HARNESS_MAIN
