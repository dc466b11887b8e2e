// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A kernel that is locked down, as the sentences say. It cannot be taken back: the
 * last test of a boot.
 */
#include "skel_test.h"
#include "hidden.lskel.h"

#define LOCKDOWN	"/sys/kernel/security/lockdown"

/* A program that @skel is told to load has a helper that it may not have, @what. @mode:
 * of the lockdown that may be why, or NULL
 */
static void check_load(struct __test_metadata *_metadata, struct hidden *skel, const char *what, const char *mode)
{
	char sentence[256];

	EXPECT_EQ(-EINVAL, hidden__load(skel));
	EXPECT_HAS(what, hidden__error(skel));
	snprintf(sentence, sizeof(sentence), "; the kernel is locked down: %s", mode ? mode : "");
	EXPECT_EQ(!mode, !strstr(hidden__error(skel), sentence))
		TH_LOG("%s", hidden__error(skel));
}

TEST(lockdown)
{
	struct hidden *skel = hidden__open(), *hides = hidden__open();
	char state[128] = "";

	mount("none", "/sys/kernel/security", "securityfs", 0, NULL);
	ASSERT_LT(0, t_read(LOCKDOWN, state, sizeof(state)));
	if (!strstr(state, "[none]"))
		SKIP(return, "the kernel is locked down already");
	ASSERT_NE(NULL, skel);
	ASSERT_NE(NULL, hides);
	skel->progs.probe.autoload = true;
	ASSERT_EQ(0, hidden__load(skel))
		TH_LOG("%s\n%s", hidden__error(skel), hidden__log(skel));

	ASSERT_EQ(0, t_write(LOCKDOWN, "integrity"));
	hides->progs.writes.autoload = true;
	check_load(_metadata, hides, "bpf_probe_write_user#36", "integrity");
	hides->progs.writes.autoload = false;
	hides->progs.redirects.autoload = true;
	check_load(_metadata, hides, "bpf_redirect#23", NULL);
	hides->progs.redirects.autoload = false;
	EXPECT_LE(0, hidden__probe__attach(skel))
		TH_LOG("%s", hidden__error(skel));
	hidden__detach(skel);

	ASSERT_EQ(0, t_write(LOCKDOWN, "confidentiality"));
	/* On 5.10 it is the loader that reads the kernel's memory, as far as that knows */
	hides->progs.reads.autoload = true;
	check_load(_metadata, hides, t_kernel_is_ours() ? "cannot load the loader: Invalid argument"
		   " (errno 22): unknown func bpf_sys_bpf#166" : "bpf_probe_read_kernel#113",
		   "confidentiality");
	EXPECT_EQ(-EPERM, hidden__probe__attach(skel));
	EXPECT_HAS("Operation not permitted (errno 1); the kernel is locked down: confidentiality",
		   hidden__error(skel));
	hidden__destroy(hides);
	hidden__destroy(skel);
}

TEST_HARNESS_MAIN
