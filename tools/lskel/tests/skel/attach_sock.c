// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sockets, and maps of them */
#include <linux/lirc.h>
#include <poll.h>

#include "skel_test.h"
#include "socks.lskel.h"

FIXTURE(sock) {
	struct socks *skel;
	struct t_live before;
	struct sockaddr_in address;
	int udp;		/* bound to it */
};

/* Not Debian's kernel, nor one of 5.10 without CONFIG_BPF_LIRC_MODE2 */
static bool knows_infrared(void)
{
	return t_release() == 510 && !access("/sys/class/lirc", F_OK);
}

FIXTURE_SETUP(sock)
{
	socklen_t size = sizeof(self->address);
	const int yes = 1;

	ASSERT_TRUE(own_network());
	t_live_count(&self->before);
	self->skel = socks__open();
	ASSERT_NE(NULL, self->skel);
	self->skel->progs.infrared.autoload = knows_infrared();
	ASSERT_EQ(0, socks__load(self->skel))
		TH_LOG("%s\n%s", socks__error(NULL), socks__log(NULL));
	self->address = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	self->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_EQ(0, setsockopt(self->udp, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes)));
	ASSERT_EQ(0, bind(self->udp, (struct sockaddr *)&self->address, sizeof(self->address)));
	ASSERT_EQ(0, getsockname(self->udp, (struct sockaddr *)&self->address, &size));
}

FIXTURE_TEARDOWN(sock)
{
	socks__destroy(self->skel);
	close(self->udp);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static void send_to(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	sendto(fd, "x", 1, 0, (const struct sockaddr *)address, sizeof(*address));
	close(fd);
}

TEST_F(sock, filter)
{
	struct socks *skel = self->skel;

	EXPECT_FIRES(socks, skel, socks__filter__attach(skel, self->udp), send_to(&self->address),
		     skel->bss->hits);
	EXPECT_EQ(-EBADF, socks__filter__attach(skel, -1));
	EXPECT_HAS("cannot attach program 'filter' (SEC(\"socket\")): descriptor -1", socks__error(skel));
	EXPECT_EQ(-ENOTSOCK, socks__filter__attach(skel, skel->progs.filter.prog_fd));
	EXPECT_HAS("setsockopt: ", socks__error(skel));
}

TEST_F(sock, reuseport)
{
	struct socks *skel = self->skel;

	EXPECT_FIRES(socks, skel, socks__choose__attach(skel, self->udp), send_to(&self->address),
		     skel->bss->hits);
}

/* A connection whose ends are in the map */
static void connect_peers(struct __test_metadata *_metadata, struct socks *skel, int ends[2])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(address);
	__u64 value;
	__u32 i;

	bind(server, (struct sockaddr *)&address, sizeof(address));
	listen(server, 1);
	getsockname(server, (struct sockaddr *)&address, &size);
	ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ASSERT_EQ(0, connect(ends[0], (struct sockaddr *)&address, sizeof(address)));
	ends[1] = accept4(server, NULL, NULL, SOCK_CLOEXEC);
	ASSERT_LE(0, ends[1]);
	close(server);
	for (i = 0; i < 2; i++) {
		value = (__u64)ends[i];
		ASSERT_EQ(0, t_map_update(skel->maps.peers.map_fd, &i, &value));
	}
}

/* The programs are taken over by a socket when it gets into the map */
static void talk(struct __test_metadata *_metadata, struct socks *skel)
{
	struct pollfd poll_fd;
	int ends[2];
	char c;

	connect_peers(_metadata, skel, ends);
	ASSERT_EQ(1, write(ends[0], "x", 1));
	poll_fd = (struct pollfd){ ends[1], POLLIN, 0 };
	poll(&poll_fd, 1, 5000);
	EXPECT_EQ(1, recv(ends[1], &c, 1, MSG_DONTWAIT));
	close(ends[0]);
	close(ends[1]);
}

TEST_F(sock, message)
{
	struct socks *skel = self->skel;
	int map = skel->maps.peers.map_fd;

	EXPECT_FIRES(socks, skel, socks__message__attach(skel, map), talk(_metadata, skel),
		     skel->bss->hits);
	EXPECT_GT(0, socks__message__attach(skel, self->udp));
	EXPECT_HAS("cannot attach program 'message' (SEC(\"sk_msg\")): PROG_ATTACH: ",
		   socks__error(skel));
}

TEST_F(sock, stream)
{
	struct socks *skel = self->skel;
	int map = skel->maps.peers.map_fd, i;

	for (i = 0; i < 2; i++) {
		ASSERT_LE(0, socks__parse__attach(skel, map, BPF_SK_SKB_STREAM_PARSER))
			TH_LOG("%s", socks__error(skel));
		ASSERT_LE(0, socks__verdict__attach(skel, map))
			TH_LOG("%s", socks__error(skel));
		EXPECT_FALSE(leaks_fds());
		skel->bss->hits = 0;
		talk(_metadata, skel);
		EXPECT_LT(0, skel->bss->hits);
		socks__detach(skel);
		skel->bss->hits = 0;
		talk(_metadata, skel);
		EXPECT_EQ(0, skel->bss->hits);
	}
}

/* What the loopback device is sent, it receives. Samples get to the program before they
 * get to who reads.
 */
static bool flash(int device)
{
	const __u32 microseconds[] = { 500, 600, 700 };
	struct pollfd readable = { device, POLLIN, 0 };
	__u32 sample = 0;

	if (write(device, microseconds, sizeof(microseconds)) != sizeof(microseconds))
		return false;
	while (sample != LIRC_PULSE(700))
		if (poll(&readable, 1, 10000) != 1 || read(device, &sample, sizeof(sample)) != sizeof(sample))
			return false;
	return true;
}

TEST_F(sock, infrared)
{
	const __u32 mode = LIRC_MODE_PULSE;
	struct socks *skel = self->skel;
	int device;

	if (!knows_infrared())
		SKIP(return, "a kernel without such programs");
	device = open("/dev/lirc0", O_RDWR | O_CLOEXEC);
	if (device < 0)
		SKIP(return, "no infrared device");
	ASSERT_EQ(0, ioctl(device, LIRC_SET_SEND_MODE, &mode));
	EXPECT_FIRES(socks, skel, socks__infrared__attach(skel, device), EXPECT_TRUE(flash(device)),
		     skel->bss->hits);
	close(device);
}

TEST_F(sock, no_infrared)
{
	if (!knows_infrared())
		SKIP(return, "a kernel without such programs");
	EXPECT_EQ(-EINVAL, socks__infrared__attach(self->skel, self->udp));
	EXPECT_HAS("cannot attach program 'infrared' (SEC(\"lirc_mode2\")): PROG_ATTACH: ",
		   socks__error(self->skel));
}

TEST_HARNESS_MAIN
