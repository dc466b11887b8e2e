// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Probes of many functions of a file at once: they fire since 6.6, and before a sentence
 * says so
 */
#include <sys/wait.h>

#include "skel_test.h"
#include "place.h"
#include "functions.lskel.h"

#define TOO_OLD "Invalid argument (errno 22); such a link needs Linux 6.6: this is "

int probed_two(int n);
int probed_ten(int n);
int probed_three(int n);
int probed_twice(int n);

__attribute__((noipa)) int probed_two(int n)
{
	asm volatile("" : "+r" (n));
	return n + 2;
}

__attribute__((noipa)) int probed_ten(int n)
{
	asm volatile("" : "+r" (n));
	return n + 10;
}

__attribute__((noipa)) int probed_three(int n)
{
	asm volatile("" : "+r" (n));
	return n + 3;
}

/* Another name of the first */
__attribute__((alias("probed_two"))) int probed_twice(int n);

static const char *const functions[] = { "probed_ten", "probed_two" };

/* Not in .bss, which the file does not have */
extern unsigned short probe_counter;
unsigned short probe_counter __attribute__((section(".data")));

static bool too_old(void)
{
	return t_release() < 606;
}

SKEL_FIXTURE(functions, functions, self->skel->progs.sleeps.autoload = !too_old())

static void call(void)
{
	probed_two(1);
	probed_ten(1);
	probed_three(1);
}

