// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tracepoints of programs and libraries: USDT */
#include <dlfcn.h>
#include <elf.h>
#include <sys/wait.h>

#include "skel_test.h"
#include "usdt.h"
#include "usdt.lskel.h"

#define EXE	"/proc/self/exe"
#define COPY	"/tmp/usdt_copy"

/* Counts who listens to "plain" */
__attribute__((section(".probes"))) unsigned short usdt_semaphore;

static const char text[] = "text";

__attribute__((noipa)) static void fire_plain(void)
{
	USDT("plain", "usdt_semaphore", "", "i" (0));
}

__attribute__((noipa)) static void fire_kinds(int number, short small, unsigned char byte)
{
	volatile long in_memory = -1234567890123;
	volatile unsigned short two = 0xfffe;

	USDT("kinds", "0", "-4@%0 8@%1 -8@%2 2@%3 -2@%4 1@%5 -4@$-9 8@$18446744073709551615",
	     "r" (number), "r" (text), "m" (in_memory), "m" (two), "r" (small), "r" (byte));
}

__attribute__((noipa)) static void fire_many(void)
{
	asm volatile(".rept 300\n" USDT_TEXT("many", "0", "4@$1") ".endr\n");
}

__attribute__((noipa)) static void fire_eleven(void)
{
	asm volatile(".rept 11\n" USDT_TEXT("eleven", "0", "4@$11") ".endr\n");
}

__attribute__((noipa)) static void fire_five(void)
{
	USDT("five", "0", "4@$1", "i" (0));
	USDT("five", "0", "4@$2", "i" (0));
	USDT("five", "0", "4@$3", "i" (0));
	USDT("five", "0", "4@$4", "i" (0));
	USDT("five", "0", "4@$5", "i" (0));
}

__attribute__((noipa)) static void fire_two(void)
{
	USDT("two", "0", "4@$21", "i" (0));
	USDT("two", "0", "4@$22", "i" (0));
}

__attribute__((noipa)) static void fire_float(void)
{
	USDT("float", "0", "4@$1 8f@%%xmm0", "i" (0));
}

__attribute__((noipa)) static void fire_thirteen(void)
{
	asm volatile(USDT_TEXT("thirteen", "0", "1@$1 1@$2 1@$3 1@$4 1@$5 1@$6 1@$7 1@$8 1@$9 1@$10 1@$11 1@$12 1@$13"));
}

/* An instruction that is not probed, and not executed */
__attribute__((noipa)) static void fire_halt(void)
{
	asm volatile("	jmp 995f\n" "990: hlt\n" USDT_NOTE("halt", "0", "") "995:\n");
}

FIXTURE(usdt) {
	struct usdt *skel;
	struct t_live before;
};

FIXTURE_VARIANT(usdt) {
	const char *config;
};

/* The program finds its arguments by the cookie, or by the address */
FIXTURE_VARIANT_ADD(usdt, kernel) { .config = NULL };
FIXTURE_VARIANT_ADD(usdt, without_cookies) { .config = "LINUX_HAS_BPF_COOKIE=n\n" };

FIXTURE_SETUP(usdt)
{
	t_live_count(&self->before);
	self->skel = usdt__open();
	ASSERT_NE(NULL, self->skel);
	self->skel->bss->pid = getpid();
	self->skel->config = variant->config;
	ASSERT_EQ(0, usdt__load(self->skel))
		TH_LOG("%s\n%s", usdt__error(NULL), usdt__log(NULL));
}

