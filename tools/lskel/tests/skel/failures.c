// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Failures that a kernel hardly makes: here the C library makes them. */
#include <linux/perf_event.h>
#include <sys/epoll.h>

#include "refuse.h"
#include "usdt.h"

static void *maybe_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset);
static int maybe_ioctl(int fd, unsigned long request, ...);
static int maybe_socket(int domain, int type, int protocol);
static ssize_t maybe_read(int fd, void *buf, size_t size);
static int maybe_fcntl(int fd, int command, ...);
static ssize_t maybe_sendmsg(int fd, const struct msghdr *message, int flags);
#define mmap	maybe_mmap
#define ioctl	maybe_ioctl
#define socket	maybe_socket
#define read	maybe_read
#define fcntl	maybe_fcntl
#define sendmsg	maybe_sendmsg
#include "chosen.lskel.h"
#include "life.lskel.h"
#include "module.lskel.h"
#include "modsyms.lskel.h"
#include "net.lskel.h"
#include "ops.lskel.h"
#include "perf.lskel.h"
#include "pinned.lskel.h"
#include "rings.lskel.h"
#include "tables.lskel.h"
#include "usdt.lskel.h"
#include "walk.lskel.h"
#undef syscall
#undef mmap
#undef ioctl
#undef socket
#undef read
#undef fcntl
#undef sendmsg

/* What fails, and how. Each test is a process of its own, and begins with nothing. */
static struct fails {
	int bpf, error;
	int calls;		/* of bpf() before the one that fails */
	unsigned long ioctl;
	bool mmap, socket, read, fcntl, sendmsg;
} fails = { .bpf = -1 };

static void all_is_well(void)
{
	fails = (struct fails){ .bpf = -1 };
}

static int failure(int error)
{
	errno = error;
	return -1;
}

static int refused(int cmd, const void *attr)
{
	(void)attr;
	return cmd == fails.bpf && !(fails.calls && fails.calls--) ? fails.error : 0;
}

static void *maybe_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
{
	if (!fails.mmap)
		return mmap(addr, size, prot, flags, fd, offset);
	errno = ENOMEM;
	return MAP_FAILED;
}

static int maybe_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	long arg;

	va_start(args, request);
	arg = va_arg(args, long);
	va_end(args);
	return request == fails.ioctl ? failure(EEXIST) : ioctl(fd, request, arg);
}

static int maybe_socket(int domain, int type, int protocol)
{
	return fails.socket ? failure(ENFILE) : socket(domain, type, protocol);
}

static ssize_t maybe_read(int fd, void *buf, size_t size)
{
	return fails.read ? failure(EIO) : read(fd, buf, size);
}

static int maybe_fcntl(int fd, int command, ...)
{
	va_list args;
	long arg;

	va_start(args, command);
	arg = va_arg(args, long);
	va_end(args);
	return fails.fcntl ? failure(EMFILE) : fcntl(fd, command, arg);
}

static ssize_t maybe_sendmsg(int fd, const struct msghdr *message, int flags)
{
	return fails.sendmsg ? failure(ETOOMANYREFS) : sendmsg(fd, message, flags);
}

