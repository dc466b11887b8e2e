// SPDX-License-Identifier: GPL-2.0-only
/* Two light skeletons on the same functions, one of which goes and returns. */
#include "lifecycle.h"
#include "fentry_test.lskel.h"
#include "fexit_test.lskel.h"

static void fire(struct fentry_test *entry, struct fexit_test *exit)
{
	memset(entry->bss, 0, sizeof(*entry->bss));
	memset(exit->bss, 0, sizeof(*exit->bss));
	run_fentry_tests(entry->progs.test1.prog_fd);
}

TEST(fentry_fexit)
{
	struct fentry_test *entry;
	struct fexit_test *exit;
	struct t_live before;

	t_live_count(&before);
	entry = fentry_test__open_and_load();
	ASSERT_NE(NULL, entry);
	exit = fexit_test__open_and_load();
	ASSERT_NE(NULL, exit);

	ASSERT_EQ(0, fentry_test__attach(entry));
	ASSERT_EQ(0, fexit_test__attach(exit));
	fire(entry, exit);
	EXPECT_EQ(8, nr_fentry_tests(entry->bss));
	EXPECT_EQ(8, nr_fentry_tests(exit->bss));

	fentry_test__detach(entry);
	forget_links(entry);
	fire(entry, exit);
	EXPECT_EQ(0, nr_fentry_tests(entry->bss));
	EXPECT_EQ(8, nr_fentry_tests(exit->bss));

	ASSERT_EQ(0, fentry_test__attach(entry));
	fire(entry, exit);
	EXPECT_EQ(8, nr_fentry_tests(entry->bss));
	EXPECT_EQ(8, nr_fentry_tests(exit->bss));

	fexit_test__destroy(exit);
	fire(entry, &(struct fexit_test) { .bss = &(struct fexit_test__bss) {} });
	EXPECT_EQ(8, nr_fentry_tests(entry->bss));
	fentry_test__destroy(entry);
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST_HARNESS_MAIN
