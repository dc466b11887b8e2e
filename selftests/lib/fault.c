// SPDX-License-Identifier: GPL-2.0-only
/* A page served by userfaultfd: who touches it sleeps until the test says go. */
#include "t.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#define PAGE	4096

int t_fault_open(struct t_fault *f)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int err;

	f->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (f->page == MAP_FAILED)
		return -errno;
	f->uffd = syscall(__NR_userfaultfd, O_CLOEXEC);
	reg.range.start = t_ptr(f->page);
	reg.range.len = PAGE;
	if (f->uffd >= 0 && !ioctl(f->uffd, UFFDIO_API, &api) &&
	    !ioctl(f->uffd, UFFDIO_REGISTER, &reg))
		return 0;
	err = -errno;
	t_fault_close(f);
	return err;
}

int t_fault_wait(struct t_fault *f)
{
	struct pollfd pfd = { .fd = f->uffd, .events = POLLIN };
	struct uffd_msg msg;

	if (poll(&pfd, 1, 20000) != 1)
		return -ETIMEDOUT;
	if (read(f->uffd, &msg, sizeof(msg)) != sizeof(msg))
		return -EIO;
	return msg.event == UFFD_EVENT_PAGEFAULT ? 0 : -EPROTO;
}

int t_fault_resolve(struct t_fault *f, __u8 byte)
{
	static __u8 source[PAGE];
	struct uffdio_copy copy = {
		.dst = t_ptr(f->page), .src = t_ptr(source), .len = PAGE,
	};

	memset(source, byte, PAGE);
	return ioctl(f->uffd, UFFDIO_COPY, &copy) ? -errno : 0;
}

void t_fault_close(struct t_fault *f)
{
	if (f->uffd >= 0)
		close(f->uffd);
	munmap(f->page, PAGE);
}
