// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What kernels after 6.1 attach: there it fires, and before a sentence says since when */
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "skel_test.h"
#include "later.lskel.h"

FIXTURE(later) {
	struct later *skel;
	struct t_live before;
	int lo;
};

FIXTURE_SETUP(later)
{
	ASSERT_TRUE(own_network());
	self->lo = (int)if_nametoindex("lo");
	t_live_count(&self->before);
	self->skel = later__open();
	ASSERT_NE(NULL, self->skel);
	self->skel->progs.filter.autoload = t_release() >= 604;
	ASSERT_EQ(0, later__load(self->skel))
		TH_LOG("%s\n%s", later__error(NULL), later__log(NULL));
}

FIXTURE_TEARDOWN(later)
{
	later__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_F(later, tcx)
{
	struct later *skel = self->skel;

	if (t_release() < 606) {
		EXPECT_EQ(-EINVAL, later__in__attach(skel, self->lo));
		EXPECT_HAS("cannot attach program 'in' (SEC(\"tcx/ingress\")): LINK_CREATE: Invalid argument "
			   "(errno 22); such a link needs Linux 6.6: this is ", later__error(skel));
		return;
	}
	EXPECT_FIRES(later, skel, later__in__attach(skel, self->lo), send_packet(), skel->bss->packets);
	EXPECT_FIRES(later, skel, later__out__attach(skel, self->lo), send_packet(), skel->bss->packets);
	EXPECT_EQ(-ENODEV, later__in__attach(skel, 9999));
	EXPECT_HAS("LINK_CREATE: No such device", later__error(skel));
}

/* What leaves by @ifindex, whatever becomes of it then */
static void send_by(int ifindex)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_ifindex = ifindex, .sll_protocol = htons(ETH_P_IP),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const char bytes[64] = { 0x45 };

	sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&address, sizeof(address));
	close(fd);
}

/* Both are attached to the primary of the two interfaces */
TEST_F(later, netkit)
{
	struct later *skel = self->skel;
	int primary, peer;

	if (t_release() < 607)
		SKIP(return, "a kernel without such interfaces");
	ASSERT_EQ(0, system("ip link add primary type netkit && ip link set primary up && ip link set nk0 up"));
	primary = (int)if_nametoindex("primary");
	peer = (int)if_nametoindex("nk0");
	EXPECT_FIRES(later, skel, later__primary__attach(skel, primary), send_by(primary), skel->bss->packets);
	EXPECT_FIRES(later, skel, later__peer__attach(skel, primary), send_by(peer), skel->bss->packets);
	EXPECT_EQ(-EACCES, later__peer__attach(skel, peer));
	EXPECT_HAS("(SEC(\"netkit/peer\")): LINK_CREATE: Permission denied", later__error(skel));
}

/* Other interfaces are none of its kind */
TEST_F(later, no_netkit)
{
	struct later *skel = self->skel;

	EXPECT_GT(0, later__peer__attach(skel, self->lo));
	EXPECT_HAS("(SEC(\"netkit/peer\")): LINK_CREATE: ", later__error(skel));
	EXPECT_EQ(t_release() < 607, !!strstr(later__error(skel), "; such a link needs Linux 6.7: this is "));
}

/* What the kernel tells of a link: family, hook, priority and flags */
static bool is_filter(int fd, __u32 family, __u32 hook, int priority)
{
	const __u32 expected[] = { family, hook, (__u32)priority, 0 };
	__u32 info[32] = {};	/* struct bpf_link_info of a younger kernel */
	union bpf_attr attr = { .info = {
		.bpf_fd = (__u32)fd, .info = t_ptr(info), .info_len = sizeof(info),
	} };

	return !t_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info)) &&
	       !memcmp(&info[4], expected, sizeof(expected));
}

TEST_F(later, netfilter)
{
	struct later *skel = self->skel;

	if (t_release() < 604) {
		EXPECT_EQ(-EINVAL, later__filter__attach(skel, 2, 3, 10));
		EXPECT_HAS("'filter' is not loaded", later__error(skel));
		skel = later__open();
		skel->progs.filter.autoload = true;
		EXPECT_EQ(-EINVAL, later__load(skel));
		EXPECT_HAS("cannot load program 'filter': Invalid argument (errno 22); its kind needs Linux 6.4: "
			   "this is ", later__error(skel));
		later__destroy(skel);
		return;
	}
	/* IPv4, packets that leave */
	EXPECT_FIRES(later, skel, later__filter__attach(skel, 2, 3, 10), send_packet(), skel->bss->packets);
	EXPECT_FIRES(later, skel, later__filter__attach_to(skel, 2, 1, -10, 0), send_packet(),
		     skel->bss->packets);
	ASSERT_LE(0, later__filter__attach(skel, 2, 3, 10));
	EXPECT_TRUE(is_filter(skel->links.filter_fd, 2, 3, 10));
	later__detach(skel);
	ASSERT_LE(0, later__filter__attach_to(skel, 10, 1, -10, 0));
	EXPECT_TRUE(is_filter(skel->links.filter_fd, 10, 1, -10));
	later__detach(skel);
	EXPECT_GT(0, later__filter__attach_to(skel, 2, 1, -10, 1 << 31));
	EXPECT_GT(0, later__filter__attach(skel, 99, 3, 10));
	EXPECT_HAS("LINK_CREATE for hook 3 of family 99, priority 10: ", later__error(skel));
}

TEST_HARNESS_MAIN
