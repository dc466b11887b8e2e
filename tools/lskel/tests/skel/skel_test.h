/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of skeletons have in common */
#ifndef SKEL_TEST_H
#define SKEL_TEST_H

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
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

/* Whether @text has @part; says what it has if not */
#define EXPECT_HAS(part, text) do {						\
	const char *_text = text;						\
	EXPECT_NE(NULL, strstr(_text, part))					\
		TH_LOG("no \"%s\" in \"%s\"", part, _text);			\
} while (0)

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
