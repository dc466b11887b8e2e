// SPDX-License-Identifier: GPL-2.0-only
/* Access to the memory behind a bpfptr_t */
#include <linux/bpf.h>
#include <linux/bpfptr.h>
#include <linux/err.h>
#include <linux/overflow.h>
#include <linux/string.h>

/* The kernel side of memdup_bpfptr() */
void *memdup_kernel_nofault(const void *src, size_t len)
{
	void *p = kmalloc(len, GFP_USER | __GFP_NOWARN);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (len && copy_from_kernel_nofault(p, src, len)) {
		kfree(p);
		return ERR_PTR(-EFAULT);
	}
	return p;
}

/**
 * kvmemdup_bpfptr_array() - copy an array of any size
 * @src: the array
 * @n: number of elements
 * @size: size of an element in bytes
 *
 * Return: a copy that the caller frees with kvfree(), or ERR_PTR() of -ENOMEM,
 * also for a product that does not fit size_t, or -EFAULT, never NULL. A copy of
 * 0 bytes must not be dereferenced.
 */
void *kvmemdup_bpfptr_array(bpfptr_t src, size_t n, size_t size)
{
	size_t len = array_size(n, size);
	void *p = kvmalloc(len, GFP_USER | __GFP_NOWARN);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_bpfptr(p, src, len)) {
		kvfree(p);
		return ERR_PTR(-EFAULT);
	}
	return p;
}

/**
 * strncpy_from_bpfptr() - copy a string
 * @dst: where to
 * @src: the string
 * @count: size of @dst, at least 1
 *
 * @dst is terminated in every case: the first @count - 1 characters of a longer
 * string are taken, and none if it cannot be read.
 *
 * Return: length of the result without its NUL, or -EFAULT.
 */
long strncpy_from_bpfptr(char *dst, bpfptr_t src, size_t count)
{
	long len;

	if (bpfptr_is_kernel(src)) {
		/* counts the NUL, which it puts at dst[count - 1] if need be */
		len = strncpy_from_kernel_nofault(dst, src.kernel, count);
		if (len > 0)
			return len - 1;
	} else {
		len = strncpy_from_user(dst, src.user, count - 1);
		if (len >= 0) {
			dst[len] = '\0';
			return len;
		}
	}
	dst[0] = '\0';
	return -EFAULT;
}

/* As check_zeroed_user(): 1 if all bytes are 0, 0 if not, or -EFAULT */
static int check_zeroed_kernel(const void *from, size_t size)
{
	u8 chunk[64];
	size_t n;

	for (; size; from += n, size -= n) {
		n = min(size, sizeof(chunk));
		if (copy_from_kernel_nofault(chunk, from, n))
			return -EFAULT;
		if (memchr_inv(chunk, 0, n))
			return 0;
	}
	return 1;
}

/* bpfptr_check_tail_zero() of a record that has a tail; for user memory the rule
 * is bpf_check_uarg_tail_zero()'s.
 */
int __bpfptr_check_tail_zero(bpfptr_t ptr, size_t expected_size,
			     size_t actual_size)
{
	int res;

	if (!bpfptr_is_kernel(ptr))
		return bpf_check_uarg_tail_zero(ptr.user, expected_size,
						actual_size);

	if (unlikely(actual_size > PAGE_SIZE))
		return -E2BIG;

	res = check_zeroed_kernel(ptr.kernel + expected_size,
				  actual_size - expected_size);
	if (res < 0)
		return res;
	return res ? 0 : -E2BIG;
}

/**
 * bpfptr_write_back_u32() - tell the caller of bpf() a value in its attributes
 * @attr: the attributes
 * @offset: of the field, in bytes
 * @val: the value
 *
 * Attributes in kernel memory stay as they are: those of a program may lie in a
 * map that it can only read, and may end before the field.
 *
 * Return: 0 or -EFAULT.
 */
int bpfptr_write_back_u32(bpfptr_t attr, size_t offset, u32 val)
{
	if (bpfptr_is_kernel(attr))
		return 0;
	return put_user(val, (u32 __user *)(attr.user + offset));
}
