// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory that runs out, at each place where it can, and what is then told and left */
#include "skel_test.h"
#include "usdt.h"

static void *maybe_malloc(size_t size);
static void *maybe_calloc(size_t n, size_t size);
static void *maybe_realloc(void *old, size_t size);
#define malloc	maybe_malloc
#define calloc	maybe_calloc
#define realloc	maybe_realloc
#include "chosen.lskel.h"
#include "externs.lskel.h"
#include "functions.lskel.h"
#include "life.lskel.h"
#include "multi.lskel.h"
#include "ops.lskel.h"
#include "pinned.lskel.h"
#include "probes.lskel.h"
#include "replaced.lskel.h"
#include "replacement.lskel.h"
#include "rings.lskel.h"
#include "tables.lskel.h"
#include "usdt.lskel.h"
#undef malloc
#undef calloc
#undef realloc

/* How many times there is memory before there is none, once; -1: there always is */
static int before_failure = -1;

static bool has_memory(void)
{
	if (before_failure >= 0 && !before_failure--) {
		errno = ENOMEM;
		return false;
	}
	return true;
}

static void *maybe_malloc(size_t size)
{
	return has_memory() ? malloc(size) : NULL;
}

static void *maybe_calloc(size_t n, size_t size)
{
	return has_memory() ? calloc(n, size) : NULL;
}

static void *maybe_realloc(void *old, size_t size)
{
	return has_memory() ? realloc(old, size) : NULL;
}

/* @go, which gives back all that it gets, must need memory @times at least, of which
 * it can do without it @spare times
 */
static void each_time(struct __test_metadata *_metadata, int (*go)(void), int times, int spare)
{
	struct t_live before;
	int n, err, spared = 0;

	ASSERT_EQ(0, go())
		TH_LOG("%s", lskel_error(NULL));
	t_live_count(&before);
	for (n = 0; n < 200; n++) {
		lskel_failure_1.error[0] = 0;
		before_failure = n;
		err = go();
		if (before_failure >= 0)
			break;
		EXPECT_TRUE(t_live_back_to(&before))
			TH_LOG("after %d", n);
		if (!err) {
			spared++;
			continue;
		}
		EXPECT_EQ(-ENOMEM, err)
			TH_LOG("%d: %s", n, lskel_error(NULL));
		EXPECT_TRUE(strstr(lskel_error(NULL), ": out of memory") ||
			    strstr(lskel_error(NULL), ": Cannot allocate memory (errno 12)"))
			TH_LOG("%d: %s", n, lskel_error(NULL));
	}
	before_failure = -1;
	EXPECT_EQ(0, err);
	EXPECT_LE(times, n);
	EXPECT_GT(200, n);
	EXPECT_EQ(spare, spared);
}

/* What is done with a skeleton that is not loaded yet */
#define GO(name, steps)						\
static int name(void)						\
{								\
	struct name *skel = name##__open();			\
	int err = skel ? (steps) : -errno;			\
								\
	name##__destroy(skel);					\
	return err < 0 ? err : 0;				\
}

GO(life, life__load(skel) ?: life__attach(skel))

TEST(attach)
{
	each_time(_metadata, life, 7, 0);
}

GO(chosen, (skel->maps.unused.autocreate = false, chosen__load(skel)))

TEST(choice_of_maps)
{
	each_time(_metadata, chosen, 5, 0);
}

#define PINS	"/sys/fs/bpf/lskel_memory"

static struct replaced *replaced_skel;

GO(replacement, (replacement__other_answer__set_target(skel, replaced_skel->progs.question.prog_fd),
		 replacement__load(skel)))

TEST(target)
{
	replaced_skel = replaced__open_and_load();
	ASSERT_NE(NULL, replaced_skel);
	each_time(_metadata, replacement, 5, 0);
}

/* What was pinned before it failed is not any more */
static int pinned(void)
{
	struct pinned *skel = pinned__open();
	int err = -ENOMEM;

	if (skel) {
		skel->pin_dir = PINS;
		err = pinned__load(skel);
	}
	pinned__destroy(skel);
	if (err)
		return access(PINS, F_OK) ? err : -EEXIST;
	unlink(PINS "/kept");
	unlink(PINS "/also_kept");
	return rmdir(PINS);
}

TEST(pins)
{
	mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL);
	each_time(_metadata, pinned, 8, 0);
}

#define LINES	"CONFIG_BPF_SYSCALL=y\nCONFIG_HZ=123\nCONFIG_NET=m\nCONFIG_CC_VERSION_TEXT=\"\"\n" \
		"CONFIG_LSKEL_WEAK=0\nCONFIG_LSKEL_SHORT=0\n"