/* One that has two names is probed once, as is one that two sections of symbols have */
TEST_F(functions, pattern)
{
	struct functions *skel = self->skel;

	if (too_old()) {
		EXPECT_EQ(-EINVAL, functions__calls__attach(skel));
		EXPECT_HAS("cannot attach program 'calls' (SEC(\"uprobe.multi//proc/self/exe:probed_t*\")): "
			   "LINK_CREATE for 3 places in /proc/self/exe: " TOO_OLD, functions__error(skel));
		EXPECT_EQ(-EINVAL, functions__call_returns__attach(skel));
		EXPECT_HAS("LINK_CREATE for 2 places in", functions__error(skel));
		EXPECT_EQ(-EINVAL, functions__any__attach(skel, -1, EXE, "probed_three"));
		EXPECT_HAS("LINK_CREATE for 1 place in", functions__error(skel));
		return;
	}
	EXPECT_FIRES(functions, skel, functions__calls__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(functions, skel, functions__call_returns__attach(skel), call(), skel->bss->returns);
	EXPECT_FIRES(functions, skel, functions__sleeps__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(functions, skel, functions__any__attach(skel, 0, EXE, "probed_ten"), call(),
		     skel->bss->any_hits);
	EXPECT_FIRES(functions, skel, functions__any__attach(skel, -1, "libc.so.6", "getgrou?s"),
		     getgroups(0, NULL), skel->bss->any_hits);
	ASSERT_LE(0, functions__calls__attach(skel));
	ASSERT_LE(0, functions__call_returns__attach(skel));
	skel->bss->hits = 0;
	skel->bss->returns = 0;
	skel->bss->sum = 0;
	call();
	EXPECT_EQ(3, skel->bss->hits);
	EXPECT_EQ(2, skel->bss->returns);
	EXPECT_EQ(3 + 11, skel->bss->sum);
}

TEST_F(functions, list)
{
	const __u64 places[] = { place_of(probed_three), place_of(probed_two) };
	const __u64 behind[] = { 0, place_of(probed_three) - place_of(probed_two) };
	const __u64 cookies[] = { 4, 7 };
	struct functions *skel = self->skel;

	if (too_old()) {
		EXPECT_EQ(-EINVAL, functions__any__attach_to(skel, -1, EXE, functions, NULL, 2, NULL, cookies));
		EXPECT_HAS("LINK_CREATE for 2 places in /proc/self/exe: " TOO_OLD, functions__error(skel));
		EXPECT_EQ(-EINVAL, functions__any__attach_to(skel, -1, EXE, NULL, places, 2, NULL, NULL));
		EXPECT_HAS(TOO_OLD, functions__error(skel));
		return;
	}
	EXPECT_FIRES(functions, skel, functions__any__attach_to(skel, -1, EXE, functions, NULL, 2, NULL, NULL),
		     call(), skel->bss->any_hits);
	EXPECT_FIRES(functions, skel, functions__any__attach_to(skel, -1, EXE, NULL, places, 2, NULL, NULL),
		     call(), skel->bss->any_hits);
	EXPECT_FIRES(functions, skel, functions__any__attach_to(skel, -1, EXE, functions, behind, 2, NULL, NULL),
		     probed_three(1), skel->bss->any_hits);
	ASSERT_LE(0, functions__any__attach_to(skel, -1, EXE, functions, NULL, 2, NULL, cookies))
		TH_LOG("%s", functions__error(skel));
	skel->bss->cookies = 0;
	call();
	EXPECT_EQ(74, skel->bss->cookies);
}

/* The kernel counts in memory of the process who listens */
TEST_F(functions, counter)
{
	const __u64 where[] = { place_of(&probe_counter), place_of(&probe_counter) };
	struct functions *skel = self->skel;

	ASSERT_NE(0, where[0]);
	if (too_old())
		SKIP(return, "a kernel without such links");
	ASSERT_LE(0, functions__any__attach_to(skel, -1, EXE, functions, NULL, 2, where, NULL))
		TH_LOG("%s", functions__error(skel));
	EXPECT_EQ(2, probe_counter);
	functions__detach(skel);
	EXPECT_EQ(0, probe_counter);
}

/* Other processes have the same file, and are not asked for */
TEST_F(functions, process)
{
	const pid_t pids[] = { 0, getpid(), -1 };
	struct functions *skel = self->skel;
	unsigned int i;
	pid_t child;

	if (too_old())
		SKIP(return, "a kernel without such links");
	for (i = 0; i < T_ARRAY_SIZE(pids); i++) {
		ASSERT_LE(0, functions__any__attach(skel, pids[i], EXE, "probed_t*"))
			TH_LOG("%s", functions__error(skel));
		skel->bss->any_hits = 0;
		child = fork();
		if (!child)
			_exit(probed_two(1));
		waitpid(child, NULL, 0);
		EXPECT_EQ(pids[i] < 0, skel->bss->any_hits);
		call();
		EXPECT_EQ(3 + (pids[i] < 0), skel->bss->any_hits);
		functions__detach(skel);
	}
	EXPECT_EQ(-ESRCH, functions__any__attach(skel, child, EXE, "probed_t*"));
}

TEST_F(functions, sentences)
{
	static const char *const one[] = { "probed_two", "no_such_function" };
	struct functions *skel = self->skel;

	EXPECT_EQ(-ENOENT, functions__any__attach(skel, -1, EXE, "no_such_*"));
	EXPECT_HAS("cannot attach program 'any' (SEC(\"uprobe.multi\")): no function 'no_such_*' in "
		   "/proc/self/exe: No such file", functions__error(skel));
	EXPECT_EQ(-ENOENT, functions__any__attach_to(skel, -1, EXE, one, NULL, 2, NULL, NULL));
	EXPECT_HAS("no function 'no_such_function' in /proc/self/exe", functions__error(skel));
	EXPECT_EQ(-ENOENT, functions__any__attach(skel, -1, "/no/such/file", "f*"));
	EXPECT_HAS("/no/such/file: No such file", functions__error(skel));
	EXPECT_EQ(-ENOEXEC, functions__any__attach(skel, -1, "/etc/passwd", "f*"));
	EXPECT_HAS("/etc/passwd: Exec format error", functions__error(skel));
	EXPECT_EQ(-EINVAL, functions__any__attach_to(skel, -1, EXE, NULL, NULL, 0, NULL, NULL));
	EXPECT_HAS("LINK_CREATE for 0 places in /proc/self/exe: ", functions__error(skel));
	EXPECT_EQ(too_old() ? -EINVAL : -EOPNOTSUPP, functions__attach(skel));
	EXPECT_HAS(too_old() ? TOO_OLD : "not attached: any (SEC(\"uprobe.multi\")) needs an argument",
		   functions__error(skel));
}

TEST_HARNESS_MAIN
