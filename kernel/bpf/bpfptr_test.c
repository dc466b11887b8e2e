// SPDX-License-Identifier: GPL-2.0-only
/* Tests of bpfptr_t on kernel addresses. What it does to user memory is in every
 * call of bpf(2); what a program may hand it is not, so it is tried here.
 */
#include <kunit/test.h>
#include <linux/bpfptr.h>
#include <linux/limits.h>
#include <linux/vmalloc.h>

/* Addresses that are not readable kernel memory: NULL, its neighbour, one in
 * user space, a non-canonical one and the last byte of the address space.
 */
static void *const bad_addr[] = {
	NULL,
	(void *)1,
	(void *)0x10000,
	(void *)(1UL << (BITS_PER_LONG - 2)),
	(void *)ULONG_MAX,
};

/* Two pages of which only the first is mapped; returns its end */
static void *end_of_memory(struct kunit *test)
{
	char *page = vmalloc(PAGE_SIZE);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	memset(page, 'x', PAGE_SIZE);
	test->priv = page;
	return page + PAGE_SIZE;
}

static void bpfptr_test_exit(struct kunit *test)
{
	vfree(test->priv);
}

static void copy_from_kernel(struct kunit *test)
{
	char *end = end_of_memory(test);
	u64 src = 0x1122334455667788ULL, dst = 0;
	int i;

	KUNIT_EXPECT_EQ(test, 0, copy_from_bpfptr(&dst, KERNEL_BPFPTR(&src),
						  sizeof(dst)));
	KUNIT_EXPECT_EQ(test, src, dst);
	KUNIT_EXPECT_EQ(test, 0, copy_from_bpfptr_offset(&dst,
							 KERNEL_BPFPTR(end - 16),
							 8, 8));
	KUNIT_EXPECT_EQ(test, -EFAULT, copy_from_bpfptr_offset(&dst,
							       KERNEL_BPFPTR(end - 16),
							       9, 8));
	KUNIT_EXPECT_EQ(test, 0, copy_from_bpfptr(&dst, KERNEL_BPFPTR(NULL), 0));
	for (i = 0; i < ARRAY_SIZE(bad_addr); i++)
		KUNIT_EXPECT_EQ(test, -EFAULT,
				copy_from_bpfptr(&dst, KERNEL_BPFPTR(bad_addr[i]),
						 sizeof(dst)));
}

static void make_from_attribute(struct kunit *test)
{
	u64 addr = (unsigned long)test;

	KUNIT_EXPECT_PTR_EQ(test, (void *)test, make_bpfptr(addr, true).kernel);
	KUNIT_EXPECT_TRUE(test, bpfptr_is_kernel(make_bpfptr(addr, true)));
	KUNIT_EXPECT_FALSE(test, bpfptr_is_kernel(make_bpfptr(0x1000, false)));
	KUNIT_EXPECT_TRUE(test, bpfptr_is_null(make_bpfptr(0, true)));
	KUNIT_EXPECT_TRUE(test, bpfptr_is_null(make_bpfptr(0, false)));
	/* a 32-bit kernel must not cut it down to a valid address */
	KUNIT_EXPECT_EQ(test, !IS_ENABLED(CONFIG_64BIT),
			(int)bpfptr_is_null(make_bpfptr((1ULL << 32) + 0x1000, true)));
}

static void memdup_sizes(struct kunit *test)
{
	void *end = end_of_memory(test), *p;
	u32 src = 42;

	p = memdup_bpfptr(KERNEL_BPFPTR(&src), sizeof(src));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p);
	KUNIT_EXPECT_EQ(test, src, *(u32 *)p);
	kfree(p);
	p = kvmemdup_bpfptr_array(KERNEL_BPFPTR(&src), 2, sizeof(src) / 2);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p);
	KUNIT_EXPECT_EQ(test, src, *(u32 *)p);
	kvfree(p);

	/* of nothing: no error, nothing to look at, and free to be freed */
	p = kvmemdup_bpfptr_array(KERNEL_BPFPTR(NULL), 0, 4);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p);
	kvfree(p);
	p = memdup_bpfptr(KERNEL_BPFPTR(NULL), 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p);
	kfree(p);

	/* of too much: -ENOMEM before anything is read or wraps around */
	KUNIT_EXPECT_PTR_EQ(test, (void *)ERR_PTR(-ENOMEM),
			    memdup_bpfptr(KERNEL_BPFPTR(&src), SIZE_MAX));
	KUNIT_EXPECT_PTR_EQ(test, (void *)ERR_PTR(-ENOMEM),
			    kvmemdup_bpfptr_array(KERNEL_BPFPTR(&src),
						  SIZE_MAX / 4 + 2, 4));

	/* of what is not there */
	KUNIT_EXPECT_PTR_EQ(test, (void *)ERR_PTR(-EFAULT),
			    kvmemdup_bpfptr_array(KERNEL_BPFPTR(end - 1), 2, 1));
	KUNIT_EXPECT_PTR_EQ(test, (void *)ERR_PTR(-EFAULT),
			    memdup_bpfptr(KERNEL_BPFPTR(NULL), 1));
}

