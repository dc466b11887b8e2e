/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BPFPTR_H
#define _LINUX_BPFPTR_H

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

/* A pointer in the attributes of a bpf() command: into user memory when the
 * command came through bpf(2), into kernel memory when a syscall program
 * issued it. One type lets one handler serve both.
 *
 * A kernel address is a number that the program chose. It is never
 * dereferenced: every access goes through the fault-tolerant copy routines,
 * and an address that is unmapped or belongs to user space gives -EFAULT.
 * What the program can read this way it can read with bpf_probe_read_kernel()
 * as well, and both need the same capability.
 *
 * All sizes are in bytes.
 */
typedef struct {
	union {
		void		*kernel;
		void __user	*user;
	};
	bool is_kernel;
} bpfptr_t;

/* Constant false, and the kernel side of every handler gone, without syscall
 * programs.
 */
static inline bool bpfptr_is_kernel(bpfptr_t ptr)
{
	return IS_ENABLED(CONFIG_BPF_SYSCALL_PROG) && ptr.is_kernel;
}

static inline bpfptr_t KERNEL_BPFPTR(void *p)
{
	return (bpfptr_t) { .kernel = p, .is_kernel = true };
}

static inline bpfptr_t USER_BPFPTR(void __user *p)
{
	return (bpfptr_t) { .user = p };
}

/* The pointer held by the 64-bit attribute @addr. On a 32-bit kernel no kernel
 * address has a bit in the upper half; such a value becomes NULL, which faults
 * like any other bad address, rather than losing those bits.
 */
static inline bpfptr_t make_bpfptr(u64 addr, bool is_kernel)
{
	if (!is_kernel)
		return USER_BPFPTR(u64_to_user_ptr(addr));
	if (addr != (unsigned long)addr)
		addr = 0;
	return KERNEL_BPFPTR((void *)(unsigned long)addr);
}

static inline bool bpfptr_is_null(bpfptr_t ptr)
{
	return !ptr.kernel;
}

static inline void bpfptr_add(bpfptr_t *ptr, size_t offset)
{
	ptr->kernel += offset;
}

/* Copy @size bytes from @src + @offset. Returns 0 or -EFAULT. As copy_from_user()
 * it looks at no address if @size is 0.
 */
static inline int copy_from_bpfptr_offset(void *dst, bpfptr_t src,
					  size_t offset, size_t size)
{
	if (bpfptr_is_kernel(src))
		return size && copy_from_kernel_nofault(dst, src.kernel + offset,
							size) ? -EFAULT : 0;
	return copy_from_user(dst, src.user + offset, size) ? -EFAULT : 0;
}

static inline int copy_from_bpfptr(void *dst, bpfptr_t src, size_t size)
{
	return copy_from_bpfptr_offset(dst, src, 0, size);
}

void *memdup_kernel_nofault(const void *src, size_t len);
void *kvmemdup_bpfptr_array(bpfptr_t src, size_t n, size_t size);
long strncpy_from_bpfptr(char *dst, bpfptr_t src, size_t count);
int __bpfptr_check_tail_zero(bpfptr_t ptr, size_t expected_size,
			     size_t actual_size);
int bpfptr_write_back_u32(bpfptr_t attr, size_t offset, u32 val);

/* Tell the caller of bpf() a value in the u32 @field of its attributes */
#define bpfptr_write_back(attr, field, val) \
	bpfptr_write_back_u32(attr, offsetof(union bpf_attr, field), val)

/* Copy the @len bytes at @src to physically contiguous memory. Returns what the
 * caller frees with kfree(), or ERR_PTR() of -ENOMEM or -EFAULT, never NULL. A
 * copy of 0 bytes must not be dereferenced.
 */
static inline void *memdup_bpfptr(bpfptr_t src, size_t len)
{
	if (bpfptr_is_kernel(src))
		return memdup_kernel_nofault(src.kernel, len);
	return memdup_user(src.user, len);
}

/* Is the record at @ptr, of @actual_size bytes, compatible with a smaller one?
 * Returns 0 if all bytes behind the @expected_size that this kernel knows are
 * zero, -E2BIG if not or if the record is larger than a page, or -EFAULT.
 */
static inline int bpfptr_check_tail_zero(bpfptr_t ptr, size_t expected_size,
					 size_t actual_size)
{
	if (actual_size <= expected_size)
		return 0;
	return __bpfptr_check_tail_zero(ptr, expected_size, actual_size);
}

#endif /* _LINUX_BPFPTR_H */