static void load_fails(struct __test_metadata *_metadata, int command, int error, const char *sentence)
{
	struct life *skel;
	struct t_live before;

	t_live_count(&before);
	skel = life__open();
	ASSERT_NE(NULL, skel);
	fails.bpf = command;
	fails.error = error;
	EXPECT_EQ(-error, life__load(skel));
	EXPECT_EQ(error, errno);
	EXPECT_STREQ(sentence, life__error(skel));
	EXPECT_STREQ(sentence, life__error(NULL));
	all_is_well();
	EXPECT_EQ(0, life__load(skel));
	life__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST(no_map)
{
	load_fails(_metadata, BPF_MAP_CREATE, ENOSPC,
		   "life: cannot create the loader's map: No space left on device (errno 28)");
}

TEST(no_run)
{
	load_fails(_metadata, BPF_PROG_TEST_RUN, EBUSY,
		   "life: cannot run the loader: Device or resource busy (errno 16)");
}

/* What a kernel says that does not know their type, or not all of the attributes */
TEST(no_syscall_programs)
{
	static const int errors[] = { EINVAL, E2BIG };
	char sentence[256];
	size_t i;

	for (i = 0; i < T_ARRAY_SIZE(errors); i++) {
		snprintf(sentence, sizeof(sentence), "life: cannot load the loader: %s (errno %d);"
			 " BPF syscall programs need Linux 5.14, or 5.10 with the series: this is 5.10",
			 strerror(errors[i]), errors[i]);
		/* Others have them */
		if (t_release() >= 514)
			*strchr(sentence, ';') = 0;
		load_fails(_metadata, BPF_PROG_LOAD, errors[i], sentence);
	}
}

TEST(loader_map_is_not_mapped)
{
	struct life *skel = life__open();

	ASSERT_NE(NULL, skel);
	fails.mmap = true;
	EXPECT_EQ(-ENOMEM, life__load(skel));
	EXPECT_STREQ("life: cannot map the loader's map: Cannot allocate memory (errno 12)",
		     life__error(skel));
	life__destroy(skel);
}

#define PINS	"/sys/fs/bpf/lskel_failures"

TEST(pins)
{
	struct pinned *one = pinned__open(), *two = pinned__open();

	mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL);
	ASSERT_NE(NULL, one);
	ASSERT_NE(NULL, two);
	one->pin_dir = two->pin_dir = PINS;
	fails.error = EACCES;
	fails.bpf = BPF_OBJ_GET;
	EXPECT_EQ(-EACCES, pinned__load(one));
	EXPECT_STREQ("pinned: cannot open " PINS "/kept, where map 'kept' is pinned: Permission denied"
		     " (errno 13)", pinned__error(one));
	all_is_well();
	ASSERT_EQ(0, pinned__load(one));
	fails.bpf = BPF_OBJ_GET_INFO_BY_FD;
	fails.error = EACCES;
	EXPECT_EQ(-EACCES, pinned__load(two));
	EXPECT_STREQ("pinned: cannot learn what " PINS "/kept is: Permission denied (errno 13)",
		     pinned__error(two));
	pinned__destroy(one);
	pinned__destroy(two);
	unlink(PINS "/kept");
	unlink(PINS "/also_kept");
	EXPECT_EQ(0, rmdir(PINS));
}

TEST(map_of_the_user)
{
	struct chosen *one, *two;
	char sentence[100];

	one = chosen__open_and_load();
	two = chosen__open();
	ASSERT_NE(NULL, one);
	ASSERT_NE(NULL, two);
	two->maps.shared.map_fd = one->maps.shared.map_fd;
	fails.fcntl = true;
	EXPECT_EQ(-EMFILE, chosen__load(two));
	snprintf(sentence, sizeof(sentence), "chosen: descriptor %d cannot be map 'shared': Too many open"
		 " files (errno 24)", one->maps.shared.map_fd);
	EXPECT_STREQ(sentence, chosen__error(two));
	all_is_well();
	EXPECT_EQ(0, chosen__load(two));
	chosen__destroy(one);
	chosen__destroy(two);
}

