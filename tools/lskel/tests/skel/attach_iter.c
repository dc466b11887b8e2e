// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Iterators of what the user says */
#include <netinet/in.h>
#include <sys/socket.h>

#include "skel_test.h"
#include "iters.lskel.h"

SKEL_FIXTURE(iter, iters, self->skel->progs.walk_cgroups.autoload = t_release() >= 601)

/* Let the link @fd walk, and detach */
static void walk(struct iters *skel, int fd)
{
	union bpf_attr attr = { .iter_create.link_fd = (__u32)fd };
	int iter = t_bpf(BPF_ITER_CREATE, &attr, sizeof(attr.iter_create));
	char c;

	while (read(iter, &c, 1) > 0)
		;
	close(iter);
	iters__detach(skel);
}

TEST_F(iter, map)
{
	const struct sockaddr_in any = { .sin_family = AF_INET };
	int map = self->skel->maps.sockets.map_fd, fd, i;
	__u64 value;
	__u32 key = 1;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bind(fd, (const struct sockaddr *)&any, sizeof(any));
	listen(fd, 1);
	value = (__u64)fd;
	ASSERT_EQ(0, t_map_update(map, &key, &value));
	for (i = 1; i <= 2; i++) {
		ASSERT_LE(0, iters__walk_sockets__attach(self->skel, map))
			TH_LOG("%s", iters__error(self->skel));
		walk(self->skel, self->skel->links.walk_sockets_fd);
		EXPECT_EQ(i, self->skel->bss->elements);
	}
	EXPECT_EQ(-EBADF, iters__walk_sockets__attach(self->skel, -1));
	EXPECT_HAS("cannot attach program 'walk_sockets' (SEC(\"iter/sockmap\")): LINK_CREATE",
		   iters__error(self->skel));
	close(fd);
}

TEST_F(iter, cgroup)
{
	const __u32 self_only = 1;
	int fd;

	if (t_release() < 601)
		SKIP(return, "before Linux 6.1");
	fd = open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, iters__walk_cgroups__attach(self->skel, fd, self_only))
		TH_LOG("%s", iters__error(self->skel));
	walk(self->skel, self->skel->links.walk_cgroups_fd);
	EXPECT_EQ(1, self->skel->bss->cgroups);
	EXPECT_EQ(-EINVAL, iters__walk_cgroups__attach(self->skel, fd, 100));
	close(fd);
}

TEST_F(iter, task)
{
	const int pid = getpid();
	int fd;

	ASSERT_LE(0, iters__walk_tasks__attach(self->skel))
		TH_LOG("%s", iters__error(self->skel));
	walk(self->skel, self->skel->links.walk_tasks_fd);
	EXPECT_LT(1, self->skel->bss->tasks);

	self->skel->bss->tasks = 0;
	fd = iters__walk_tasks__attach_to(self->skel, 0, pid);
	if (t_release() < 601) {
		EXPECT_EQ(-E2BIG, fd);
		EXPECT_HAS("LINK_CREATE: this needs Linux 6.1: ", iters__error(self->skel));
		return;
	}
	ASSERT_LE(0, fd)
		TH_LOG("%s", iters__error(self->skel));
	walk(self->skel, fd);
	EXPECT_EQ(1, self->skel->bss->tasks);
}

TEST_F(iter, all)
{
	EXPECT_EQ(-EOPNOTSUPP, iters__attach(self->skel));
	EXPECT_HAS("walk_sockets (SEC(\"iter/sockmap\")) needs an argument", iters__error(self->skel));
	EXPECT_LE(0, self->skel->links.walk_tasks_fd);
}

TEST_HARNESS_MAIN
