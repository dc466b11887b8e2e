/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of skeletons have in common */
#ifndef SKEL_TEST_H
#define SKEL_TEST_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "test.h"

/* bpf_map_info of @fd */
static inline struct bpf_map_info map_info(int fd)
{
	struct bpf_map_info info = {};
	union bpf_attr attr = { .info = {
		.bpf_fd = (__u32)fd, .info = t_ptr(&info), .info_len = sizeof(info),
	} };

	t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info));
	return info;
}

static inline struct bpf_prog_info prog_info(int fd)
{
	struct bpf_prog_info info = {};
	union bpf_attr attr = { .info = {
		.bpf_fd = (__u32)fd, .info = t_ptr(&info), .info_len = sizeof(info),
	} };

	t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info));
	return info;
}

/* The address of @name in /proc/kallsyms, of a per-CPU variable an offset */
static inline __u64 address_of(const char *name)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char symbol[256] = "";
	unsigned long long address = 0;

	while (file && strcmp(symbol, name) &&
	       fscanf(file, "%llx %*c %255s%*[^\n]", &address, symbol) == 2)
		;
	if (file)
		fclose(file);
	return strcmp(symbol, name) ? 0 : address;
}

/* Whether @text has @part; says what it has if not */
#define EXPECT_HAS(part, text) do {						\
	const char *_text = text;						\
	EXPECT_NE(NULL, strstr(_text, part))					\
		TH_LOG("no \"%s\" in \"%s\"", part, _text);			\
} while (0)

/* The fixture of tests of one skeleton, @name: it is loaded after the statement
 * @prepare, and nothing is left of it.
 */
#define SKEL_FIXTURE(fixture, name, prepare)					\
FIXTURE(fixture) {								\
	struct name *skel;							\
	struct t_live before;							\
};										\
FIXTURE_SETUP(fixture)								\
{										\
	t_live_count(&self->before);						\
	self->skel = name##__open();						\
	ASSERT_NE(NULL, self->skel);						\
	prepare;								\
	ASSERT_EQ(0, name##__load(self->skel))					\
		TH_LOG("%s\n%s", name##__error(NULL), name##__log(NULL));	\
}										\
FIXTURE_TEARDOWN(fixture)							\
{										\
	name##__destroy(self->skel);						\
	EXPECT_TRUE(t_live_back_to(&self->before));				\
}

/* From now on, the kernel has no links as far as the process can see */
static inline bool without_links(void)
{
	struct sock_filter filter[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 3, __NR_bpf },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[0]) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, BPF_LINK_CREATE },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EINVAL },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	const struct sock_fprog program = { T_ARRAY_SIZE(filter), filter };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* A network namespace of its own with only the loopback interface */
static inline bool own_network(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd, err;

	if (unshare(CLONE_NEWNET))
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
	return !err;
}

/* One packet, from a socket to itself */
static inline void send_packet(void)
{
	struct sockaddr_in self = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct timeval patience = { .tv_sec = 1 };
	socklen_t size = sizeof(self);
	char byte;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	bind(fd, (struct sockaddr *)&self, sizeof(self));
	getsockname(fd, (struct sockaddr *)&self, &size);
	sendto(fd, "x", 1, 0, (struct sockaddr *)&self, sizeof(self));
	/* A busy kernel delivers it later, in a thread. */
	recv(fd, &byte, sizeof(byte), 0);
	close(fd);
}

/* Whether a program that is executed would get a descriptor */
static inline bool leaks_fds(void)
{
	int fd, flags;

	for (fd = 3; fd < 256; fd++) {
		flags = fcntl(fd, F_GETFD);
		if (flags >= 0 && !(flags & FD_CLOEXEC))
			return true;
	}
	return false;
}

/* What @attach attaches counts in @counter that @event happens, until it is
 * detached; and the same again
 */
#define EXPECT_FIRES(name, skel, attach, event, counter) do {			\
	for (int _round = 0; _round < 2; _round++) {				\
		EXPECT_LE(0, attach)						\
			TH_LOG("%s", name##__error(skel));			\
		EXPECT_FALSE(leaks_fds());					\
		counter = 0;							\
		event;								\
		EXPECT_LT(0, counter)						\
			TH_LOG("does not fire in round %d", _round);		\
		name##__detach(skel);						\
		counter = 0;							\
		event;								\
		EXPECT_EQ(0, counter);						\
	}									\
} while (0)

#endif /* SKEL_TEST_H */
