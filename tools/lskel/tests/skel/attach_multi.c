// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Probes of many functions of the kernel at once */
#include "skel_test.h"
#include "multi.lskel.h"

static const char *const two[] = { "__x64_sys_getppid", "__x64_sys_getpgid" };

SKEL_FIXTURE(multi, multi, self->skel->bss->pid = getpid())

static void call(void)
{
	syscall(__NR_getpgid, 0);
	syscall(__NR_getppid);
}

static void read_something(void)
{
	char text[64];

	t_read("/proc/self/comm", text, sizeof(text));
}

/* What the kernel, which says if it has CONFIG_FPROBE by a symbol, makes of it */
static int expected(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	bool found = false;
	char line[1024];

	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, " register_fprobe\n");
	fclose(file);
	return t_release() < 518 ? -EINVAL : found ? 0 : -EOPNOTSUPP;
}

static const char *reason(void)
{
	return expected() == -EINVAL ?
	       "Invalid argument (errno 22); such a link needs Linux 5.18: this is 5.10" :
	       "Operation not supported (errno 95); the kernel may have been built without CONFIG_FPROBE";
}

TEST_F(multi, fires)
{
	struct multi *skel = self->skel;

	if (expected()) {
		EXPECT_EQ(expected(), multi__calls__attach(skel));
		EXPECT_HAS("cannot attach program 'calls' (SEC(\"kprobe.multi/__x64_sys_getp?id\")): LINK_CREATE "
			   "for '__x64_sys_getpgid'", multi__error(skel));
		EXPECT_HAS(reason(), multi__error(skel));
		return;
	}
	EXPECT_FIRES(multi, skel, multi__calls__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(multi, skel, multi__call_returns__attach(skel), call(), skel->bss->returns);
	EXPECT_EQ(getpgid(0), skel->bss->returned);
	/* This one shares its function with another name */
	EXPECT_FIRES(multi, skel, multi__any__attach(skel, "__x64_sys_getppid"), call(), skel->bss->any_hits);
	EXPECT_FIRES(multi, skel, multi__any__attach_to(skel, two, 2, NULL), call(), skel->bss->any_hits);
	EXPECT_FIRES(multi, skel, multi__any__attach(skel, "vfs_*"), read_something(), skel->bss->any_hits);
}

/* Each function has its own, whatever order the kernel keeps them in */
TEST_F(multi, cookies)
{
	static const __u64 cookies[] = { 4, 7 };
	struct multi *skel = self->skel;

	if (expected()) {
		EXPECT_EQ(expected(), multi__any__attach_to(skel, two, 2, cookies));
		EXPECT_HAS("LINK_CREATE for '__x64_sys_getppid' and 1 more: ", multi__error(skel));
		EXPECT_HAS(reason(), multi__error(skel));
		return;
	}
	ASSERT_LE(0, multi__any__attach_to(skel, two, 2, cookies))
		TH_LOG("%s", multi__error(skel));
	call();
	EXPECT_EQ(74, skel->bss->cookies);
}

TEST_F(multi, sentences)
{
	static const char *const one[] = { "__x64_sys_getppid", "no_such_function" };
	struct multi *skel = self->skel;

	EXPECT_EQ(-ENOENT, multi__any__attach(skel, "no_such_*"));
	EXPECT_HAS("no function that can be traced is called 'no_such_*'", multi__error(skel));
	EXPECT_EQ(expected() ? expected() : -ESRCH, multi__any__attach_to(skel, one, 2, NULL));
	EXPECT_EQ(expected() ? expected() : -EINVAL, multi__any__attach_to(skel, one, 0, NULL));
	EXPECT_EQ(expected() == -EOPNOTSUPP ? -ENOSYS : expected() ? expected() : -EOPNOTSUPP,
		  multi__attach(skel));
	EXPECT_HAS(expected() ? reason() : "not attached: any (SEC(\"kprobe.multi\")) needs an argument",
		   multi__error(skel));
	multi__detach(skel);

	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	umount2("/sys/kernel/debug", MNT_DETACH);
	ASSERT_EQ(0, umount2("/sys/kernel/tracing", MNT_DETACH));
	EXPECT_EQ(-ENOENT, multi__calls__attach(skel));
	EXPECT_HAS("available_filter_functions in tracefs: No such file", multi__error(skel));
}

/* Names that come twice, or are none, and a module whose functions the kernel does not find */
TEST_F(multi, list_of_the_kernel)
{
	struct multi *skel = self->skel;

	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", "/sys/kernel/tracing", "tmpfs", 0, NULL));
	fclose(fopen("/sys/kernel/tracing/available_filter_functions", "we"));
	ASSERT_EQ(0, t_write("/sys/kernel/tracing/available_filter_functions",
			     "vfs_read\nno_such_read [module]\nvfs_read\n__ftrace_invalid_address___1_read\n"));
	if (expected()) {
		EXPECT_EQ(expected(), multi__any__attach(skel, "*_read"));
		EXPECT_HAS("LINK_CREATE for 'no_such_read' and 1 more: ", multi__error(skel));
		return;
	}
	EXPECT_FIRES(multi, skel, multi__any__attach(skel, "*_read"), read_something(), skel->bss->any_hits);
}

TEST_HARNESS_MAIN
