// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Symbols of the kernel and its configuration */
#include <sys/utsname.h>

#include "refuse.h"

/* A kernel without the helper that looks symbols up refuses a loader with it; one
 * may be called anything.
 */
static int maybe_uname(struct utsname *uts);
#define uname	maybe_uname
#include "externs.lskel.h"
#undef syscall
#undef uname

static bool old_kernel, no_version;
static unsigned int refusals;

static bool calls_helper(const struct lskel_load_attr *attr)
{
	const struct bpf_insn *insn = (const struct bpf_insn *)(uintptr_t)attr->insns;
	__u32 i;

	for (i = 0; i < attr->insn_cnt; i++)
		if (insn[i].code == (BPF_JMP | BPF_CALL) && !insn[i].src_reg &&
		    insn[i].imm == BPF_FUNC_kallsyms_lookup_name)
			return true;
	return false;
}

static int refused(int cmd, const void *attr)
{
	if (!old_kernel || cmd != BPF_PROG_LOAD || !calls_helper(attr))
		return 0;
	refusals++;
	return EINVAL;
}

static int maybe_uname(struct utsname *uts)
{
	int err = uname(uts);

	if (no_version) {
		strcpy(uts->release, "mine");
		strcpy(uts->version, "#1");
	}
	return err;
}

/* What is asked of every kernel; a real configuration is not in every guest. */
#define LINES	"CONFIG_BPF_SYSCALL=y\nCONFIG_HZ=123\nCONFIG_NET=m\nCONFIG_CC_VERSION_TEXT=\"\"\n" \
		"CONFIG_LSKEL_WEAK=0\nCONFIG_LSKEL_SHORT=0\n"

/* Own files in /boot and no others, as long as the test lasts: nothing is written
 * before they are
 */
static void write_config(struct __test_metadata *_metadata, const char *compress, const char *text)
{
	char command[512], release[65];
	struct utsname uts;

	uname(&uts);
	snprintf(release, sizeof(release), "%s", uts.release);
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", "/boot", "tmpfs", 0, NULL));
	snprintf(command, sizeof(command), "printf '%s' | %s >/boot/config-%s", text, compress,
		 release);
	ASSERT_EQ(0, system(command))
		TH_LOG("%s", command);
}

FIXTURE(externs)
{
	struct externs *skel;
	struct t_live before;
};

FIXTURE_SETUP(externs)
{
	old_kernel = false;
	no_version = false;
	refusals = 0;
	t_live_count(&self->before);
	self->skel = externs__open();
	ASSERT_NE(NULL, self->skel);
	self->skel->config = LINES;
}

FIXTURE_TEARDOWN(externs)
{
	externs__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static void check_present(struct __test_metadata *_metadata, struct externs *skel)
{
	ASSERT_EQ(0, externs__load(skel))
		TH_LOG("%s\n%s", externs__error(skel), externs__log(skel));
	ASSERT_EQ(0, externs__attach(skel));
	syscall(__NR_getpgid, getpid());
	EXPECT_EQ(123, skel->bss->hz);
	EXPECT_NE(0, skel->bss->address);
	EXPECT_EQ(address_of("bpf_link_fops"), skel->bss->address);
	EXPECT_EQ(0, skel->data->active);
	EXPECT_EQ(address_of("__per_cpu_start"), skel->data->start);
	EXPECT_EQ(0, skel->data->weak_variable);
	EXPECT_EQ(0, skel->data->weak_address);
	EXPECT_EQ(0, skel->data->weak_config);
}

TEST_F(externs, present)
{
	struct externs *skel = self->skel;
	struct utsname uts;
	unsigned int a, b;

	check_present(_metadata, skel);
	uname(&uts);
	ASSERT_EQ(2, sscanf(uts.release, "%u.%u", &a, &b));
	EXPECT_EQ(a << 8 | b, (unsigned int)skel->kconfig->LINUX_KERNEL_VERSION >> 8);
	EXPECT_TRUE(skel->kconfig->LINUX_HAS_SYSCALL_WRAPPER);
	EXPECT_EQ(a > 5, skel->kconfig->LINUX_HAS_BPF_COOKIE);
	EXPECT_TRUE(skel->kconfig->CONFIG_BPF_SYSCALL);
	EXPECT_EQ(2, skel->kconfig->CONFIG_NET);
	EXPECT_STREQ("", skel->kconfig->CONFIG_CC_VERSION_TEXT);
}

/* Nobody writes what programs take for constant */
TEST_F(externs, constant)
{
	struct bpf_map_info info;
	__u32 key = 0;
	char value[256] = "";
	union bpf_attr attr = {};

	ASSERT_EQ(0, externs__load(self->skel));
	info = map_info(self->skel->maps.kconfig.map_fd);
	EXPECT_EQ(BPF_F_RDONLY_PROG | BPF_F_MMAPABLE, info.map_flags);
	EXPECT_STREQ("externs.kconfig", info.name);
	attr.map_fd = (__u32)self->skel->maps.kconfig.map_fd;
	attr.key = t_ptr(&key);
	attr.value = t_ptr(value);
	EXPECT_EQ(-EPERM, t_bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr)));
}

