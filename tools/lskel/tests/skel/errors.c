// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A failure names the step, the object and the errno, and leaves nothing. */
#include <pthread.h>

#include "skel_test.h"
#include "rejected.lskel.h"
#include "missing.lskel.h"
#include "frags.lskel.h"
#include "kinds.lskel.h"
#include "life.lskel.h"
#include "limits.lskel.h"
#include "perf.lskel.h"
#include "lines25.lskel.h"
#include "socks.lskel.h"
#include "young.lskel.h"

TEST(verifier)
{
	struct t_live before;
	struct rejected *skel;

	t_live_count(&before);
	skel = rejected__open();
	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-EACCES, rejected__load(skel));
	EXPECT_EQ(EACCES, errno);
	EXPECT_STREQ("rejected: cannot load program 'wrong': Permission denied (errno 13):"
		     " R0 invalid mem access 'map_value_or_null'", rejected__error(skel));
	EXPECT_STREQ(rejected__error(skel), rejected__error(NULL));
	/* All of it, to the last line, though it is longer than the first buffer */
	EXPECT_HAS("R0 invalid mem access 'map_value_or_null'", rejected__log(skel));
	EXPECT_HAS("0: (", rejected__log(skel));
	EXPECT_HAS("\nprocessed ", rejected__log(skel));
	EXPECT_LT(1 << 16, strlen(rejected__log(skel)));
	/* With the lines of its source, and of no other program's */
	EXPECT_HAS("; *value += i;", rejected__log(skel));
	EXPECT_HAS("; return *value;", rejected__log(skel));
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

/* Without a trace, which would have 20 MB */
TEST(too_long_for_the_log)
{
	struct lines25 *skel = lines25__open();

	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-EACCES, lines25__load(skel));
	EXPECT_HAS("cannot load program 'wrong': Permission denied (errno 13): R", lines25__error(skel));
	EXPECT_HAS(" invalid mem access '", lines25__error(skel));
	EXPECT_HAS(" invalid mem access '", lines25__log(skel));
	EXPECT_HAS("\nprocessed ", lines25__log(skel));
	EXPECT_GT(1 << 16, strlen(lines25__log(skel)));
	lines25__destroy(skel);
}

static void load_limit(struct __test_metadata *_metadata, bool endless, const char *reason)
{
	struct limits *skel = limits__open();

	ASSERT_NE(NULL, skel);
	skel->progs.endless.autoload = endless;
	skel->progs.branches.autoload = !endless;
	EXPECT_GT(0, limits__load(skel));
	EXPECT_HAS(reason, limits__error(skel));
	EXPECT_HAS(reason + 2, limits__log(skel));
	limits__destroy(skel);
}

TEST(too_many_instructions)
{
	load_limit(_metadata, true, ": BPF program is too large. Processed 1000001 insn");
}

TEST(too_many_branches)
{
	load_limit(_metadata, false, ": The sequence of 8193 jumps is too complex.");
}

/* What kernels younger than this one know */
TEST(old_kernel)
{
	struct frags *frags = frags__open();
	struct young *young = young__open();
	char sentence[256];

	ASSERT_NE(NULL, frags);
	ASSERT_NE(NULL, young);
	if (t_release() < 516) {
		EXPECT_EQ(-EINVAL, young__load(young));
		snprintf(sentence, sizeof(sentence), "young: cannot create map 'seen': Invalid argument"
			 " (errno 22); its kind needs Linux 5.16: this is %d.%d", t_release() / 100,
			 t_release() % 100);
		EXPECT_STREQ(sentence, young__error(young));
	} else {
		EXPECT_EQ(0, young__load(young));
	}
	if (t_release() < 518) {
		EXPECT_EQ(-EINVAL, frags__load(frags));
		EXPECT_HAS("cannot load program 'frags': Invalid argument (errno 22); CO-RE relocations"
			   " need Linux 5.17, or 5.10 with the series: this is ", frags__error(frags));
		EXPECT_HAS("; its kind needs Linux 5.18: this is ", frags__error(frags));
	} else {
		EXPECT_EQ(0, frags__load(frags));
	}
	frags__destroy(frags);
	frags = frags__open();
	ASSERT_NE(NULL, frags);
	frags->progs.frags.autoload = false;
	frags->progs.bind.autoload = true;
	if (t_release() < 600) {
		EXPECT_EQ(-EINVAL, frags__load(frags));
		EXPECT_HAS("; its kind needs Linux 6.0: this is ", frags__error(frags));
	} else {
		EXPECT_EQ(0, frags__load(frags))
			TH_LOG("%s\n%s", frags__error(frags), frags__log(frags));
	}
	frags__destroy(frags);
	young__destroy(young);
}

/* One that lean has and the peers have not */
TEST(no_such_programs)
{
	struct socks *skel = socks__open();

	ASSERT_NE(NULL, skel);
	if (t_release() == 510)
		SKIP(return, "a kernel with all types");
	skel->progs.infrared.autoload = true;
	EXPECT_EQ(-EINVAL, socks__load(skel));
	EXPECT_STREQ("socks: cannot load program 'infrared': Invalid argument (errno 22); this kernel may"
		     " not have such programs", socks__error(skel));
	EXPECT_STREQ("", socks__log(skel));
	socks__destroy(skel);
}

static void hide_btf(struct __test_metadata *_metadata)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", "/sys/kernel/btf", "tmpfs", 0, NULL));
}