FIXTURE_TEARDOWN(usdt)
{
	usdt__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

/* A program that asks for no arguments needs neither cookies nor addresses */
TEST_F(usdt, plain)
{
	struct usdt *skel = self->skel;

	EXPECT_EQ(0, usdt_semaphore);
	EXPECT_LE(0, usdt__plain__attach(skel))
		TH_LOG("%s", usdt__error(skel));
	EXPECT_EQ(1, usdt_semaphore);
	usdt__detach(skel);
	EXPECT_EQ(0, usdt_semaphore);
	EXPECT_FIRES(usdt, skel, usdt__plain__attach(skel), fire_plain(), skel->bss->hits);
	EXPECT_FIRES(usdt, skel, usdt__plain__attach_to(skel, 0, EXE, "lskel", "plain", 0), fire_plain(),
		     skel->bss->hits);
	EXPECT_EQ(0, usdt_semaphore);
}

static void kinds(struct __test_metadata *_metadata, struct usdt *skel)
{
	EXPECT_EQ(8, skel->bss->count);
	EXPECT_EQ(0, skel->bss->errors);
	EXPECT_EQ(-5, skel->bss->args[0]);
	EXPECT_EQ((long)text, skel->bss->args[1]);
	EXPECT_EQ(-1234567890123, skel->bss->args[2]);
	EXPECT_EQ(0xfffe, skel->bss->args[3]);
	EXPECT_EQ(-300, skel->bss->args[4]);
	EXPECT_EQ(200, skel->bss->args[5]);
	EXPECT_EQ(-9, skel->bss->args[6]);
	EXPECT_EQ(-1, skel->bss->args[7]);
}

TEST_F(usdt, arguments)
{
	struct usdt *skel = self->skel;

	EXPECT_FIRES(usdt, skel, usdt__kinds__attach_to(skel, getpid(), EXE, "lskel", "kinds", 0),
		     fire_kinds(-5, -300, 200), skel->bss->args_hits);
	kinds(_metadata, skel);
	EXPECT_EQ(0, skel->bss->cookie);
	EXPECT_FIRES(usdt, skel, usdt__any__attach_to(skel, 0, EXE, "lskel", "kinds", ~0ull - 5),
		     fire_kinds(-5, -300, 200), skel->bss->args_hits);
	kinds(_metadata, skel);
	EXPECT_EQ(~0ull - 5, skel->bss->cookie);
}

/* Who has the file in memory, and where, only a cookie makes irrelevant */
TEST_F(usdt, all_processes)
{
	struct usdt *skel = self->skel;

	if (t_release() < 515 || variant->config) {
		EXPECT_EQ(-EOPNOTSUPP, usdt__kinds__attach(skel));
		EXPECT_HAS("cannot attach program 'kinds' (SEC(\"usdt//proc/self/exe:lskel:kinds\")): "
			   EXE ": before Linux 5.15, the process must be given to find arguments",
			   usdt__error(skel));
		/* This is not for programs that need an argument, and nothing is attached */
		EXPECT_EQ(-ENOSYS, usdt__attach(skel));
		EXPECT_EQ(ENOSYS, errno);
		EXPECT_HAS("cannot attach program 'kinds'", usdt__error(skel));
		EXPECT_EQ(-1, skel->links.plain_fd);
		return;
	}
	EXPECT_FIRES(usdt, skel, usdt__kinds__attach(skel), fire_kinds(-5, -300, 200),
		     skel->bss->args_hits);
	kinds(_metadata, skel);
	EXPECT_EQ(-EOPNOTSUPP, usdt__attach(skel));
	EXPECT_HAS("not attached: any (SEC(\"usdt\")) needs an argument", usdt__error(skel));
	EXPECT_LE(0, skel->links.kinds_fd);
	EXPECT_LE(0, skel->links.plain_fd);
}

static void run_fixed(void)
{
	pid_t child = fork();

	if (!child) {
		execl("./usdt_fixed", "usdt_fixed", NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

/* A file at fixed addresses needs no process, and a process that comes later counts */
TEST_F(usdt, fixed_file)
{
	struct usdt *skel = self->skel;

	EXPECT_FIRES(usdt, skel, usdt__any__attach(skel, -1, "./usdt_fixed", "lskel", "target"),
		     run_fixed(), skel->bss->args_hits);
	EXPECT_EQ(0, skel->bss->errors & 3);
	EXPECT_EQ(2, skel->bss->count);
	EXPECT_EQ(-7, skel->bss->args[0]);
	EXPECT_EQ(77, skel->bss->args[1]);
}

/* A library is somewhere in the memory of its process */
TEST_F(usdt, library)
{
	struct usdt *skel = self->skel;
	void (*fire)(int value);
	void *library;

	if (t_release() < 515 || variant->config) {
		EXPECT_EQ(-ESRCH, usdt__any__attach(skel, 0, "./usdt_lib.so", "lskel", "target"));
		EXPECT_HAS("./usdt_lib.so is not in the memory of process ", usdt__error(skel));
		EXPECT_EQ(-ENOENT, usdt__any__attach(skel, 999999, "./usdt_lib.so", "lskel", "target"));
		EXPECT_HAS("addresses in ./usdt_lib.so: No such file", usdt__error(skel));
	}
	library = dlopen("./usdt_lib.so", RTLD_NOW);
	ASSERT_NE(NULL, library);
	fire = (void (*)(int))dlsym(library, "fire");
	EXPECT_FIRES(usdt, skel, usdt__any__attach(skel, 0, "./usdt_lib.so", "lskel", "target"),
		     fire(-8), skel->bss->args_hits);
	EXPECT_EQ(-8, skel->bss->args[0]);
	EXPECT_EQ(77, skel->bss->args[1]);
	dlclose(library);
}

/* How many addresses of places a program without cookies knows */
static int known_places(const struct usdt *skel)
{
	__u64 keys[2];
	union bpf_attr attr = {
		.map_fd = (__u32)skel->maps.__bpf_usdt_ip_to_spec_id_.map_fd, .next_key = t_ptr(&keys[0]),
	};
	int n = 0;

	while (!t_bpf(BPF_MAP_GET_NEXT_KEY, &attr, sizeof(attr))) {
		attr.key = t_ptr(&keys[n % 2]);
		attr.next_key = t_ptr(&keys[++n % 2]);
	}
	return n;
}

/* One descriptor stands for all places, and all of them end with it */
TEST_F(usdt, many_places)
{
	struct usdt *skel = self->skel;
	const int known = t_release() >= 515 && !variant->config ? 0 : 300;
	struct t_live before, attached;
	int round;

	for (round = 0; round < 2; round++) {
		t_live_count(&before);
		ASSERT_LE(0, usdt__any__attach(skel, 0, EXE, "lskel", "many"))
			TH_LOG("%s", usdt__error(skel));
		t_live_count(&attached);
		EXPECT_EQ(before.fds + 1, attached.fds);
		EXPECT_EQ(known, known_places(skel));
		EXPECT_FALSE(leaks_fds());
		skel->bss->args_hits = 0;
		fire_many();
		EXPECT_EQ(300, skel->bss->args_hits);
		EXPECT_EQ(1, skel->bss->args[0]);
		/* As who closes a link himself does */
		if (round) {
			close(skel->links.any_fd);
			skel->links.any_fd = -1;
		} else {
			usdt__detach(skel);
			EXPECT_EQ(0, known_places(skel));
		}
		EXPECT_TRUE(t_live_back_to(&before));
		fire_many();
		EXPECT_EQ(300, skel->bss->args_hits);
	}
}

/* Every string of arguments takes one of the four numbers, and gives it back */
TEST_F(usdt, numbers_of_specs)
{
	struct usdt *skel = self->skel;
	int round;

	EXPECT_EQ(-E2BIG, usdt__any__attach(skel, 0, EXE, "lskel", "five"));
	EXPECT_HAS("map '__bpf_usdt_specs' has 4 entries, 5 more are needed", usdt__error(skel));
	for (round = 0; round < 5; round++) {
		EXPECT_LE(0, usdt__any__attach(skel, 0, EXE, "lskel", "two"))
			TH_LOG("round %d: %s", round, usdt__error(skel));
		EXPECT_LE(0, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "kinds", 0))
			TH_LOG("round %d: %s", round, usdt__error(skel));
		fire_two();
		EXPECT_EQ(22, skel->bss->args[0]);
		fire_kinds(-5, -300, 200);
		kinds(_metadata, skel);
		usdt__detach(skel);
	}
	EXPECT_LE(0, usdt__any__attach(skel, 0, EXE, "lskel", "many"));
	EXPECT_LE(0, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "kinds", 0))
		TH_LOG("%s", usdt__error(skel));
	usdt__detach(skel);
}

/* An address tells of one program only, and a map of so many addresses */
TEST_F(usdt, same_place)
{
	const bool cookies = t_release() >= 515 && !variant->config;
	struct usdt *skel = self->skel;

	EXPECT_LE(0, usdt__any__attach(skel, 0, EXE, "lskel", "two"));
	if (cookies) {
		EXPECT_LE(0, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "two", 0));
	} else {
		EXPECT_EQ(-EEXIST, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "two", 0));
		EXPECT_HAS("before Linux 5.15, one program can be at a place in " EXE, usdt__error(skel));
	}
	skel->bss->args_hits = 0;
	fire_two();
	EXPECT_EQ(cookies ? 4 : 2, skel->bss->args_hits);
	EXPECT_EQ(0, skel->bss->errors & 1);
	EXPECT_EQ(22, skel->bss->args[0]);
	usdt__detach(skel);

	EXPECT_LE(0, usdt__any__attach(skel, 0, EXE, "lskel", "eleven"));
	if (cookies) {
		EXPECT_LE(0, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "many", 0));
	} else {
		EXPECT_EQ(-E2BIG, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "many", 0));
		EXPECT_HAS("map '__bpf_usdt_ip_to_spec_id' has no room for the places in " EXE,
			   usdt__error(skel));
		/* None of them is left there */
		EXPECT_EQ(11, known_places(skel));
		EXPECT_LE(0, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "two", 0))
			TH_LOG("%s", usdt__error(skel));
	}
	fire_eleven();
	EXPECT_EQ(11, skel->bss->args[0]);
}

