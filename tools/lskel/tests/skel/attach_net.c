// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Interfaces, network namespaces and cgroups, with links and without */
#include <linux/if_packet.h>
#include <linux/if_ether.h>

#include "skel_test.h"
#include "net.lskel.h"

#define CGROUP	"/sys/fs/cgroup/lskel_test"

FIXTURE(net) {
	struct net *skel;
	struct t_live before;
	int lo, cgroup, netns;
};

FIXTURE_SETUP(net)
{
	/* The kernel's own call of modprobe would be in another root */
	if (t_release() != 510 && system("modprobe -a sch_ingress cls_bpf act_bpf"))
		TH_LOG("no modules for traffic control");
	ASSERT_TRUE(own_network());
	self->lo = (int)if_nametoindex("lo");
	mkdir(CGROUP, 0755);
	self->cgroup = open(CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, self->cgroup);
	t_write(CGROUP "/cgroup.procs", "0");
	self->netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->netns);
	t_live_count(&self->before);
	self->skel = net__open_and_load();
	ASSERT_NE(NULL, self->skel)
		TH_LOG("%s\n%s", net__error(NULL), net__log(NULL));
}

FIXTURE_TEARDOWN(net)
{
	net__destroy(self->skel);
	t_write("/sys/fs/cgroup/cgroup.procs", "0");
	close(self->cgroup);
	close(self->netns);
	rmdir(CGROUP);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static void open_socket(void)
{
	close(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static void connect_nowhere(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	connect(fd, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

/* Send a packet that somebody distributes by its hash */
static void hash_packet(void)
{
	const int id = 0;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));

	setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &id, sizeof(id));
	send_packet();
	close(fd);
}

static void interface(struct __test_metadata *_metadata, struct net *skel, int lo)
{
	EXPECT_FIRES(net, skel, net__receive__attach(skel, lo), send_packet(), skel->bss->packets);
	/* XDP_FLAGS_SKB_MODE, and one that there is not */
	EXPECT_FIRES(net, skel, net__receive__attach_to(skel, lo, 2), send_packet(),
		     skel->bss->packets);
	EXPECT_GT(0, net__receive__attach_to(skel, lo, 1 << 20));
	EXPECT_HAS("cannot attach program 'receive' (SEC(\"xdp\")): interface 1", net__error(skel));
}

static void cgroup(struct __test_metadata *_metadata, struct net *skel, int fd)
{
	EXPECT_FIRES(net, skel, net__egress__attach(skel, fd), send_packet(), skel->bss->packets);
	EXPECT_FIRES(net, skel, net__either_way__attach(skel, fd, BPF_CGROUP_INET_INGRESS),
		     send_packet(), skel->bss->packets);
	EXPECT_FIRES(net, skel, net__either_way__attach(skel, fd, BPF_CGROUP_INET_EGRESS),
		     send_packet(), skel->bss->packets);
	EXPECT_FIRES(net, skel, net__create__attach(skel, fd), open_socket(), skel->bss->sockets);
	EXPECT_FIRES(net, skel, net__connection__attach(skel, fd), connect_nowhere(),
		     skel->bss->connections);
}

TEST_F(net, xdp)
{
	interface(_metadata, self->skel, self->lo);
}

TEST_F(net, xdp_without_links)
{
	struct net *other = net__open_and_load();

	ASSERT_NE(NULL, other);
	ASSERT_TRUE(without_links());
	interface(_metadata, self->skel, self->lo);
	/* The program of somebody else stays */
	ASSERT_LE(0, net__receive__attach(self->skel, self->lo));
	EXPECT_EQ(-EBUSY, net__receive__attach(other, self->lo));
	EXPECT_HAS("XDP program already attached", net__error(other));
	net__destroy(other);
	send_packet();
	EXPECT_LT(0, self->skel->bss->packets);
}

TEST_F(net, cgroup)
{
	cgroup(_metadata, self->skel, self->cgroup);
}

TEST_F(net, cgroup_without_links)
{
	struct net *other = net__open_and_load();

	ASSERT_NE(NULL, other);
	ASSERT_TRUE(without_links());
	cgroup(_metadata, self->skel, self->cgroup);
	/* There may be several, and each goes alone */
	ASSERT_LE(0, net__egress__attach(self->skel, self->cgroup));
	ASSERT_LE(0, net__egress__attach(other, self->cgroup));
	net__destroy(other);
	send_packet();
	EXPECT_LT(0, self->skel->bss->packets);
	EXPECT_EQ(-EBADF, net__either_way__attach(self->skel, -1, BPF_CGROUP_INET_EGRESS));
	EXPECT_HAS("descriptor -1: Bad file descriptor", net__error(self->skel));
	EXPECT_EQ(-EBADF, net__either_way__attach(self->skel, self->netns, BPF_CGROUP_INET_EGRESS));
	EXPECT_HAS("PROG_ATTACH: Bad file descriptor", net__error(self->skel));
}

TEST_F(net, netns)
{
	struct net *skel = self->skel;

	EXPECT_FIRES(net, skel, net__dissect__attach(skel, self->netns), hash_packet(),
		     skel->bss->dissected);
	EXPECT_FIRES(net, skel, net__lookup__attach(skel, self->netns), send_packet(),
		     skel->bss->sockets);
}

/* What ip(8) and tc(8) would show of the loopback interface: the names of its
 * qdiscs but for the usual one, and the number of its filters
 */
static void look(char *text, size_t size)
{
	FILE *out = popen("tc qdisc show dev lo | grep -v noqueue; tc filter show dev lo ingress;"
			  " tc filter show dev lo egress", "re");
	size_t len = fread(text, 1, size - 1, out);

	text[len] = 0;
	pclose(out);
}

TEST_F(net, tc)
{
	struct net *skel = self->skel;
	char before[4096], text[4096];

	look(before, sizeof(before));
	EXPECT_FIRES(net, skel, net__classify__attach(skel, self->lo, LSKEL_INGRESS), send_packet(),
		     skel->bss->packets);
	EXPECT_FIRES(net, skel, net__classify__attach(skel, self->lo, LSKEL_EGRESS), send_packet(),
		     skel->bss->packets);
	EXPECT_FIRES(net, skel, net__act__attach(skel, self->lo, LSKEL_EGRESS), send_packet(),
		     skel->bss->packets);
	look(text, sizeof(text));
	EXPECT_STREQ(before, text);
	ASSERT_LE(0, net__classify__attach_to(skel, self->lo, LSKEL_EGRESS, 7, 9));
	look(text, sizeof(text));
	EXPECT_HAS("clsact", text);
	EXPECT_HAS("pref 7", text);
	EXPECT_HAS("handle 0x9 ", text);
	EXPECT_HAS("classify", text);
	EXPECT_HAS("direct-action", text);
}

/* The qdisc and filters of others stay */
TEST_F(net, tc_beside_others)
{
	struct net *skel = self->skel, *other = net__open_and_load();
	char before[4096], text[4096];

	ASSERT_NE(NULL, other);
	/* Who made the qdisc goes first */
	ASSERT_LE(0, net__classify__attach(other, self->lo, LSKEL_INGRESS));
	ASSERT_LE(0, net__act__attach(skel, self->lo, LSKEL_EGRESS));
	net__destroy(other);
	send_packet();
	EXPECT_LT(0, skel->bss->packets);
	net__detach(skel);

	/* Or there was one */
	look(before, sizeof(before));
	EXPECT_HAS("clsact", before);
	ASSERT_LE(0, net__classify__attach(skel, self->lo, LSKEL_INGRESS));
	net__detach(skel);
	look(text, sizeof(text));
	EXPECT_STREQ(before, text);
}

/* Detaching is where attaching was, wherever the process went since */
TEST_F(net, tc_elsewhere)
{
	struct net *skel = self->skel;
	char text[4096];

	ASSERT_LE(0, net__classify__attach(skel, self->lo, LSKEL_INGRESS));
	ASSERT_TRUE(own_network());
	net__detach(skel);
	ASSERT_EQ(0, setns(self->netns, CLONE_NEWNET));
	look(text, sizeof(text));
	EXPECT_STREQ("", text);
}

TEST_F(net, tc_sentences)
{
	struct net *skel = self->skel;
	char text[4096];

	EXPECT_EQ(-ENODEV, net__classify__attach(skel, 4711, LSKEL_INGRESS));
	EXPECT_HAS("cannot attach program 'classify' (SEC(\"tc\")): interface 4711", net__error(skel));
	EXPECT_EQ(-EINVAL, net__classify__attach(skel, self->lo, (enum lskel_direction)2));
	EXPECT_HAS("neither LSKEL_INGRESS nor LSKEL_EGRESS", net__error(skel));
	ASSERT_LE(0, net__classify__attach_to(skel, self->lo, LSKEL_EGRESS, 7, 9));
	EXPECT_EQ(-EEXIST, net__act__attach_to(skel, self->lo, LSKEL_EGRESS, 7, 9));
	net__detach(skel);
	look(text, sizeof(text));
	EXPECT_STREQ("", text);
}

TEST_HARNESS_MAIN
