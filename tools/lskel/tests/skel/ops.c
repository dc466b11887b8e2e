// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tables of operations: a congestion control of TCP */
#include <linux/btf.h>
#include <netinet/tcp.h>
#include <sys/utsname.h>

#include "skel_test.h"
#include "ops.lskel.h"
#include "ops_link.lskel.h"

/* Whether the kernel lists @name as a whole word */
static bool is_available(const char *name)
{
	char line[1024] = " ", word[64];
	FILE *file = fopen("/proc/sys/net/ipv4/tcp_available_congestion_control", "re");

	if (!file || !fgets(line + 1, sizeof(line) - 2, file))
		line[1] = '\0';
	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = ' ';
	snprintf(word, sizeof(word), " %s ", name);
	return strstr(line, word);
}

struct connection {
	int listener, client, server;
};

/* A connection over the loopback whose client has @name for congestion control. Returns
 * false if there is no such thing.
 */
static bool open_connection(struct connection *c, const char *name)
{
	struct sockaddr_in self = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	/* It is over when it is closed, without more words. */
	const struct linger at_once = { .l_onoff = 1 };
	socklen_t size = sizeof(self);
	bool fine;

	c->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	fine = !setsockopt(c->client, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)) &&
	       !setsockopt(c->client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) &&
	       !bind(c->listener, (struct sockaddr *)&self, size) && !listen(c->listener, 1) &&
	       !getsockname(c->listener, (struct sockaddr *)&self, &size) &&
	       !connect(c->client, (struct sockaddr *)&self, size);
	c->server = fine ? accept4(c->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
	return c->server >= 0;
}

static void close_connection(struct connection *c)
{
	close(c->client);
	close(c->server);
	close(c->listener);
}

/* Send something, and wait until all has arrived. */
static void send_over(struct connection *c)
{
	static char buffer[1 << 16];
	size_t left = sizeof(buffer);
	ssize_t n;

	if (send(c->client, buffer, sizeof(buffer), 0) != sizeof(buffer))
		return;
	while (left && (n = recv(c->server, buffer, left, 0)) > 0)
		left -= (size_t)n;
}

static bool connection_with(const char *name)
{
	struct connection c;
	bool fine = open_connection(&c, name);

	if (fine)
		send_over(&c);
	close_connection(&c);
	return fine;
}

TEST(registered)
{
	struct t_live before;
	struct ops *skel;

	ASSERT_TRUE(own_network());
	t_live_count(&before);
	skel = ops__open_and_load();
	ASSERT_NE(NULL, skel)
		TH_LOG("%s", ops__error(NULL));
	EXPECT_EQ(-1, skel->progs.gone.prog_fd);
	EXPECT_EQ(-1, skel->links.reno_fd);
	EXPECT_FALSE(is_available("bpf_lskel"));
	EXPECT_FIRES(ops, skel, ops__reno__attach(skel), connection_with("bpf_lskel"),
		     skel->bss->avoided);
	EXPECT_FALSE(is_available("bpf_lskel"));

	for (int i = 0; i < 3; i++) {
		skel->bss->started = skel->bss->ended = 0;
		EXPECT_EQ(0, ops__attach(skel))
			TH_LOG("%s", ops__error(skel));
		EXPECT_LE(0, skel->links.reno_fd);
		EXPECT_LE(0, skel->links.twin_fd);
		EXPECT_TRUE(is_available("bpf_lskel"));
		EXPECT_TRUE(is_available("bpf_lskel_twin"));
		skel->bss->acks_left = 1;
		EXPECT_TRUE(connection_with("bpf_lskel"));
		EXPECT_EQ(1, skel->bss->started);
		EXPECT_LT(0, skel->bss->ended);
		EXPECT_EQ(i + 1, skel->bss->acks);
		EXPECT_TRUE(connection_with("bpf_lskel_twin"));
		EXPECT_EQ(1, skel->bss->started);
		ops__detach(skel);
		EXPECT_EQ(-1, skel->links.reno_fd);
		EXPECT_FALSE(is_available("bpf_lskel"));
		EXPECT_FALSE(is_available("bpf_lskel_twin"));
		EXPECT_FALSE(connection_with("bpf_lskel"));
	}

	/* A skeleton that ends takes what it registered with it. */
	EXPECT_EQ(0, ops__attach(skel));
	ops__destroy(skel);
	EXPECT_FALSE(is_available("bpf_lskel"));
	EXPECT_TRUE(t_live_back_to(&before));
}