static void string_is_terminated(struct kunit *test)
{
	char buf[8], *end = end_of_memory(test), *dst = buf;
	int i;

	KUNIT_EXPECT_EQ(test, 3L, strncpy_from_bpfptr(dst, KERNEL_BPFPTR("GPL"),
						      sizeof(buf)));
	KUNIT_EXPECT_STREQ(test, (const char *)dst, "GPL");

	/* exactly the size, and longer: the last byte is the terminator's */
	KUNIT_EXPECT_EQ(test, 7L, strncpy_from_bpfptr(dst,
						      KERNEL_BPFPTR("12345678"),
						      sizeof(buf)));
	KUNIT_EXPECT_STREQ(test, (const char *)dst, "1234567");
	KUNIT_EXPECT_EQ(test, 7L, strncpy_from_bpfptr(dst,
						      KERNEL_BPFPTR(end - 8),
						      sizeof(buf)));
	KUNIT_EXPECT_EQ(test, (char)0, dst[7]);

	/* a string that runs into unmapped memory, and no string at all */
	KUNIT_EXPECT_EQ(test, (long)-EFAULT,
			strncpy_from_bpfptr(dst, KERNEL_BPFPTR(end - 3),
					    sizeof(buf)));
	KUNIT_EXPECT_STREQ(test, (const char *)dst, "");
	for (i = 0; i < ARRAY_SIZE(bad_addr); i++)
		KUNIT_EXPECT_EQ(test, (long)-EFAULT,
				strncpy_from_bpfptr(dst, KERNEL_BPFPTR(bad_addr[i]),
						    sizeof(buf)));
}

static void tail_must_be_zero(struct kunit *test)
{
	char *end = end_of_memory(test);
	u8 rec[256] = { [0 ... 7] = 0xff };
	int i;

	KUNIT_EXPECT_EQ(test, 0, bpfptr_check_tail_zero(KERNEL_BPFPTR(rec), 8,
							sizeof(rec)));
	KUNIT_EXPECT_EQ(test, -E2BIG, bpfptr_check_tail_zero(KERNEL_BPFPTR(rec),
							     7, sizeof(rec)));
	for (i = 8; i < sizeof(rec); i++) {
		rec[i] = 1;
		KUNIT_EXPECT_EQ(test, -E2BIG,
				bpfptr_check_tail_zero(KERNEL_BPFPTR(rec), 8,
						       sizeof(rec)));
		rec[i] = 0;
	}

	/* no tail, or a silly one: nothing is read */
	KUNIT_EXPECT_EQ(test, 0, bpfptr_check_tail_zero(KERNEL_BPFPTR(NULL), 8, 8));
	KUNIT_EXPECT_EQ(test, -E2BIG, bpfptr_check_tail_zero(KERNEL_BPFPTR(NULL),
							     8, PAGE_SIZE + 1));

	/* an address that a plain scan would fault on */
	for (i = 0; i < ARRAY_SIZE(bad_addr); i++)
		KUNIT_EXPECT_EQ(test, -EFAULT,
				bpfptr_check_tail_zero(KERNEL_BPFPTR(bad_addr[i]),
						       0, 8));
	KUNIT_EXPECT_EQ(test, -EFAULT,
			bpfptr_check_tail_zero(KERNEL_BPFPTR(end - 8), 8, 16));
}

static void attributes_stay_as_they_are(struct kunit *test)
{
	u32 attr[2] = { 1, 2 };

	KUNIT_EXPECT_EQ(test, 0, bpfptr_write_back_u32(KERNEL_BPFPTR(attr), 4, 3));
	KUNIT_EXPECT_EQ(test, 2u, attr[1]);
}

static struct kunit_case bpfptr_test_cases[] = {
	KUNIT_CASE(copy_from_kernel),
	KUNIT_CASE(make_from_attribute),
	KUNIT_CASE(memdup_sizes),
	KUNIT_CASE(string_is_terminated),
	KUNIT_CASE(tail_must_be_zero),
	KUNIT_CASE(attributes_stay_as_they_are),
	{}
};

static struct kunit_suite bpfptr_test_suite = {
	.name = "bpfptr",
	.exit = bpfptr_test_exit,
	.test_cases = bpfptr_test_cases,
};

kunit_test_suite(bpfptr_test_suite);
