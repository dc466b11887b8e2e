// SPDX-License-Identifier: GPL-2.0-only
/* Programs around a function that sleeps, and one detached while it does. */
#include <sys/wait.h>

#include "lifecycle.h"
#include "fexit_sleep.lskel.h"

static int fire(struct fexit_sleep *skel)
{
	skel->bss->pid = getpid();
	skel->bss->entered = 0;
	skel->bss->left = 0;
	nap();
	return skel->bss->entered + skel->bss->left;
}

LIFECYCLE(fexit_sleep, prepare_nothing, fire, 2)

/* The trampoline must outlive the task that sleeps in it. */
TEST(detach_during_sleep)
{
	const struct timespec hour = { .tv_sec = 3600 };
	struct fexit_sleep *skel;
	struct t_live before;
	int i, status;
	pid_t pid;

	t_live_count(&before);
	skel = fexit_sleep__open_and_load();
	ASSERT_NE(NULL, skel);
	ASSERT_EQ(0, fexit_sleep__attach(skel));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		/* A descriptor that is left here keeps the program attached. */
		fexit_sleep__detach(skel);
		skel->bss->pid = getpid();
		syscall(__NR_nanosleep, &hour, NULL);
		_exit(0);
	}
	for (i = 0; i < 500 && !skel->bss->entered; i++)
		usleep(10000);
	EXPECT_EQ(1, skel->bss->entered);
	fexit_sleep__detach(skel);
	memset(&skel->links, 0, sizeof(skel->links));
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(SIGKILL, WTERMSIG(status));
	EXPECT_EQ(0, skel->bss->left);
	fexit_sleep__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST_HARNESS_MAIN