/* Whoever uses it may go on when it is gone. */
TEST(in_use)
{
	struct connection c;
	struct ops *skel;

	ASSERT_TRUE(own_network());
	skel = ops__open_and_load();
	ASSERT_NE(NULL, skel);
	ASSERT_LE(0, ops__reno__attach(skel));
	ASSERT_TRUE(open_connection(&c, "bpf_lskel"));
	ops__detach(skel);
	skel->bss->avoided = 0;
	send_over(&c);
	EXPECT_LT(0, skel->bss->avoided);
	EXPECT_LE(0, ops__reno__attach(skel))
		TH_LOG("%s", ops__error(skel));
	EXPECT_TRUE(is_available("bpf_lskel"));
	close_connection(&c);
	ops__destroy(skel);
	EXPECT_FALSE(is_available("bpf_lskel"));
}

TEST(errors)
{
	struct ops *skel = ops__open_and_load(), *other = ops__open();

	ASSERT_NE(NULL, skel);
	ASSERT_NE(NULL, other);
	EXPECT_EQ(-EINVAL, ops__reno__attach(other));
	EXPECT_STREQ("ops: table 'reno' is not loaded", ops__error(other));
	EXPECT_EQ(0, ops__attach(skel));
	EXPECT_EQ(-EALREADY, ops__twin__attach(skel));
	EXPECT_STREQ("ops: table 'twin' is attached already", ops__error(skel));
	EXPECT_EQ(-EOPNOTSUPP, ops__avoid__attach(skel));
	EXPECT_STREQ("ops: program 'avoid' is SEC(\"struct_ops/avoid\"), which is attached with its"
		     " table of operations", ops__error(skel));

	/* Two of one name; and what was attached before that is detached. */
	memcpy(other->struct_ops.reno->name, "bpf_other", sizeof("bpf_other"));
	EXPECT_EQ(0, ops__load(other))
		TH_LOG("%s", ops__error(other));
	EXPECT_EQ(-EEXIST, ops__attach(other));
	EXPECT_STREQ("ops: cannot attach table 'twin' (SEC(\".struct_ops\")): MAP_UPDATE_ELEM:"
		     " something is registered by that name: File exists (errno 17)", ops__error(other));
	EXPECT_EQ(-1, other->links.reno_fd);
	EXPECT_FALSE(is_available("bpf_other"));
	ops__detach(skel);
	EXPECT_EQ(0, ops__attach(other))
		TH_LOG("%s", ops__error(other));
	EXPECT_TRUE(is_available("bpf_other"));
	EXPECT_FALSE(is_available("bpf_lskel"));
	ops__destroy(skel);
	ops__destroy(other);
}

/* What the kernel does not have must be zero. */
TEST(missing)
{
	struct t_live before;
	struct ops *skel = ops__open();

	ASSERT_NE(NULL, skel);
	t_live_count(&before);
	skel->struct_ops.reno->no_such_number = 1;
	EXPECT_EQ(-ENOENT, ops__load(skel));
	EXPECT_STREQ("ops: table 'reno': struct tcp_congestion_ops of the kernel has no member"
		     " 'no_such_number', which is not zero: No such file or directory (errno 2)",
		     ops__error(skel));
	EXPECT_EQ(-1, skel->maps.reno.map_fd);
	skel->struct_ops.reno->no_such_number = 0;
	skel->progs.gone.autoload = true;
	EXPECT_EQ(-ENOENT, ops__load(skel));
	EXPECT_STREQ("ops: table 'reno': struct tcp_congestion_ops of the kernel has no member"
		     " 'no_such_function', which is program gone: No such file or directory (errno 2)",
		     ops__error(skel));
	EXPECT_TRUE(t_live_back_to(&before));
	skel->progs.gone.autoload = false;
	EXPECT_EQ(0, ops__load(skel))
		TH_LOG("%s", ops__error(skel));
	ops__destroy(skel);
}

/* A program that is not loaded is not in the table. */
TEST(choice)
{
	struct ops *skel = ops__open();

	ASSERT_TRUE(own_network());
	ASSERT_NE(NULL, skel);
	skel->progs.start.autoload = false;
	EXPECT_EQ(0, ops__load(skel))
		TH_LOG("%s", ops__error(skel));
	EXPECT_LE(0, ops__reno__attach(skel))
		TH_LOG("%s", ops__error(skel));
	EXPECT_TRUE(connection_with("bpf_lskel"));
	EXPECT_EQ(0, skel->bss->started);
	EXPECT_LT(0, skel->bss->ended);
	ops__destroy(skel);

	/* One that the kernel demands is missed when it is registered. */
	skel = ops__open();
	ASSERT_NE(NULL, skel);
	skel->progs.undo.autoload = false;
	EXPECT_EQ(0, ops__load(skel));
	EXPECT_EQ(-EINVAL, ops__reno__attach(skel));
	EXPECT_STREQ("ops: cannot attach table 'reno' (SEC(\".struct_ops\")): MAP_UPDATE_ELEM:"
		     " Invalid argument (errno 22)", ops__error(skel));
	ops__destroy(skel);
}

