// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Probes in the kernel and in user space */
#include <sys/wait.h>

#include "skel_test.h"
#include "place.h"
#include "places.lskel.h"
#include "probes.lskel.h"

/* What is probed. Not static, as of static ones there may be several. */
int probed_function(int n);

__attribute__((noipa)) int probed_function(int n)
{
	asm volatile("" : "+r" (n));
	return n + 1;
}

SKEL_FIXTURE(probe, probes, self->skel->bss->pid = getpid())

static void call(void)
{
	syscall(__NR_getpgid, 0);
}

/* No files that describe the perf events of probes, for the rest of the process */
static bool hide_events(void)
{
	return !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", "/sys/bus/event_source/devices", "tmpfs", 0, NULL);
}

/* Events that are left in tracefs */
static int events_left(void)
{
	int n = 0, i;
	char text[4096];

	for (i = 0; i < 2; i++) {
		memset(text, 0, sizeof(text));
		t_read(i ? "/sys/kernel/tracing/uprobe_events" : "/sys/kernel/tracing/kprobe_events",
		       text, sizeof(text));
		n += !!text[0];
	}
	return n;
}

static void kernel_probes(struct __test_metadata *_metadata, struct probes *skel)
{
	EXPECT_FIRES(probes, skel, probes__kernel__attach(skel), call(), skel->bss->hits);
	EXPECT_FIRES(probes, skel, probes__kernel_return__attach(skel), call(), skel->bss->hits);
	EXPECT_EQ(getpgid(0), skel->bss->returned);
	EXPECT_FIRES(probes, skel, probes__call__attach(skel), call(), skel->bss->hits);
	skel->bss->returned = 0;
	EXPECT_FIRES(probes, skel, probes__call_return__attach(skel), call(), skel->bss->hits);
	EXPECT_EQ(getpgid(0), skel->bss->returned);
	EXPECT_FIRES(probes, skel, probes__call__attach_to(skel, "getppid", 0), getppid(),
		     skel->bss->hits);
	EXPECT_FIRES(probes, skel, probes__kernel_any__attach(skel, "do_nanosleep", 0), usleep(1),
		     skel->bss->hits);
}

static void user_probes(struct __test_metadata *_metadata, struct probes *skel)
{
	const __u64 place = place_of(probed_function);

	EXPECT_FIRES(probes, skel, probes__user__attach(skel), probed_function(1), skel->bss->hits);
	EXPECT_FIRES(probes, skel, probes__user_return__attach(skel), probed_function(1),
		     skel->bss->hits);
	EXPECT_EQ(2, skel->bss->returned);
	EXPECT_FIRES(probes, skel, probes__library__attach(skel), getgroups(0, NULL),
		     skel->bss->hits);
	EXPECT_FIRES(probes, skel, probes__user_any__attach(skel, getpid(), EXE, NULL, place),
		     probed_function(1), skel->bss->anyone);
	EXPECT_FIRES(probes, skel, probes__user_any__attach(skel, 0, EXE, "probed_function", 0),
		     probed_function(1), skel->bss->anyone);
}

TEST_F(probe, kernel)
{
	kernel_probes(_metadata, self->skel);
}

TEST_F(probe, user)
{
	user_probes(_metadata, self->skel);
}

TEST_F(probe, kernel_by_tracefs)
{
	ASSERT_TRUE(hide_events());
	EXPECT_LE(0, probes__kernel__attach(self->skel))
		TH_LOG("%s", probes__error(self->skel));
	EXPECT_EQ(1, events_left());
	probes__detach(self->skel);
	kernel_probes(_metadata, self->skel);
	EXPECT_GT(0, probes__kernel_any__attach(self->skel, "no_such_function", 0));
	EXPECT_EQ(0, events_left());
}

TEST_F(probe, user_by_tracefs)
{
	ASSERT_TRUE(hide_events());
	EXPECT_LE(0, probes__user__attach(self->skel))
		TH_LOG("%s", probes__error(self->skel));
	EXPECT_EQ(1, events_left());
	probes__detach(self->skel);
	user_probes(_metadata, self->skel);
	EXPECT_EQ(-ENOENT, probes__user_any__attach(self->skel, -1, "/no/file", NULL, 1));
	EXPECT_EQ(0, events_left());
}