TEST_F(externs, kernel_without_the_helper)
{
	old_kernel = true;
	check_present(_metadata, self->skel);
	EXPECT_LT(0, refusals);
}

static void missing(struct __test_metadata *_metadata, struct externs *skel, int err,
		    const char *sentence)
{
	EXPECT_EQ(err, externs__load(skel));
	EXPECT_HAS(sentence, externs__error(skel));
	/* Another time without */
	skel->progs.missing_variable.autoload = false;
	skel->progs.missing_address.autoload = false;
	skel->progs.missing_function.autoload = false;
	skel->progs.is_function.autoload = false;
	skel->progs.other_type.autoload = false;
	skel->progs.missing_config.autoload = false;
	check_present(_metadata, skel);
}

TEST_F(externs, missing_variable)
{
	self->skel->progs.missing_variable.autoload = true;
	missing(_metadata, self->skel, -ENOENT, "cannot find variable 'lskel_missing_variable' in the"
		" kernel's BTF: No such file or directory (errno 2); it has nothing of that name,"
		" nor has a module's");
}

TEST_F(externs, missing_address)
{
	self->skel->progs.missing_address.autoload = true;
	missing(_metadata, self->skel, -ENOENT, "cannot find symbol 'lskel_missing_address' of the"
		" kernel: No such file or directory (errno 2)");
}

TEST_F(externs, missing_address_without_the_helper)
{
	old_kernel = true;
	self->skel->progs.missing_address.autoload = true;
	missing(_metadata, self->skel, -ENOENT,
		"cannot find symbol 'lskel_missing_address' in /proc/kallsyms");
}

TEST_F(externs, missing_function)
{
	self->skel->progs.missing_function.autoload = true;
	missing(_metadata, self->skel, -ENOENT, "cannot find function 'lskel_missing_function' in the"
		" kernel's BTF");
}

TEST_F(externs, is_function)
{
	self->skel->progs.is_function.autoload = true;
	missing(_metadata, self->skel, -ENOENT, "cannot find variable 'vfs_open' in the kernel's BTF:"
		" No such file or directory (errno 2); it has a function of that name");
}

TEST_F(externs, other_type)
{
	self->skel->progs.other_type.autoload = true;
	missing(_metadata, self->skel, -EINVAL, "variable 'process_counts' is an integer in the"
		" kernel's BTF, not a struct (struct rq)");
}

TEST_F(externs, missing_config)
{
	write_config(_metadata, "cat", LINES);
	self->skel->progs.missing_config.autoload = true;
	missing(_metadata, self->skel, -ENOENT,
		"extern 'CONFIG_LSKEL_MISSING' is not in the configuration of /boot/config-");
}

TEST_F(externs, no_version)
{
	no_version = true;
	EXPECT_EQ(-EINVAL, externs__load(self->skel));
	EXPECT_HAS("extern 'LINUX_KERNEL_VERSION': the kernel does not tell its version",
		   externs__error(self->skel));
	self->skel->config = "LINUX_KERNEL_VERSION=1\n" LINES;
	check_present(_metadata, self->skel);
}

/* Who may not see addresses is not told that there are none. */
TEST_F(externs, hidden_addresses)
{
	FILE *file = fopen("/proc/sys/kernel/kptr_restrict", "r+");
	int before = -1;

	ASSERT_NE(NULL, file);
	ASSERT_EQ(1, fscanf(file, "%d", &before));
	rewind(file);
	fputs("2", file);
	fflush(file);
	EXPECT_EQ(-EPERM, externs__load(self->skel));
	EXPECT_HAS("cannot find symbol '__per_cpu_start' of the kernel: Operation not permitted",
		   externs__error(self->skel));
	self->skel->progs.present.autoload = false;
	self->skel->progs.only_weak.autoload = true;
	EXPECT_EQ(-EPERM, externs__load(self->skel));
	EXPECT_HAS("cannot find out whether the kernel has 'lskel_weak_address': Operation not permitted"
		   " (errno 1)", externs__error(self->skel));
	old_kernel = true;
	EXPECT_EQ(-EPERM, externs__load(self->skel));
	EXPECT_HAS("cannot learn addresses of symbols from /proc/kallsyms: Operation not permitted (errno 1);"
		   " it needs CAP_SYSLOG, or kernel.kptr_restrict is 2", externs__error(self->skel));
	rewind(file);
	fprintf(file, "%d", before);
	fclose(file);
	self->skel->progs.present.autoload = true;
	self->skel->progs.only_weak.autoload = false;
	check_present(_metadata, self->skel);
}

