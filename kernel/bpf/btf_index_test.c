// SPDX-License-Identifier: GPL-2.0-only
/* The index of the kernel's BTF, compared with a linear search of it */
#include <kunit/test.h>

#include <linux/err.h>
#include <linux/timex.h>

#define SAMPLES		40

static void essential_names(struct kunit *test)
{
	static const struct {
		const char *name;
		u32 len;
	} names[] = {
		{ "", 0 }, { "a", 1 }, { "abcd", 4 }, { "task_struct", 11 },
		{ "a___b", 1 }, { "ab___b", 2 }, { "abc___b", 3 },
		{ "abcd___b", 4 }, { "a___bc", 1 }, { "a___bcd", 1 },
		{ "a___bcde", 1 }, { "_a___b_", 2 },
		/* the last one counts */
		{ "a___b___c", 5 }, { "a___b___c___", 5 }, { "a___b____c", 1 },
		{ "a___b__c_d", 1 }, { "a___b_____c", 1 },
		/* two or four are none, nor are those at an end */
		{ "a__b", 4 }, { "a____b", 6 }, { "a_____b", 7 },
		{ "a______b", 8 }, { "___", 3 }, { "___b", 4 }, { "a___", 4 },
		{ "a____", 5 }, { "____________", 12 }, { "b___a_______", 1 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		KUNIT_EXPECT_EQ_MSG(test, names[i].len,
				    core_essential_len(names[i].name,
						       strlen(names[i].name)),
				    "%s", names[i].name);
}

/* Every named type is found from its own name, in order, and no other is. */
static void all_types(struct kunit *test)
{
	const struct btf *btf = bpf_get_btf_vmlinux();
	u32 id, next, len, nr_named = 0, nr_wrong = 0;
	const struct btf_index *index;
	const char *name;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(btf));
	index = btf_get_index(btf);
	KUNIT_ASSERT_FALSE(test, !index);

	for (id = 1; id < btf_nr_types(btf); id++) {
		name = type_name(btf, id);
		if (!*name)
			continue;
		nr_named++;
		len = core_essential_len(name, strlen(name));
		next = 0;
		do
			next = next_in_index(index, btf, name, len, next);
		while (next && next < id);
		nr_wrong += next != id;
	}
	KUNIT_EXPECT_EQ(test, 0u, nr_wrong);
	KUNIT_EXPECT_EQ(test, nr_named, index->start[index->nr_buckets]);
}

/* What the index costs; it is the same each time. */
static void build_again(struct kunit *test)
{
	const struct btf *btf = bpf_get_btf_vmlinux();
	const struct btf_index *index;
	struct btf_index *again;
	cycles_t cycles;
	size_t size;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(btf));
	index = btf_get_index(btf);
	KUNIT_ASSERT_FALSE(test, !index);

	cycles = get_cycles();
	again = btf_index_build(btf);
	cycles = get_cycles() - cycles;
	KUNIT_ASSERT_FALSE(test, !again);

	size = struct_size(index, start, index->nr_buckets + 1 +
			   index->start[index->nr_buckets]);
	KUNIT_EXPECT_EQ(test, 0, memcmp(index, again, size));
	btf_index_free(again);
	kunit_info(test, "%u types, %u with a name: %zu bytes, %llu cycles\n",
		   btf_nr_types(btf), index->start[index->nr_buckets], size,
		   (u64)cycles);
}

static void same_as_linear_search(struct kunit *test)
{
	const struct btf *btf = bpf_get_btf_vmlinux();
	u32 id, found, expected, len, step;
	const char *name;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(btf));
	step = btf_nr_types(btf) / SAMPLES;
	for (id = 1; id < btf_nr_types(btf); id += step) {
		name = type_name(btf, id);
		if (!*name)
			continue;
		len = core_essential_len(name, strlen(name));
		expected = 0;
		do {
			found = btf_next_by_essential_name(btf, name, len,
							   expected);
			expected = next_linear(btf, name, len, expected);
			KUNIT_EXPECT_EQ_MSG(test, expected, found, "%s", name);
		} while (expected);
	}
	KUNIT_EXPECT_EQ(test, 0u, btf_next_by_essential_name(btf, "no such", 7, 0));
}

static struct kunit_case btf_index_test_cases[] = {
	KUNIT_CASE(essential_names),
	KUNIT_CASE(all_types),
	KUNIT_CASE(build_again),
	KUNIT_CASE(same_as_linear_search),
	{}
};

static struct kunit_suite btf_index_test_suite = {
	.name = "btf_index",
	.test_cases = btf_index_test_cases,
};

kunit_test_suite(btf_index_test_suite);
