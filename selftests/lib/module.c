// SPDX-License-Identifier: GPL-2.0-only
/* btf_module_test.ko, which the kernel's build leaves, in many forms. */
#include "t.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define FILE_NAME	T_MODULE ".ko"
#define NAME_MAX_SIZE	56	/* in struct module, with the 0 */

static Elf64_Shdr *section(char *image, const char *name)
{
	Elf64_Ehdr *ehdr = (Elf64_Ehdr *)image;
	Elf64_Shdr *shdr = (Elf64_Shdr *)(image + ehdr->e_shoff);
	const char *names = image + shdr[ehdr->e_shstrndx].sh_offset;
	int i;

	for (i = 0; i < ehdr->e_shnum; i++)
		if (!strcmp(names + shdr[i].sh_name, name))
			return &shdr[i];
	return NULL;
}

/* The file, and @extra bytes behind it, which are 0 */
static char *read_file(size_t extra, size_t *size)
{
	struct stat st;
	char *image;
	int fd;

	fd = open(FILE_NAME, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	image = fstat(fd, &st) ? NULL : calloc(1, st.st_size + extra);
	if (image && read(fd, image, st.st_size) != st.st_size) {
		free(image);
		image = NULL;
	}
	*size = st.st_size;
	close(fd);
	return image;
}

bool t_module_available(void)
{
	return !access(FILE_NAME, R_OK);
}

int t_module_load(const char *name, const char *args, const void *btf, size_t btf_size)
{
	Elf64_Shdr *own, *this_module;
	char *image, *at;
	size_t size;
	int err;

	/* room to begin at a multiple of 8 */
	image = read_file(btf_size + 8, &size);
	if (!image)
		return -ENOENT;
	own = section(image, ".BTF");
	this_module = section(image, ".gnu.linkonce.this_module");
	err = -ENOEXEC;
	if (!own || !this_module || strlen(name) >= NAME_MAX_SIZE)
		goto free_image;

	at = memmem(image + this_module->sh_offset, this_module->sh_size, T_MODULE,
		    sizeof(T_MODULE));
	if (!at)
		goto free_image;
	memset(at, 0, sizeof(T_MODULE));
	strcpy(at, name);
	if (btf) {
		size = (size + 7) & ~7UL;
		memcpy(image + size, btf, btf_size);
		own->sh_offset = size;
		own->sh_size = btf_size;
		size += btf_size;
	}
	err = syscall(__NR_init_module, image, size, args) ? -errno : 0;
free_image:
	free(image);
	return err;
}

int t_module_unload(const char *name)
{
	return syscall(__NR_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

int t_module_unload_soon(const char *name)
{
	int tries, err = -EAGAIN;

	for (tries = 0; tries < 200 && err == -EAGAIN; tries++) {
		err = t_module_unload(name);
		if (err == -EAGAIN)
			usleep(50000);
	}
	return err;
}