/* The caller's lines come first, then those of the file. */
TEST_F(externs, file)
{
	write_config(_metadata, "cat", "# CONFIG_LSKEL_WEAK is not set\\nCONFIG_BPF_SYSCALL=y\\nCONFIG_HZ=1\\n"
		     "CONFIG_CC_VERSION_TEXT=\"a long text\"\\nCONFIG_NET=y\\n");
	self->skel->config = "CONFIG_HZ=123\nLINUX_KERNEL_VERSION=0x10203";
	check_present(_metadata, self->skel);
	EXPECT_EQ(1, self->skel->kconfig->CONFIG_NET);
	EXPECT_EQ(0x10203, self->skel->kconfig->LINUX_KERNEL_VERSION);
	EXPECT_STREQ("a long ", self->skel->kconfig->CONFIG_CC_VERSION_TEXT);
}

TEST_F(externs, compressed_file)
{
	write_config(_metadata, "gzip", LINES);
	self->skel->config = NULL;
	check_present(_metadata, self->skel);
}

TEST_F(externs, proc_config)
{
	FILE *zcat = popen("zcat /proc/config.gz 2>/dev/null", "r");
	char line[256];
	int hz = 0;

	while (fgets(line, sizeof(line), zcat))
		sscanf(line, "CONFIG_HZ=%d", &hz);
	pclose(zcat);
	if (!hz)
		SKIP(return, "this kernel has no /proc/config.gz");
	self->skel->config = NULL;
	ASSERT_EQ(0, externs__load(self->skel))
		TH_LOG("%s", externs__error(self->skel));
	EXPECT_EQ(hz, self->skel->kconfig->CONFIG_HZ);
}

TEST_F(externs, empty_file)
{
	write_config(_metadata, "cat", "");
	self->skel->config = "CONFIG_HZ=1\nCONFIG_NET=y";
	EXPECT_EQ(-ENOENT, externs__load(self->skel));
	EXPECT_HAS("extern 'CONFIG_BPF_SYSCALL' is not in the configuration of /boot/config-",
		   externs__error(self->skel));
}

TEST_F(externs, no_configuration)
{
	write_config(_metadata, "cat", "");
	ASSERT_EQ(0, umount("/boot"));
	ASSERT_EQ(0, mount("none", "/boot", "tmpfs", 0, NULL));
	ASSERT_EQ(0, mount("none", "/proc", "tmpfs", 0, NULL));
	self->skel->config = NULL;
	EXPECT_EQ(-ENOENT, externs__load(self->skel));
	EXPECT_HAS("cannot read the kernel's configuration, neither /boot/config-", externs__error(self->skel));
	EXPECT_HAS(" nor /proc/config.gz: No such file or directory (errno 2)", externs__error(self->skel));
	ASSERT_EQ(0, umount("/proc"));
}

TEST_F(externs, no_configuration_in_the_file)
{
	write_config(_metadata, "gzip | head -c 30", LINES);
	self->skel->config = NULL;
	EXPECT_EQ(-EINVAL, externs__load(self->skel));
	EXPECT_HAS("is not the configuration of a kernel", externs__error(self->skel));
}

/* What does not fit is said, wherever it comes from. */
TEST_F(externs, values_that_do_not_fit)
{
	static const struct {
		const char *line, *sentence;
	} cases[] = {
		{ "CONFIG_LSKEL_SHORT=32768\n" LINES,
		  "extern 'CONFIG_LSKEL_SHORT' is an integer of 2 bytes, which cannot hold 32768 of the text"
		  " in 'config'" },
		{ "CONFIG_LSKEL_SHORT=y\n" LINES, "which cannot hold y of" },
		{ "CONFIG_LSKEL_SHORT=\"x\"\n" LINES, "which cannot hold \"x\" of" },
		{ "CONFIG_LSKEL_SHORT=1x\n" LINES, "which cannot hold 1x of" },
		{ "CONFIG_LSKEL_SHORT=\n" LINES, "which cannot hold  of" },
		{ "CONFIG_BPF_SYSCALL=m", "'CONFIG_BPF_SYSCALL' is a bool of 1 bytes" },
		{ "CONFIG_BPF_SYSCALL=1", "'CONFIG_BPF_SYSCALL' is a bool of 1 bytes" },
		{ "CONFIG_NET=1", "'CONFIG_NET' is a tristate of 4 bytes" },
		{ "CONFIG_CC_VERSION_TEXT=y", "'CONFIG_CC_VERSION_TEXT' is a string of 8 bytes" },
		{ "CONFIG_CC_VERSION_TEXT=\"y", "'CONFIG_CC_VERSION_TEXT' is a string of 8 bytes" },
		{ "LINUX_KERNEL_VERSION=0x100000000", "'LINUX_KERNEL_VERSION' is an integer of 4" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		self->skel->config = cases[i].line;
		EXPECT_EQ(-EINVAL, externs__load(self->skel));
		EXPECT_HAS(cases[i].sentence, externs__error(self->skel));
	}
	self->skel->config = "CONFIG_LSKEL_SHORT=-32768\nCONFIG_LSKEL_WEAK=32768\n" LINES;
	check_present(_metadata, self->skel);
}

TEST_HARNESS_MAIN