/* What was detached by closing its link is in nobody's way */
TEST_F(usdt, closed_link)
{
	struct usdt *skel = self->skel;

	ASSERT_LE(0, usdt__any__attach(skel, 0, EXE, "lskel", "two"));
	close(skel->links.any_fd);
	skel->links.any_fd = -1;
	EXPECT_LE(0, usdt__kinds__attach_to(skel, 0, EXE, "lskel", "kinds", 0));
	EXPECT_LE(0, usdt__any__attach(skel, 0, EXE, "lskel", "two"))
		TH_LOG("%s", usdt__error(skel));
	fire_two();
	EXPECT_EQ(22, skel->bss->args[0]);
}

TEST_F(usdt, sentences)
{
	struct usdt *skel = self->skel;

	EXPECT_EQ(-ENOENT, usdt__any__attach(skel, 0, "/no/such/file", "lskel", "plain"));
	EXPECT_HAS("cannot attach program 'any' (SEC(\"usdt\")): /no/such/file: No such file",
		   usdt__error(skel));
	EXPECT_EQ(-ENOEXEC, usdt__any__attach(skel, 0, "/etc/passwd", "lskel", "plain"));
	EXPECT_HAS("/etc/passwd: Exec format error", usdt__error(skel));
	EXPECT_EQ(-ENOENT, usdt__any__attach(skel, 0, EXE, "lskel", "none"));
	EXPECT_HAS("no lskel:none in " EXE, usdt__error(skel));
	EXPECT_EQ(-ENOENT, usdt__any__attach(skel, 0, EXE, "other", "plain"));
	EXPECT_EQ(-ENOENT, usdt__any__attach(skel, 0, "/bin/true", "lskel", "plain"));
	EXPECT_EQ(-EOPNOTSUPP, usdt__any__attach(skel, 0, EXE, "lskel", "float"));
	EXPECT_HAS("lskel:float in " EXE " has an argument that is not understood, number 2 in "
		   "'4@$1 8f@%xmm0'", usdt__error(skel));
	EXPECT_EQ(-EOPNOTSUPP, usdt__any__attach(skel, 0, EXE, "lskel", "thirteen"));
	EXPECT_HAS("has an argument too many, number 13 in '1@$1 ", usdt__error(skel));
	EXPECT_EQ(-EOPNOTSUPP, usdt__any__attach(skel, 0, EXE, "lskel", "halt"));
	EXPECT_HAS(": Operation not supported (errno 95)", usdt__error(skel));
	fire_float();
	fire_five();
	fire_thirteen();
	fire_halt();
	EXPECT_EQ(0, skel->bss->args_hits);
}

