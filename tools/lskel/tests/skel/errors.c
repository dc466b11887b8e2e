// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A failure names the step, the object and the errno, and leaves nothing. */
#include <pthread.h>

#include "skel_test.h"
#include "rejected.lskel.h"
#include "missing.lskel.h"
#include "kinds.lskel.h"
#include "life.lskel.h"

TEST(verifier)
{
	struct t_live before;
	struct rejected *skel;

	t_live_count(&before);
	skel = rejected__open();
	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-EACCES, rejected__load(skel));
	EXPECT_EQ(EACCES, errno);
	EXPECT_STREQ("rejected: cannot load program 'wrong': Permission denied (errno 13)",
		     rejected__error(skel));
	EXPECT_STREQ(rejected__error(skel), rejected__error(NULL));
	/* All of it, to the last line, though it is longer than the first buffer */
	EXPECT_HAS("R0 invalid mem access 'map_value_or_null'", rejected__log(skel));
	EXPECT_HAS("0: (", rejected__log(skel));
	EXPECT_LT(1 << 16, strlen(rejected__log(skel)));
	EXPECT_STREQ(rejected__log(skel), rejected__log(NULL));
	EXPECT_EQ(-1, skel->progs.fine.prog_fd);
	EXPECT_EQ(-1, skel->maps.table.map_fd);
	EXPECT_EQ(-EINVAL, rejected__fine__attach(skel));

	/* A second try, without what is wrong */
	skel->progs.wrong.autoload = false;
	EXPECT_EQ(0, rejected__load(skel))
		TH_LOG("%s", rejected__error(skel));
	EXPECT_STREQ("", rejected__error(skel));
	EXPECT_STREQ("", rejected__log(skel));
	EXPECT_EQ(0, rejected__attach(skel));
	rejected__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST(without_a_skeleton)
{
	struct t_live before;

	t_live_count(&before);
	EXPECT_EQ(NULL, rejected__open_and_load());
	EXPECT_EQ(EACCES, errno);
	EXPECT_HAS("cannot load program 'wrong'", rejected__error(NULL));
	EXPECT_HAS("R0 invalid mem access", rejected__log(NULL));
	EXPECT_EQ(NULL, missing__open_and_load());
	EXPECT_EQ(ENOENT, errno);
	EXPECT_STREQ("missing: cannot find 'lskel_no_such_function' in the kernel's BTF:"
		     " No such file or directory (errno 2)", missing__error(NULL));
	/* The log is that of the same failure, not of the one before */
	EXPECT_STREQ("", missing__log(NULL));
	EXPECT_TRUE(t_live_back_to(&before));
}

static void *fail(void *skel)
{
	if (!rejected__open_and_load())
		snprintf((char *)skel, 2000, "%s", rejected__error(NULL));
	return NULL;
}

TEST(of_this_thread)
{
	char other[2000] = "";
	pthread_t thread;

	EXPECT_EQ(NULL, missing__open_and_load());
	ASSERT_EQ(0, pthread_create(&thread, NULL, fail, other));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_HAS("'wrong'", other);
	EXPECT_HAS("lskel_no_such_function", missing__error(NULL));
}

/* What @function does if the process may have descriptors below @n only */
static int with_descriptors(rlim_t n, int (*function)(struct life *), struct life *skel)
{
	struct rlimit few = { n, 1024 }, many = { 1024, 1024 };
	int err;

	setrlimit(RLIMIT_NOFILE, &few);
	err = function(skel);
	setrlimit(RLIMIT_NOFILE, &many);
	return err;
}