/* Behind the call of ftrace, and what some kernels have before it */
TEST_F(probe, offset)
{
	struct probes *skel = self->skel;
	int fd;

	fd = probes__kernel_any__attach(skel, "__x64_sys_getpgid", 5);
	if (fd == -EILSEQ)
		fd = probes__kernel_any__attach(skel, "__x64_sys_getpgid", 9);
	EXPECT_LE(0, fd)
		TH_LOG("%s", probes__error(skel));
	call();
	EXPECT_EQ(1, skel->bss->hits);
	probes__detach(skel);
	EXPECT_EQ(-EILSEQ, probes__kernel_any__attach(skel, "__x64_sys_getpgid", 1));
	EXPECT_HAS("probe of function '__x64_sys_getpgid'", probes__error(skel));
}

/* The C library has it twice, of which one is for old programs */
TEST_F(probe, versions)
{
	EXPECT_LE(0, probes__user_any__attach(self->skel, 0, "libc.so.6", "pthread_cond_wait", 0))
		TH_LOG("%s", probes__error(self->skel));
}

/* Other processes have the same file, and are not asked for */
TEST_F(probe, process)
{
	struct probes *skel = self->skel;
	pid_t child;

	ASSERT_LE(0, probes__user_any__attach(skel, getpid(), EXE, "probed_function", 0));
	child = fork();
	if (!child)
		_exit(probed_function(1));
	waitpid(child, NULL, 0);
	EXPECT_EQ(0, skel->bss->anyone);
	probes__detach(skel);
	ASSERT_LE(0, probes__user_any__attach(skel, -1, EXE, "probed_function", 0));
	child = fork();
	if (!child)
		_exit(probed_function(1));
	waitpid(child, NULL, 0);
	EXPECT_EQ(1, skel->bss->anyone);
}

TEST_F(probe, sentences)
{
	struct probes *skel = self->skel;

	EXPECT_EQ(-ENOENT, probes__kernel_any__attach(skel, "no_such_function", 0));
	EXPECT_HAS("cannot attach program 'kernel_any' (SEC(\"kprobe\")): probe of function "
		   "'no_such_function': No such file", probes__error(skel));
	EXPECT_EQ(-ENOENT, probes__call__attach_to(skel, "no_such_call", 0));
	EXPECT_HAS("probe of system call 'no_such_call'", probes__error(skel));
	EXPECT_EQ(-ENOENT, probes__user_any__attach(skel, -1, EXE, "no_such_function", 0));
	EXPECT_HAS("no function 'no_such_function' in /proc/self/exe", probes__error(skel));
	EXPECT_EQ(-ENOENT, probes__user_any__attach(skel, -1, "/no/such/file", "f", 0));
	EXPECT_HAS("/no/such/file: No such file", probes__error(skel));
	EXPECT_GT(0, probes__user_any__attach(skel, -1, EXE, NULL, 1ull << 40));
	EXPECT_HAS("probe of /proc/self/exe at offset 0x10000000000", probes__error(skel));
}

/* Write @size bytes of a copy of the test, with @value at @at, and try it */
static int try_copy(struct probes *skel, const char *bytes, size_t size, size_t at, size_t len,
		    __u64 value)
{
	static const char path[] = "/tmp/copy";
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (write(fd, bytes, size) != (ssize_t)size ||
	    (len && pwrite(fd, &value, len, (off_t)at) != (ssize_t)len))
		abort();
	close(fd);
	fd = probes__user_any__attach(skel, -1, path, "probed_function", 0);
	probes__detach(skel);
	return fd;
}