static void write_copy(const char *bytes, size_t size)
{
	int fd = open(COPY, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (write(fd, bytes, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* Notes that make no sense, in a copy of a file that is never run */
TEST_F(usdt, damaged_notes)
{
	struct usdt *skel = self->skel;
	char *bytes = calloc(1, 1 << 20), *note;
	const __u32 huge = 0x7fffffff;
	const __u64 nowhere = 1 << 30;
	__u64 address, base;
	int fd = open("./usdt_fixed", O_RDONLY | O_CLOEXEC);
	ssize_t size = read(fd, bytes, 1 << 20);

	close(fd);
	ASSERT_LT(0, size);
	write_copy(bytes, (size_t)size);
	EXPECT_LE(0, usdt__any__attach(skel, -1, COPY, "lskel", "target"))
		TH_LOG("%s", usdt__error(skel));
	usdt__detach(skel);

	bytes[offsetof(Elf64_Ehdr, e_machine)] = EM_S390;
	write_copy(bytes, (size_t)size);
	EXPECT_EQ(-EOPNOTSUPP, usdt__any__attach(skel, -1, COPY, "lskel", "target"));
	EXPECT_HAS(COPY " is for machine 22 of ELF, whose registers are not known", usdt__error(skel));
	bytes[offsetof(Elf64_Ehdr, e_machine)] = EM_X86_64;

	/* Behind the header and the owner's name are the addresses, then strings */
	note = memmem(bytes, (size_t)size, "stapsdt", 8);
	ASSERT_NE(NULL, note);
	memcpy(&address, note + 8, sizeof(address));
	memcpy(&base, note + 16, sizeof(base));
	/* The base is in memory, but nothing that is executed */
	memcpy(note + 8, &base, sizeof(base));
	write_copy(bytes, (size_t)size);
	EXPECT_EQ(-ENOEXEC, usdt__any__attach(skel, -1, COPY, "lskel", "target"));
	/* As if prelink had moved it all behind the notes' back */
	address += nowhere;
	base += nowhere;
	memcpy(note + 8, &address, sizeof(address));
	memcpy(note + 16, &base, sizeof(base));
	write_copy(bytes, (size_t)size);
	EXPECT_LE(0, usdt__any__attach(skel, -1, COPY, "lskel", "target"))
		TH_LOG("%s", usdt__error(skel));
	usdt__detach(skel);
	base -= nowhere;
	memcpy(note + 16, &base, sizeof(base));
	memcpy(note + 8, &nowhere, sizeof(nowhere));
	write_copy(bytes, (size_t)size);
	EXPECT_EQ(-ENOEXEC, usdt__any__attach(skel, -1, COPY, "lskel", "target"));
	EXPECT_HAS("lskel:target in " COPY ": Exec format error", usdt__error(skel));
	memcpy(note - 8, &huge, sizeof(huge));
	write_copy(bytes, (size_t)size);
	EXPECT_EQ(-EBADMSG, usdt__any__attach(skel, -1, COPY, "lskel", "target"));
	EXPECT_HAS("notes about lskel:target and others in " COPY ": Bad message", usdt__error(skel));
	free(bytes);
	unlink(COPY);
}

/* Without the files about perf events there is no other way */
TEST_F(usdt, no_perf_events)
{
	struct usdt *skel = self->skel;

	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", "/sys/bus/event_source/devices", "tmpfs", 0, NULL));
	EXPECT_EQ(-ENODEV, usdt__plain__attach(skel));
	EXPECT_HAS("by a perf event: No such device", usdt__error(skel));
}

TEST_HARNESS_MAIN
