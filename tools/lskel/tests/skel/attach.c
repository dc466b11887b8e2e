// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attaching where the user says, and never success for nothing */
#include "skel_test.h"
#include "kinds.lskel.h"
#include "module.lskel.h"
#include "only_route.lskel.h"

#define CGROUP	"/sys/fs/cgroup/lskel_test"

FIXTURE(attach) {
	struct kinds *skel;
	struct t_live before;
};

FIXTURE_SETUP(attach)
{
	/* So that nobody else is hit */
	ASSERT_TRUE(own_network());
	t_live_count(&self->before);
	self->skel = kinds__open_and_load();
	ASSERT_NE(NULL, self->skel)
		TH_LOG("%s\n%s", kinds__error(NULL), kinds__log(NULL));
}

FIXTURE_TEARDOWN(attach)
{
	kinds__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_F(attach, cgroup)
{
	int fd;

	mkdir("/sys/fs/cgroup", 0755);
	mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	mkdir(CGROUP, 0755);
	fd = open(CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	t_write(CGROUP "/cgroup.procs", "0");
	EXPECT_LE(0, kinds__egress__attach(self->skel, fd))
		TH_LOG("%s", kinds__error(self->skel));
	send_packet();
	EXPECT_LT(0, self->skel->bss->packets);
	close(fd);
	EXPECT_EQ(-EALREADY, kinds__egress__attach(self->skel, 0));
	kinds__detach(self->skel);
	EXPECT_EQ(-EBADF, kinds__egress__attach(self->skel, 1000));
	EXPECT_HAS("cannot attach program 'egress' (SEC(\"cgroup_skb/egress\"))",
		   kinds__error(self->skel));
	t_write("/sys/fs/cgroup/cgroup.procs", "0");
	rmdir(CGROUP);
}

TEST_F(attach, netns)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_LE(0, kinds__lookup__attach(self->skel, fd))
		TH_LOG("%s", kinds__error(self->skel));
	close(fd);
	send_packet();
	EXPECT_LT(0, self->skel->bss->lookups);
}

TEST_F(attach, xdp)
{
	int lo = (int)if_nametoindex("lo");

	EXPECT_LE(0, kinds__receive__attach(self->skel, lo))
		TH_LOG("%s", kinds__error(self->skel));
	send_packet();
	EXPECT_LT(0, self->skel->bss->packets);
	kinds__detach(self->skel);
	EXPECT_EQ(-ENODEV, kinds__receive__attach(self->skel, 4711));
}

TEST_F(attach, map)
{
	union bpf_attr attr = {};
	__u64 value = 1;
	__u32 key;
	char buf[1];
	int fd;

	for (key = 5; key < 8; key++)
		t_map_update(self->skel->maps.table.map_fd, &key, &value);
	ASSERT_LE(0, kinds__walk__attach(self->skel, self->skel->maps.table.map_fd))
		TH_LOG("%s", kinds__error(self->skel));
	attr.iter_create.link_fd = (__u32)self->skel->links.walk_fd;
	fd = t_bpf(BPF_ITER_CREATE, &attr, sizeof(attr.iter_create));
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, read(fd, buf, sizeof(buf)));
	close(fd);
	EXPECT_EQ(3, self->skel->bss->elements);
}

TEST_F(attach, tracepoint_by_name)
{
	EXPECT_EQ(-ENOENT, kinds__anywhere__attach(self->skel, "no_such_tracepoint"));
	EXPECT_STREQ("kinds: cannot attach program 'anywhere' (SEC(\"raw_tp\")): RAW_TRACEPOINT_OPEN: No"
		     " such file or directory (errno 2)", kinds__error(self->skel));
	EXPECT_LE(0, kinds__anywhere__attach(self->skel, "sys_exit"))
		TH_LOG("%s", kinds__error(self->skel));
	syscall(__NR_getpgid, getpid());
	EXPECT_LT(0, self->skel->bss->hits);
}

TEST_F(attach, what_cannot_be)
{
	struct kinds *skel = self->skel;

	EXPECT_EQ(-EOPNOTSUPP, kinds__route__attach(skel));
	EXPECT_HAS("program 'route' is SEC(\"lwt_in\"), which belongs to a route", kinds__error(skel));
}

/* What can be attached is, and the rest is named */
TEST_F(attach, all)
{
	static const char *const names[] = {
		"egress", "lookup", "receive", "anywhere", "walk", "route", "classify",
	};
	struct kinds *skel = self->skel;
	size_t i;

	EXPECT_EQ(-EOPNOTSUPP, kinds__attach(skel));
	EXPECT_EQ(EOPNOTSUPP, errno);
	for (i = 0; i < T_ARRAY_SIZE(names); i++)
		EXPECT_HAS(names[i], kinds__error(skel));
	EXPECT_EQ(NULL, strstr(kinds__error(skel), "attachable"));
	EXPECT_LE(0, skel->links.attachable_fd);
	EXPECT_EQ(-1, skel->links.anywhere_fd);
	syscall(__NR_getpgid, getpid());
	EXPECT_LT(0, skel->bss->hits);
}

TEST(nothing_at_all)
{
	struct only_route *skel = only_route__open_and_load();

	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-EOPNOTSUPP, only_route__attach(skel));
	EXPECT_HAS("route (SEC(\"lwt_in\"), which", only_route__error(skel));
	only_route__destroy(skel);
}

TEST(module)
{
	struct module *skel;
	struct t_live before;

	t_live_count(&before);
	skel = module__open();
	ASSERT_NE(NULL, skel);
	if (t_release() < 511) {
		/* The guest's root needs it, so it is built in */
		EXPECT_EQ(-ENOENT, module__load(skel));
		EXPECT_HAS("first function of that name is in vmlinux", module__error(skel));
	} else {
		ASSERT_EQ(0, module__load(skel))
			TH_LOG("%s\n%s", module__error(skel), module__log(skel));
		EXPECT_EQ(0, module__attach(skel));
		skel->bss->pid = getpid();
		close(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
		EXPECT_EQ(1, skel->bss->hits);
	}
	module__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST(not_of_that_module)
{
	struct module *skel = module__open();
	struct t_live before;

	ASSERT_NE(NULL, skel);
	t_live_count(&before);
	skel->progs.opened.autoload = false;
	skel->progs.elsewhere.autoload = true;
	EXPECT_EQ(-ENOENT, module__load(skel));
	EXPECT_HAS("cannot find '9pnet:v9fs_file_open': the first function of that name is in ",
		   module__error(skel));
	EXPECT_TRUE(t_live_back_to(&before));
	skel->progs.elsewhere.autoload = false;
	skel->progs.nowhere.autoload = true;
	EXPECT_EQ(-ENOENT, module__load(skel));
	EXPECT_HAS("cannot find '9p:lskel_no_such_function' in the kernel's BTF", module__error(skel));
	EXPECT_HAS(t_release() < 511 ? "; functions of modules need Linux 5.11: this is 5.10" :
		   "; is the module loaded?", module__error(skel));
	module__destroy(skel);
}

TEST_HARNESS_MAIN