/* Neither success nor a crash */
TEST_F(probe, damaged_file)
{
	int fd = open(EXE, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	Elf64_Ehdr header;
	size_t size, i;
	char *bytes;

	ASSERT_EQ(0, fstat(fd, &stat));
	size = (size_t)stat.st_size;
	bytes = malloc(size);
	ASSERT_EQ((ssize_t)size, read(fd, bytes, size));
	close(fd);
	memcpy(&header, bytes, sizeof(header));
	EXPECT_LE(0, try_copy(self->skel, bytes, size, 0, 0, 0))
		TH_LOG("%s", probes__error(self->skel));
	for (i = 0; i < sizeof(header); i += 7)
		EXPECT_EQ(-ENOEXEC, try_copy(self->skel, bytes, i, 0, 0, 0));
	EXPECT_HAS("function 'probed_function' in /tmp/copy: Exec format error",
		   probes__error(self->skel));
	EXPECT_EQ(-ENOEXEC, try_copy(self->skel, bytes, size - 1, 0, 0, 0));
	EXPECT_EQ(-ENOEXEC, try_copy(self->skel, bytes, size, EI_DATA, 1, ELFDATA2MSB));
	EXPECT_EQ(-ENOEXEC, try_copy(self->skel, bytes, size, EI_CLASS, 1, ELFCLASS32));
	EXPECT_EQ(-ENOEXEC, try_copy(self->skel, bytes, size, offsetof(Elf64_Ehdr, e_shoff), 8, ~0ull));
	EXPECT_EQ(-ENOEXEC, try_copy(self->skel, bytes, size, offsetof(Elf64_Ehdr, e_shnum), 2, 0xffff));
	EXPECT_EQ(-ENOEXEC, try_copy(self->skel, bytes, size, offsetof(Elf64_Ehdr, e_phoff), 8, ~0ull));
	EXPECT_EQ(-ENOENT, try_copy(self->skel, bytes, size, offsetof(Elf64_Ehdr, e_shnum), 2, 1));
	for (i = 0; i < header.e_shnum; i++) {
		const size_t at = header.e_shoff + i * sizeof(Elf64_Shdr);

		/* Some are needed, some are not */
		try_copy(self->skel, bytes, size, at + offsetof(Elf64_Shdr, sh_offset), 8, ~0ull - 8);
		try_copy(self->skel, bytes, size, at + offsetof(Elf64_Shdr, sh_size), 8, ~0ull);
		try_copy(self->skel, bytes, size, at + offsetof(Elf64_Shdr, sh_size), 8, 1);
		try_copy(self->skel, bytes, size, at + offsetof(Elf64_Shdr, sh_link), 4, 0xffffffff);
		try_copy(self->skel, bytes, size, at + offsetof(Elf64_Shdr, sh_type), 4, SHT_SYMTAB);
	}
	free(bytes);
}

TEST_F(probe, all)
{
	struct probes *skel = self->skel;

	EXPECT_EQ(-EOPNOTSUPP, probes__attach(skel));
	EXPECT_HAS("not attached: kernel_any (SEC(\"kprobe\")) needs an argument, ",
		   probes__error(skel));
	EXPECT_HAS("user_any (SEC(\"uprobe\")) needs an argument", probes__error(skel));
	call();
	EXPECT_EQ(4, skel->bss->hits);
	probed_function(1);
	EXPECT_EQ(6, skel->bss->hits);
}

/* An offset in the section needs no look-up, and can be another one. There is the
 * header of the file at that one.
 */
TEST(place)
{
	struct places *skel = places__open();

	ASSERT_NE(NULL, skel);
	skel->progs.place.autoload = true;
	ASSERT_EQ(0, places__load(skel));
	EXPECT_EQ(-EOPNOTSUPP, places__place__attach(skel));
	EXPECT_HAS("cannot attach program 'place' (SEC(\"uprobe//proc/self/exe:0x40\")): probe of "
		   "/proc/self/exe at offset 0x40: Operation not supported", places__error(skel));
	EXPECT_FIRES(places, skel,
		     places__place__attach_to(skel, 0, EXE, place_of(probed_function), 0),
		     probed_function(1), skel->bss->hits);
	places__destroy(skel);
}

TEST(no_place)
{
	struct places *skel = places__open_and_load();

	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-EOPNOTSUPP, places__attach(skel));
	EXPECT_HAS("not attached: nowhere (SEC(\"kprobe/no+number\")) needs an argument",
		   places__error(skel));
	EXPECT_FIRES(places, skel, places__nowhere__attach(skel, "__x64_sys_getpgid", 0),
		     call(), skel->bss->hits);
	places__destroy(skel);
}

TEST_HARNESS_MAIN