/* Each number of descriptors that are not enough ends the load at another step */
TEST(at_every_step)
{
	struct t_live before;
	struct life *skel;
	int err = -1, n, at = 0;

	t_live_count(&before);
	skel = life__open();
	ASSERT_NE(NULL, skel);
	for (n = 3; err && n < 64; n++) {
		err = with_descriptors((rlim_t)n, life__load, skel);
		if (!err)
			break;
		EXPECT_EQ(-EMFILE, err);
		EXPECT_HAS("errno 24", life__error(skel));
		EXPECT_TRUE(t_live_back_to(&before));
		at++;
	}
	/* The blob, the loader, four maps and four programs at least */
	EXPECT_LE(8, at);
	EXPECT_EQ(0, err);
	EXPECT_EQ(0, life__attach(skel));
	life__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST(at_every_attach)
{
	struct life *skel = life__open_and_load();
	struct t_live before;
	int err = -1, n, at = 0;

	ASSERT_NE(NULL, skel);
	t_live_count(&before);
	for (n = 3; err && n < 64; n++) {
		err = with_descriptors((rlim_t)n, life__attach, skel);
		if (!err)
			break;
		EXPECT_EQ(-EMFILE, err);
		EXPECT_EQ(-1, skel->links.count_fd);
		EXPECT_TRUE(t_live_back_to(&before));
		at++;
	}
	EXPECT_LE(4, at);
	life__destroy(skel);
}

TEST(without_rights)
{
	struct life *skel = life__open();

	ASSERT_NE(NULL, skel);
	t_caps_keep(0);
	EXPECT_EQ(-EPERM, life__load(skel));
	EXPECT_HAS("CAP_BPF", life__error(skel));
	if (t_release() >= 511)
		EXPECT_EQ(NULL, strstr(life__error(skel), "locked memory"));
	life__destroy(skel);
}

/* The verifier, not bpf(2), asks for the other one */
TEST(without_perfmon)
{
	struct life *skel = life__open();

	ASSERT_NE(NULL, skel);
	t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_SYS_RESOURCE));
	EXPECT_EQ(-EACCES, life__load(skel));
	EXPECT_HAS("CAP_PERFMON", life__error(skel));
	life__destroy(skel);
}

/* What the loader itself needs, beside what its programs do: nothing more */
TEST(least_rights)
{
	struct life *skel = life__open();

	ASSERT_NE(NULL, skel);
	t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_PERFMON) | T_CAP(CAP_SYS_RESOURCE));
	EXPECT_EQ(0, life__load(skel))
		TH_LOG("%s\n%s", life__error(skel), life__log(skel));
	EXPECT_EQ(0, life__attach(skel));
	life__destroy(skel);
}

TEST(without_net_admin)
{
	struct kinds *skel = kinds__open();

	ASSERT_NE(NULL, skel);
	t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_PERFMON) | T_CAP(CAP_SYS_RESOURCE));
	EXPECT_EQ(-EPERM, kinds__load(skel));
	EXPECT_HAS("cannot load program '", kinds__error(skel));
	EXPECT_HAS("CAP_NET_ADMIN", kinds__error(skel));
	kinds__destroy(skel);
}

#define MEMLOCK	(64 << 10)

static int load_with_little_memlock(struct life *skel, rlim_t soft)
{
	const struct rlimit limit = { soft, MEMLOCK };

	setrlimit(RLIMIT_MEMLOCK, &limit);
	skel->maps.calls.max_entries = 100000;
	return life__load(skel);
}

/* 5.10 charges it, and the skeleton sees to it; later kernels leave it alone */
TEST(memlock_is_raised)
{
	struct life *skel = life__open();
	struct rlimit limit;

	ASSERT_NE(NULL, skel);
	ASSERT_EQ(0, load_with_little_memlock(skel, MEMLOCK))
		TH_LOG("%s", life__error(skel));
	EXPECT_STREQ("", life__error(skel));
	EXPECT_STREQ("", life__error(NULL));
	getrlimit(RLIMIT_MEMLOCK, &limit);
	EXPECT_EQ(t_release() < 511 ? RLIM_INFINITY : MEMLOCK, limit.rlim_cur);
	life__destroy(skel);
}

static void fail_with_little_memlock(struct __test_metadata *_metadata, rlim_t soft)
{
	struct life *skel = life__open();

	ASSERT_NE(NULL, skel);
	t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_PERFMON));
	if (t_release() >= 511) {
		EXPECT_EQ(0, load_with_little_memlock(skel, soft));
	} else {
		EXPECT_EQ(-EPERM, load_with_little_memlock(skel, soft));
		EXPECT_HAS("locked memory", life__error(skel));
		EXPECT_HAS("CAP_SYS_RESOURCE", life__error(skel));
	}
	life__destroy(skel);
}

TEST(memlock_that_cannot_be_raised)
{
	fail_with_little_memlock(_metadata, MEMLOCK);
}

TEST(memlock_that_cannot_be_raised_enough)
{
	fail_with_little_memlock(_metadata, MEMLOCK / 2);
}

TEST_HARNESS_MAIN