/* The kernel's types are not compared if there is no memory to read them. */
GO(externs, (skel->config = LINES, externs__load(skel)))

TEST(types)
{
	each_time(_metadata, externs, 6, 2);
}

static int ops(void)
{
	struct ops *skel = ops__open();
	int err = skel ? ops__load(skel) ?: ops__attach(skel) : -errno;

	ops__destroy(skel);
	return err;
}

TEST(tables)
{
	ASSERT_TRUE(own_network());
	each_time(_metadata, ops, 16, 0);
}

static struct usdt *usdt_skel;

__attribute__((noipa)) static void two_places(void)
{
	USDT("two", "0", "4@$21", "i" (0));
	USDT("two", "0", "4@$22", "i" (0));
}

static int attach_usdt(void)
{
	int fd = usdt__any__attach(usdt_skel, 0, "/proc/self/exe", "lskel", "two");

	usdt__detach(usdt_skel);
	return fd < 0 ? fd : 0;
}

TEST(usdt)
{
	two_places();
	usdt_skel = usdt__open_and_load();
	ASSERT_NE(NULL, usdt_skel);
	each_time(_metadata, attach_usdt, 13, 0);
	usdt__destroy(usdt_skel);
}

static struct probes *probes_skel;

__attribute__((noipa)) void probed_function(void)
{
	asm volatile("");
}

__attribute__((noipa)) void probed_two(void)
{
	asm volatile("");
}

static int attach_symbol(void)
{
	int fd = probes__user__attach(probes_skel);

	probes__detach(probes_skel);
	return fd < 0 ? fd : 0;
}

TEST(probes)
{
	probed_function();
	probes_skel = probes__open_and_load();
	ASSERT_NE(NULL, probes_skel);
	each_time(_metadata, attach_symbol, 6, 0);
	probes__destroy(probes_skel);
}

static struct multi *multi_skel;
static struct functions *functions_skel;

/* Not every kernel has such links; that is told when all is there that it takes. */
static bool tried(int fd)
{
	return fd >= 0 || fd == -EINVAL || fd == -EOPNOTSUPP;
}

static int attach_kernel(void)
{
	int fd = multi__calls__attach(multi_skel);

	multi__detach(multi_skel);
	return tried(fd) ? 0 : fd;
}

static int attach_file(void)
{
	int fd = functions__calls__attach(functions_skel);

	functions__detach(functions_skel);
	return tried(fd) ? 0 : fd;
}

TEST(many_functions)
{
	probed_two();
	multi_skel = multi__open_and_load();
	functions_skel = functions__open_and_load();
	ASSERT_NE(NULL, multi_skel);
	ASSERT_NE(NULL, functions_skel);
	each_time(_metadata, attach_kernel, 3, 0);
	each_time(_metadata, attach_file, 7, 0);
	multi__destroy(multi_skel);
	functions__destroy(functions_skel);
}

static struct rings *rings_skel;

static int ignore(void *ctx, const void *data, size_t size)
{
	(void)ctx, (void)data, (void)size;
	return 0;
}

static int rings(void)
{
	struct lskel_rings *set = lskel_rings_open();
	int err = set ? 0 : -errno;

	err = err ?: lskel_ringbuf_add(set, rings_skel->maps.one.map_fd, ignore, NULL);
	err = err ?: lskel_perfbuf_add(set, rings_skel->maps.events.map_fd, 1, ignore, NULL, NULL);
	lskel_rings_close(set);
	return err;
}

TEST(buffers)
{
	rings_skel = rings__open_and_load();
	ASSERT_NE(NULL, rings_skel);
	each_time(_metadata, rings, 4, 0);
	rings__destroy(rings_skel);
}

static struct lskel_mapops one_by_one, batches;

static int see(void *ctx, const void *key, const void *values)
{
	(void)ctx, (void)key, (void)values;
	return 0;
}

static int mapops(void)
{
	return lskel_map_each(&one_by_one, see, NULL) ?: lskel_map_each(&batches, see, NULL);
}

TEST(elements)
{
	struct tables *skel = tables__open_and_load();

	ASSERT_NE(NULL, skel);
	ASSERT_EQ(0, lskel_mapops_init(&one_by_one, skel->maps.with_holes.map_fd, 4, 4));
	ASSERT_EQ(0, lskel_mapops_init(&batches, skel->maps.many.map_fd, 4, 8));
	each_time(_metadata, mapops, 2, 0);
	tables__destroy(skel);
}

TEST_HARNESS_MAIN
