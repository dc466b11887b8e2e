// SPDX-License-Identifier: GPL-2.0-only
/* The kernel this runs on, and the rights of the calling thread. */
#include "t.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

int t_release(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname uts;

	if (uname(&uts) || sscanf(uts.release, "%u.%u", &major, &minor) != 2)
		return 0;
	return major * 100 + minor;
}

/* No 5.10 but ours has syscall programs; later ones have them natively */
bool t_kernel_is_ours(void)
{
	return t_release() == 510;
}

int t_caps_keep(__u64 mask)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ .effective = mask, .permitted = mask },
		{ .effective = mask >> 32, .permitted = mask >> 32 },
	};

	return syscall(__NR_capset, &header, data) ? -errno : 0;
}

int t_write(const char *path, const char *text)
{
	ssize_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, len) != len)
		err = -errno;
	close(fd);
	return err;
}

int t_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, text, size - 1);
	if (len >= 0)
		text[len] = '\0';
	else
		len = -errno;
	close(fd);
	return len;
}

int t_nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

/* The BPF objects lie beside the program that loads them */
static __attribute__((constructor)) void change_to_own_directory(void)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len <= 0)
		return;
	path[len] = '\0';
	*strrchr(path, '/') = '\0';
	if (chdir(path))
		perror(path);
}

/* 5.10 charges maps and programs to RLIMIT_MEMLOCK, which is not the topic */
static __attribute__((constructor)) void unlimit_memlock(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
}
