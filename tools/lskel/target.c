// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "target.h"

/* The build id in the notes @data as text, or NULL */
static const char *id_in_notes(const struct spec *spec, Elf_Data *data)
{
	size_t at = 0, name, desc, i;
	GElf_Nhdr note;
	char *text;

	while ((at = gelf_getnote(data, at, &note, &name, &desc))) {
		const uint8_t *bytes = (const uint8_t *)data->d_buf + desc;

		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof(ELF_NOTE_GNU) ||
		    memcmp((const char *)data->d_buf + name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)))
			continue;
		text = arena_alloc(spec->arena, 2 * (size_t)note.n_descsz + 1);
		for (i = 0; text && i < note.n_descsz; i++)
			sprintf(text + 2 * i, "%02x", bytes[i]);
		return text;
	}
	return NULL;
}

/* The build id of an ELF file; NULL: it has none, or is none */
static const char *build_id(const struct spec *spec, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	const char *id = NULL;
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf_Data *data;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	while (!id && elf && (section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		data = elf_getdata(section, NULL);
		if (data)
			id = id_in_notes(spec, data);
	}
	elf_end(elf);
	if (fd >= 0)
		close(fd);
	return id;
}

int target_open(struct target *target, const struct spec *spec, const char *key,
		const char *file)
{
	bool big;

	*target = (struct target){ .key = key, .file = file };
	target->btf = btf__parse(file, NULL);
	if (!target->btf && errno == ENOENT && !access(file, F_OK))
		return sink_fail(spec->sink, -ENOENT, "%s: it has no types of a kernel: no section .BTF",
				 file);
	/* Not all of these are an errno: libbpf has its own, and EIO for what is too short. */
	if (!target->btf && (errno >= __LIBBPF_ERRNO__START || errno == EIO))
		return sink_fail(spec->sink, -EINVAL,
				 "%s: neither raw BTF nor an ELF file with BTF", file);
	if (!target->btf)
		return sink_fail(spec->sink, -errno, "%s: cannot read the types of a kernel from it: %s",
				 file, strerror(errno));
	big = btf__endianness(target->btf) == BTF_BIG_ENDIAN;
	if (big != spec->big_endian)
		return sink_fail(spec->sink, -EINVAL,
				 "%s: a kernel of the other byte order than %s", file, spec->file);
	if (!key)
		target->key = build_id(spec, file);
	if (!target->key)
		return sink_fail(spec->sink, -EINVAL,
				 "%s: it has no build id: say of which kernel it is, with --target-btf RELEASE=%s",
				 file, file);
	return 0;
}

int target_running(struct target *target, const struct spec *spec)
{
	struct utsname uts;

	uname(&uts);
	*target = (struct target){
		.key = arena_strdup(spec->arena, uts.release),
		.file = "the kernel",
		.btf = btf__load_vmlinux_btf(),
		.running = true,
	};
	/* libbpf has looked for a file of it in vain */
	if (!target->btf)
		return errno == ESRCH ? -ENOENT : -errno;
	return target->key ? 0 : -ENOMEM;
}

struct btf *target_module(const struct target *target, uint32_t id, int *fd)
{
	char name[64] = "";
	struct bpf_btf_info info = {
		.name = (uintptr_t)name, .name_len = sizeof(name),
	};
	__u32 len = sizeof(info);
	struct btf *btf = NULL;

	*fd = bpf_btf_get_fd_by_id(id);
	if (*fd < 0)
		return NULL;
	if (!bpf_obj_get_info_by_fd(*fd, &info, &len) && info.kernel_btf &&
	    strcmp(name, "vmlinux"))
		btf = btf__load_from_kernel_by_id_split(id, target->btf);
	if (!btf)
		close(*fd);
	return btf;
}

int target_modules(struct target *target, const struct spec *spec)
{
	__u32 id = 0;

	if (target->has_modules || !target->running)
		return 0;
	target->has_modules = true;
	while (!bpf_btf_get_next_id(id, &id)) {
		struct btf **place, *btf;
		int fd;

		btf = target_module(target, id, &fd);
		if (!btf)
			continue;
		close(fd);
		place = vec_push(spec->arena, &target->modules);
		if (!place) {
			btf__free(btf);
			return -ENOMEM;
		}
		*place = btf;
	}
	return 0;
}

void target_close(struct target *target)
{
	struct btf **module;

	vec_for_each(module, &target->modules)
		btf__free(*module);
	target->modules.n = 0;
	btf__free(target->btf);
	target->btf = NULL;
}