TEST(tables)
{
	struct t_live before, loaded;
	struct ops *skel;

	ASSERT_TRUE(own_network());
	t_live_count(&before);
	skel = ops__open();
	ASSERT_NE(NULL, skel);
	fails.fcntl = true;
	EXPECT_EQ(-EMFILE, ops__load(skel));
	EXPECT_STREQ("ops: table 'reno': cannot keep its BTF: Too many open files (errno 24)",
		     ops__error(skel));
	EXPECT_TRUE(t_live_back_to(&before));
	all_is_well();
	ASSERT_EQ(0, ops__load(skel));
	t_live_count(&loaded);
	fails.fcntl = true;
	EXPECT_EQ(-EMFILE, ops__reno__attach(skel));
	EXPECT_HAS("cannot attach table 'reno' (SEC(\".struct_ops\")): descriptor ", ops__error(skel));
	EXPECT_HAS(": Too many open files (errno 24)", ops__error(skel));
	all_is_well();
	/* It was registered, and is not any more; a map is registered once */
	fails.bpf = BPF_MAP_CREATE;
	fails.error = ENOSPC;
	EXPECT_EQ(-ENOSPC, ops__reno__attach(skel));
	EXPECT_HAS("MAP_CREATE: No space left on device (errno 28)", ops__error(skel));
	all_is_well();
	EXPECT_LE(0, ops__reno__attach(skel))
		TH_LOG("%s", ops__error(skel));
	ops__detach(skel);
	EXPECT_TRUE(t_live_back_to(&loaded));
	ops__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

/* As in a kernel whose types come from what it was built without: the table is of a
 * type that it takes no programs for
 */
TEST(table_of_no_use)
{
	struct lskel_layout layouts[2];
	struct ops *skel, *other;
	int i;

	skel = ops__open_and_load();
	other = ops__open();
	ASSERT_NE(NULL, skel);
	ASSERT_NE(NULL, other);
	for (i = 0; i < 2; i++) {
		layouts[i] = *skel->lskel.tables[i].layout;
		layouts[i].value_type = layouts[i].type;
	}
	other->lskel.layouts = layouts;
	EXPECT_EQ(-524, ops__load(other));
	EXPECT_STREQ("ops: cannot create map 'reno': Unknown error 524 (errno 524); the kernel has the types"
		     " of this table, but takes none", ops__error(other));
	ops__destroy(skel);
	ops__destroy(other);
}

__attribute__((noipa)) static void two_places(void)
{
	USDT("two", "0", "4@$21", "i" (0));
	USDT("two", "0", "4@$22", "i" (0));
}

static int attach_two(struct usdt *skel)
{
	return usdt__any__attach(skel, 0, "/proc/self/exe", "lskel", "two");
}

TEST(static_probes)
{
	struct t_live before;
	struct usdt *skel;

	skel = usdt__open();
	ASSERT_NE(NULL, skel);
	skel->bss->pid = getpid();
	/* It finds its arguments by their addresses */
	skel->config = "LINUX_HAS_BPF_COOKIE=n\n";
	ASSERT_EQ(0, usdt__load(skel));
	t_live_count(&before);
	fails.bpf = BPF_MAP_UPDATE_ELEM;
	fails.error = EPERM;
	EXPECT_EQ(-EPERM, attach_two(skel));
	EXPECT_HAS("map '__bpf_usdt_specs': Operation not permitted (errno 1)", usdt__error(skel));
	fails.calls = 2;
	EXPECT_EQ(-EPERM, attach_two(skel));
	EXPECT_HAS("addresses in /proc/self/exe: Operation not permitted (errno 1)", usdt__error(skel));
	all_is_well();
	fails.sendmsg = true;
	EXPECT_EQ(-ETOOMANYREFS, attach_two(skel));
	EXPECT_HAS("a socket to keep 2 probes: Too many references", usdt__error(skel));
	EXPECT_TRUE(t_live_back_to(&before));
	two_places();
	EXPECT_EQ(0, skel->bss->args_hits);
	all_is_well();
	EXPECT_LE(0, attach_two(skel));
	two_places();
	EXPECT_EQ(2, skel->bss->args_hits);
	usdt__destroy(skel);
}

TEST(elements)
{
	struct lskel_mapops map;
	struct tables *skel;
	__u64 value = 1;
	__u32 key = 1;

	skel = tables__open_and_load();
	ASSERT_NE(NULL, skel);
	ASSERT_EQ(0, lskel_mapops_init(&map, skel->maps.many.map_fd, sizeof(key), sizeof(value)));
	ASSERT_EQ(0, lskel_map_update(&map, &key, &value, BPF_ANY));
	fails.error = EFAULT;
	fails.bpf = BPF_MAP_LOOKUP_ELEM;
	EXPECT_EQ(-EFAULT, lskel_map_lookup(&map, &key, &value));
	EXPECT_STREQ("cannot look up in map 'many': Bad address (errno 14)", tables__error(NULL));
	fails.bpf = BPF_MAP_DELETE_ELEM;
	EXPECT_EQ(-EFAULT, lskel_map_delete(&map, &key));
	EXPECT_STREQ("cannot delete from map 'many': Bad address (errno 14)", tables__error(NULL));
	fails.bpf = BPF_MAP_LOOKUP_AND_DELETE_BATCH;
	EXPECT_EQ(-EFAULT, lskel_map_drain(&map, NULL, NULL));
	EXPECT_STREQ("cannot drain map 'many': Bad address (errno 14)", tables__error(NULL));
	all_is_well();
	EXPECT_EQ(0, lskel_map_delete(&map, &key));
	tables__destroy(skel);
}

TEST(module)
{
	struct module *skel;

	if (t_release() < 511)
		SKIP(return, "this kernel knows no types of modules");
	skel = module__open();
	ASSERT_NE(NULL, skel);
	fails.bpf = BPF_OBJ_GET_INFO_BY_FD;
	fails.error = EACCES;
	EXPECT_EQ(-EACCES, module__load(skel));
	EXPECT_STREQ("module: cannot learn whose function '9p:v9fs_file_open' is: Permission denied"
		     " (errno 13)", module__error(skel));
	module__destroy(skel);
}

/* Its type is not compared then */
TEST(types_of_a_module)
{
	struct modsyms *skel;

	all_is_well();
	if (system("modprobe -q x_tables") || access("/sys/kernel/btf/x_tables", F_OK))
		SKIP(return, "this kernel has no module x_tables with types");
	skel = modsyms__open();
	ASSERT_NE(NULL, skel);
	skel->progs.variables.autoload = false;
	skel->progs.other_type.autoload = true;
	EXPECT_EQ(-EINVAL, modsyms__load(skel));
	fails.bpf = BPF_OBJ_GET_INFO_BY_FD;
	fails.error = EACCES;
	EXPECT_EQ(0, modsyms__load(skel))
		TH_LOG("%s", modsyms__error(skel));
	modsyms__destroy(skel);
}

TEST(perf_events)
{
	struct perf *skel = perf__open_and_load();

	ASSERT_NE(NULL, skel);
	fails.ioctl = PERF_EVENT_IOC_ENABLE;
	EXPECT_EQ(-EEXIST, perf__trace__attach(skel));
	EXPECT_HAS("PERF_EVENT_IOC_ENABLE: File exists (errno 17)", perf__error(skel));
	ASSERT_TRUE(without_links());
	fails.ioctl = PERF_EVENT_IOC_SET_BPF;
	EXPECT_EQ(-EEXIST, perf__trace__attach(skel));
	EXPECT_HAS("PERF_EVENT_IOC_SET_BPF: File exists (errno 17)", perf__error(skel));
	all_is_well();
	EXPECT_LE(0, perf__trace__attach(skel));
	perf__destroy(skel);
}

TEST(links)
{
	struct perf *perf = perf__open_and_load();
	struct walk *walk = walk__open_and_load();
	struct net *net = net__open_and_load();

	ASSERT_NE(NULL, perf);
	ASSERT_NE(NULL, walk);
	ASSERT_NE(NULL, net);
	fails.bpf = BPF_LINK_CREATE;
	fails.error = EMFILE;
	EXPECT_EQ(-EMFILE, walk__walk_tasks__attach(walk));
	EXPECT_HAS("LINK_CREATE: Too many open files", walk__error(walk));
	EXPECT_EQ(-EMFILE, net__receive__attach(net, 1));
	EXPECT_HAS("LINK_CREATE: Too many open files", net__error(net));
	EXPECT_EQ(-EMFILE, net__lookup__attach(net, 0));
	EXPECT_HAS("LINK_CREATE: Too many open files", net__error(net));
	EXPECT_EQ(-EMFILE, net__egress__attach(net, 0));
	EXPECT_HAS("LINK_CREATE: Too many open files", net__error(net));
	/* The first call asks whether there are links, and -EBADF says so */
	fails.error = EBADF;
	EXPECT_EQ(-EBADF, perf__trace__attach(perf));
	EXPECT_HAS("LINK_CREATE: Bad file descriptor", perf__error(perf));
	perf__destroy(perf);
	walk__destroy(walk);
	net__destroy(net);
}

TEST(netlink)
{
	struct net *skel = net__open_and_load();

	ASSERT_NE(NULL, skel);
	fails.socket = true;
	EXPECT_EQ(-ENFILE, net__classify__attach(skel, 1, LSKEL_INGRESS));
	EXPECT_HAS("a netlink socket: Too many open files in system (errno 23)", net__error(skel));
	ASSERT_TRUE(without_links());
	EXPECT_EQ(-ENFILE, net__receive__attach(skel, 1));
	EXPECT_HAS("a netlink socket: Too many open files in system (errno 23)", net__error(skel));
	net__destroy(skel);
}

static int ignore(void *ctx, const void *data, size_t size)
{
	(void)ctx, (void)data, (void)size;
	return 0;
}

TEST(set_of_rings)
{
	const __u32 length = 0x3fffffff;
	__u64 produced = 4096, consumed = 0;
	struct rlimit limit, none;
	struct lskel_rings *rings;
	struct lskel_ring ring = {
		.produced = &produced, .consumed = &consumed, .data = (const char *)&length,
		.size = 4096, .record = ignore,
	};

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	none = limit;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	EXPECT_EQ(NULL, lskel_rings_open());
	setrlimit(RLIMIT_NOFILE, &limit);
	EXPECT_STREQ("cannot make a set of rings: Too many open files (errno 24)", rings__error(NULL));
	/* Longer than what was produced */
	EXPECT_EQ(-EIO, lskel_ringbuf_read(&ring));
	EXPECT_STREQ("there are no records where the kernel says so: Input/output error (errno 5)",
		     rings__error(NULL));
	rings = lskel_rings_open();
	ASSERT_NE(NULL, rings);
	ASSERT_EQ(0, close(rings->epoll_fd));
	EXPECT_EQ(-EBADF, lskel_rings_poll(rings, 0));
	EXPECT_STREQ("cannot wait for records: Bad file descriptor (errno 9)", rings__error(NULL));
	lskel_rings_close(rings);
}

TEST(iterator)
{
	struct walk *skel = walk__open_and_load();

	ASSERT_NE(NULL, skel);
	ASSERT_LE(0, walk__walk_tasks__attach(skel));
	fails.read = true;
	EXPECT_EQ(-EIO, lskel_iter_read(skel->links.walk_tasks_fd, ignore, NULL));
	EXPECT_STREQ("cannot read an iterator: Input/output error (errno 5)", walk__error(NULL));
	walk__destroy(skel);
}

TEST_HARNESS_MAIN