static bool kernel_has_table_links(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname uts;

	uname(&uts);
	sscanf(uts.release, "%u.%u", &major, &minor);
	return major > 6 || (major == 6 && minor >= 4);
}

/* Of a table that is left out, the kernel need not have the members */
TEST(left_out)
{
	struct ops *skel = ops__open();

	ASSERT_NE(NULL, skel);
	ASSERT_TRUE(own_network());
	skel->struct_ops.reno->no_such_number = 1;
	skel->maps.reno.autocreate = false;
	skel->progs.start.autoload = skel->progs.end.autoload = false;
	ASSERT_EQ(0, ops__load(skel))
		TH_LOG("%s\n%s", ops__error(skel), ops__log(skel));
	EXPECT_EQ(-1, skel->maps.reno.map_fd);
	EXPECT_EQ(-EINVAL, ops__reno__attach(skel));
	EXPECT_EQ(0, ops__attach(skel))
		TH_LOG("%s", ops__error(skel));
	EXPECT_EQ(-1, skel->links.reno_fd);
	EXPECT_TRUE(is_available("bpf_lskel_twin"));
	EXPECT_FALSE(is_available("bpf_lskel"));
	ops__destroy(skel);
}

TEST(by_link)
{
	struct ops_link *skel = ops_link__open();
	struct t_live before;
	int err;

	ASSERT_TRUE(own_network());
	ASSERT_NE(NULL, skel);
	t_live_count(&before);
	err = ops_link__load(skel);
	if (!kernel_has_table_links()) {
		EXPECT_EQ(-EINVAL, err);
		EXPECT_HAS("ops_link: cannot create map 'reno': Invalid argument (errno 22);"
			   " its kind needs Linux 6.4: this is ", ops_link__error(skel));
		EXPECT_TRUE(t_live_back_to(&before));
		ops_link__destroy(skel);
		return;
	}
	ASSERT_EQ(0, err)
		TH_LOG("%s", ops_link__error(skel));
	EXPECT_FIRES(ops_link, skel, ops_link__reno__attach(skel), connection_with("bpf_lskel"),
		     skel->bss->avoided);
	EXPECT_EQ(0, ops_link__attach(skel))
		TH_LOG("%s", ops_link__error(skel));
	EXPECT_TRUE(is_available("bpf_lskel"));
	EXPECT_TRUE(is_available("bpf_lskel_twin"));
	/* It is the link that keeps it. */
	close(skel->links.reno_fd);
	skel->links.reno_fd = -1;
	EXPECT_FALSE(is_available("bpf_lskel"));
	EXPECT_TRUE(is_available("bpf_lskel_twin"));
	ops_link__destroy(skel);
	EXPECT_FALSE(is_available("bpf_lskel_twin"));
	EXPECT_TRUE(t_live_back_to(&before));
}

/* The types of the kernel cannot be read. */
TEST(without_types)
{
	const struct {
		struct btf_header header;
		struct btf_type type;
		char strings[4];
	} types = {
		.header = { BTF_MAGIC, BTF_VERSION, 0, sizeof(struct btf_header),
			    0, sizeof(struct btf_type), sizeof(struct btf_type), 1 },
		.type.info = 31 << 24,
	};
	struct ops *skel = ops__open();
	int fd;

	ASSERT_NE(NULL, skel);
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", "/sys/kernel", "tmpfs", 0, NULL));
	EXPECT_EQ(-ENOENT, ops__load(skel));
	EXPECT_STREQ("ops: table 'reno': cannot read /sys/kernel/btf/vmlinux: No such file or"
		     " directory (errno 2)", ops__error(skel));
	/* Or there is one of a kind behind those that are known */
	ASSERT_EQ(0, mkdir("/sys/kernel/btf", 0700));
	fd = open("/sys/kernel/btf/vmlinux", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	EXPECT_EQ(sizeof(types), write(fd, &types, sizeof(types)));
	close(fd);
	EXPECT_EQ(-EOPNOTSUPP, ops__load(skel));
	EXPECT_STREQ("ops: table 'reno': the kernel's BTF has kinds of types that are not known here:"
		     " Operation not supported (errno 95)", ops__error(skel));
	ops__destroy(skel);
}

TEST_HARNESS_MAIN