/* The kernel has looked into its BTF, whatever else can be seen of that */
TEST(no_btf_to_be_seen)
{
	hide_btf(_metadata);
	EXPECT_EQ(NULL, missing__open_and_load());
	EXPECT_STREQ("missing: cannot find 'lskel_no_such_function' in the kernel's BTF: No such file"
		     " or directory (errno 2)", missing__error(NULL));
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
	char said[10000] = "";
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
		EXPECT_HAS(": Too many open files (errno 24)", life__error(skel));
		strncat(said, life__error(skel), sizeof(said) - strlen(said) - 1);
		EXPECT_TRUE(t_live_back_to(&before));
		at++;
	}
	/* The blob, the loader, four maps and four programs at least */
	EXPECT_LE(8, at);
	EXPECT_HAS("cannot create the loader's map: ", said);
	EXPECT_HAS("cannot load the loader: ", said);
	EXPECT_HAS("cannot create map 'calls': ", said);
	EXPECT_HAS("cannot load program 'count': ", said);
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

/* Without any capability, which come back after it */
static int load_without_rights(struct life *skel)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct all[2], none[2];
	int err;

	syscall(__NR_capget, &header, all);
	memcpy(none, all, sizeof(none));
	none[0].effective = none[1].effective = 0;
	syscall(__NR_capset, &header, none);
	err = life__load(skel);
	syscall(__NR_capset, &header, all);
	return err;
}

TEST(without_rights)
{
	struct life *skel = life__open();
	char before[8] = "";

	ASSERT_NE(NULL, skel);
	ASSERT_LT(0, t_read(T_UNPRIVILEGED_OFF, before, sizeof(before)));
	ASSERT_EQ(0, t_write(T_UNPRIVILEGED_OFF, "0"));
	EXPECT_EQ(-EPERM, load_without_rights(skel));
	EXPECT_STREQ("life: cannot load the loader: Operation not permitted (errno 1); this process"
		     " lacks CAP_BPF CAP_PERFMON", life__error(skel));
	ASSERT_EQ(0, t_write(T_UNPRIVILEGED_OFF, "2"));
	EXPECT_EQ(-EPERM, load_without_rights(skel));
	EXPECT_STREQ("life: cannot create the loader's map: Operation not permitted (errno 1); this"
		     " process lacks CAP_BPF CAP_PERFMON; kernel.unprivileged_bpf_disabled is 2",
		     life__error(skel));
	ASSERT_EQ(0, t_write(T_UNPRIVILEGED_OFF, before));
	life__destroy(skel);
}

/* All of its own, but they do not count, and no limit is to blame */
TEST(user_namespace)
{
	struct life *skel = life__open();

	ASSERT_NE(NULL, skel);
	if (access("/proc/self/ns/user", F_OK))
		SKIP(return, "a kernel without user namespaces");
	ASSERT_EQ(0, unshare(CLONE_NEWUSER));
	EXPECT_EQ(-EPERM, life__load(skel));
	EXPECT_HAS("Operation not permitted (errno 1); this process is in a user namespace, and may lack"
		   " capabilities outside of it", life__error(skel));
	EXPECT_EQ(NULL, strstr(life__error(skel), "RLIMIT_MEMLOCK"));
	life__destroy(skel);
}

/* The verifier, not bpf(2), asks for the other one */
TEST(without_perfmon)
{
	struct life *skel = life__open();

	ASSERT_NE(NULL, skel);
	t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_SYS_RESOURCE));
	EXPECT_EQ(-EACCES, life__load(skel));
	EXPECT_HAS("cannot load the loader: Permission denied (errno 13): ", life__error(skel));
	EXPECT_HAS("; this process lacks CAP_PERFMON", life__error(skel));
	EXPECT_NE('\0', life__log(skel)[0]);
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
	struct socks *socks;

	ASSERT_NE(NULL, skel);
	t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_PERFMON) | T_CAP(CAP_SYS_RESOURCE));
	EXPECT_EQ(-EPERM, kinds__load(skel));
	EXPECT_HAS("cannot load program '", kinds__error(skel));
	EXPECT_HAS("Operation not permitted (errno 1); this process lacks CAP_NET_ADMIN",
		   kinds__error(skel));
	kinds__destroy(skel);
	socks = socks__open();
	ASSERT_NE(NULL, socks);
	EXPECT_EQ(-EPERM, socks__load(socks));
	EXPECT_STREQ("socks: cannot create map 'peers': Operation not permitted (errno 1); this"
		     " process lacks CAP_NET_ADMIN", socks__error(socks));
	socks__destroy(socks);
}

/* What could be loaded may still not be attached */
TEST(attach_without_rights)
{
	struct kinds *skel = kinds__open_and_load();
	struct perf *perf = perf__open_and_load();

	ASSERT_NE(NULL, skel);
	ASSERT_NE(NULL, perf);
	t_caps_keep(T_CAP(CAP_BPF) | T_CAP(CAP_PERFMON));
	EXPECT_EQ(-EPERM, kinds__classify__attach(skel, 1, LSKEL_INGRESS));
	EXPECT_HAS("interface 1: Operation not permitted (errno 1); this process lacks CAP_NET_ADMIN",
		   kinds__error(skel));
	EXPECT_STREQ(kinds__error(skel), kinds__error(NULL));
	kinds__destroy(skel);
	t_caps_keep(T_CAP(CAP_BPF));
	EXPECT_EQ(-EACCES, perf__trace__attach(perf));
	EXPECT_HAS("tracepoint syscalls/sys_enter_getpgid: Permission denied (errno 13); this process"
		   " lacks CAP_PERFMON", perf__error(perf));
	perf__destroy(perf);
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
		EXPECT_HAS(": Operation not permitted (errno 1); RLIMIT_MEMLOCK is 64 KiB, which may be"
			   " too little, and raising it needs CAP_SYS_RESOURCE", life__error(skel));
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
