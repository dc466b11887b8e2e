// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A skeleton that was made for certain kernels, of which none exists. The one that
 * runs says that it is one of them.
 */
#include <stdio.h>
#include <sys/utsname.h>

#include "skel_test.h"

static const char *release = "";

static int test_uname(struct utsname *uts)
{
	memset(uts, 0, sizeof(*uts));
	strncpy(uts->release, release, sizeof(uts->release) - 1);
	return 0;
}

/* A note of something else, and the build id 600dc0ffee */
static FILE *test_fopen(const char *path, const char *mode)
{
	static __u32 notes[] = { 4, 6, 3, 0x6e6558, 1, 2, 4, 5, 3, 0x554e47, 0xffc00d60, 0xee };

	if (!strcmp(path, "/sys/kernel/notes") && !strcmp(release, "build id"))
		return fmemopen(notes, sizeof(notes), mode);
	return fopen(path, mode);
}

#define uname test_uname
#define fopen test_fopen
#include "moved.lskel.h"
#undef uname
#undef fopen

/* What the program returns on a kernel */
static __s64 digits(const char *kernel)
{
	struct moved *skel = moved__open();
	__s64 ret = -1;

	release = kernel;
	if (skel && !moved__load(skel))
		ret = moved__digits__run(skel, NULL, 0);
	if (ret >= 0 && skel->bss->runs != 1)
		ret = -2;
	moved__destroy(skel);
	return ret;
}

TEST(kernels)
{
	EXPECT_EQ(851, digits("old"))
		TH_LOG("%s\n%s", moved__error(NULL), moved__log(NULL));
	EXPECT_EQ(3270, digits("new"));
	EXPECT_EQ(851, digits("same as old"));
	EXPECT_EQ(3270, digits("build id"));
	/* What two of them have in common is there once */
	EXPECT_EQ(4, moved__object.kernels->n);
	EXPECT_EQ(2, sizeof(moved__patches) / sizeof(moved__patches[0]));
}

TEST(build_id)
{
	char id[130];

	lskel_build_id(id, sizeof(id));
	EXPECT_EQ(40, strlen(id))
		TH_LOG("%s", id);
}

TEST(gone)
{
	struct t_live before;
	struct moved *skel;

	t_live_count(&before);
	release = "old";
	skel = moved__open();
	ASSERT_NE(NULL, skel);
	skel->progs.gone.autoload = true;
	ASSERT_EQ(0, moved__load(skel))
		TH_LOG("%s", moved__error(skel));
	EXPECT_EQ(16, moved__gone__run(skel, NULL, 0));
	moved__destroy(skel);

	release = "new";
	skel = moved__open();
	ASSERT_NE(NULL, skel);
	skel->progs.gone.autoload = true;
	EXPECT_EQ(-EINVAL, moved__load(skel));
	EXPECT_HAS("cannot load program 'gone': Invalid argument (errno 22): ", moved__error(skel));
	EXPECT_HAS("; this kernel has nothing that fits instruction 0: byte_off of ", moved__error(skel));
	EXPECT_HAS("struct lskel_moved___mine.gone (0:2)", moved__error(skel));
	moved__destroy(skel);
	EXPECT_TRUE(t_live_back_to(&before));
}

/* Whether it has CO-RE or not, nothing there is called so */
TEST(another_kernel)
{
	struct moved *skel = moved__open();
	int err;

	ASSERT_NE(NULL, skel);
	release = "another";
	err = moved__load(skel);
	EXPECT_TRUE(err == -EINVAL || err == -E2BIG);
	EXPECT_HAS("'digits'", moved__error(skel));
	EXPECT_HAS("; it was made for old, new, same as old, 600dc0ffee",
		   moved__error(skel));
	moved__destroy(skel);
}

TEST_HARNESS_MAIN
