/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Tracepoints of programs and libraries (USDT): a probe at each of their places. How
 * to find the arguments is told to <bpf/usdt.bpf.h> by its maps: specs by number,
 * which is the cookie of the probe, or found by the address where there are none.
 */
#ifndef LSKEL_USDT
#define LSKEL_USDT

#include <sys/socket.h>

struct lskel_usdt_place {
	__u64 address, offset, semaphore;	/* the latter in the file, 0: none */
	__u32 spec;
	bool mapped;
};

struct lskel_usdt {
	const char *path, *provider, *name;
	int pid;
	struct lskel_elf elf;
	char *notes;
	struct lskel_usdt_place *places;
	const char **args;	/* of each spec */
	__u32 nr_places, nr_specs;
	int specs_fd, ips_fd;	/* of the maps, or -1 */
	__u64 cookie;		/* the user's */
	__u32 max_specs, first;	/* number of the first spec */
	bool cookies;		/* tell the program which spec it is */
};

static inline void lskel_usdt_end(struct lskel_usdt *usdt)
{
	free(usdt->notes);
	free(usdt->places);
	free(usdt->args);
	lskel_elf_close(&usdt->elf);
}

/* Prelink moves the code and .stapsdt.base, and leaves the notes as they are */
static inline int lskel_usdt_add(struct lskel_usdt *usdt, const struct lskel_usdt_note *note, __u64 base)
{
	const __u64 moved = base && note->base ? base - note->base : 0;
	const size_t n = usdt->nr_places + 1;
	struct lskel_usdt_place *place = (struct lskel_usdt_place *)realloc(usdt->places, n * sizeof(*place));
	const char **args = (const char **)realloc(usdt->args, n * sizeof(*args));
	int err;

	if (place)
		usdt->places = place;
	if (args)
		usdt->args = args;
	if (!place || !args)
		return -ENOMEM;
	place += n - 1;
	memset(place, 0, sizeof(*place));
	place->address = note->address + moved;
	err = lskel_elf_offset(&usdt->elf, place->address, PF_X, &place->offset);
	if (!err && note->semaphore)
		err = lskel_elf_offset(&usdt->elf, note->semaphore + moved, PF_W, &place->semaphore);
	if (err)
		return err;
	while (place->spec < usdt->nr_specs && strcmp(args[place->spec], note->args))
		place->spec++;
	if (place->spec == usdt->nr_specs)
		args[usdt->nr_specs++] = note->args;
	usdt->nr_places++;
	return 0;
}

/* Find the places. -ENOENT: there is none; -EBADMSG: the notes make no sense; -ENOEXEC:
 * the file does not, or the notes speak of what it does not have; -ENOMEM.
 */
static inline int lskel_usdt_find(struct lskel_usdt *usdt)
{
	struct lskel_elf *elf = &usdt->elf;
	__u64 nr = lskel_elf_find(elf, ".note.stapsdt"), size, at = 0, base = 0;
	struct lskel_usdt_note note;
	int more;

	if (nr == elf->nr_sections)
		return -ENOENT;
	usdt->notes = lskel_elf_section(elf, nr, &size);
	if (!usdt->notes)
		return -ENOEXEC;
	nr = lskel_elf_find(elf, ".stapsdt.base");
	if (nr < elf->nr_sections)
		base = LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_addr);
	while ((more = lskel_usdt_next(elf, usdt->notes, size, &at, &note)) > 0) {
		if (!note.name || strcmp(note.name, usdt->name) || strcmp(note.provider, usdt->provider))
			continue;
		more = lskel_usdt_add(usdt, &note, base);
		if (more)
			break;
	}
	return more ? more : usdt->nr_places ? 0 : -ENOENT;
}

static inline int lskel_usdt_map(const struct lskel *skel, const char *name, __u32 *max_entries)
{
	__u32 i;

	for (i = 0; i < skel->object->nr_maps; i++) {
		const struct lskel_map_desc *map = &skel->object->maps[i];
		const struct lskel_map *member = (const struct lskel_map *)lskel_member(skel, map->member);

		if (!map->member || strcmp(map->name, name))
			continue;
		*max_entries = member->max_entries;
		return member->map_fd;
	}
	return -1;
}

/* Which way the program goes: what its LINUX_HAS_BPF_COOKIE is. A program without it
 * does not ask for arguments.
 */
static inline void lskel_usdt_maps(struct lskel_usdt *usdt, const struct lskel *skel,
				   const struct lskel_prog_desc *prog)
{
	const struct lskel_object *object = skel->object;
	const __u32 nr = (__u32)(prog - object->progs);
	const char *values;
	__u32 i, j, none;

	usdt->specs_fd = usdt->ips_fd = -1;
	for (i = 0; i < object->nr_externs; i++) {
		const struct lskel_extern *ext = &object->externs[i];

		if (strcmp(ext->name, "LINUX_HAS_BPF_COOKIE"))
			continue;
		for (j = 0; j < ext->nr_users && object->users[ext->user + j] != nr; j++)
			;
		if (j == ext->nr_users)
			return;
		memcpy(&values, lskel_member(skel, object->kconfig), sizeof(values));
		usdt->cookies = values[ext->offset];
		usdt->specs_fd = lskel_usdt_map(skel, "__bpf_usdt_specs", &usdt->max_specs);
		if (!usdt->cookies)
			usdt->ips_fd = lskel_usdt_map(skel, "__bpf_usdt_ip_to_spec_id", &none);
	}
}

/* Forget what addresses belong to specs from @at->handle on, @at->priority of them */
static inline void lskel_usdt_forget(const struct lskel *skel, const struct lskel_where *at)
{
	__u64 keys[2] = { 0, 0 };
	__u32 spec = 0, i = 0, none;
	const int fd = lskel_usdt_map(skel, "__bpf_usdt_ip_to_spec_id", &none);
	int more = fd < 0 ? fd : lskel_elem(LSKEL_MAP_GET_NEXT_KEY, fd, NULL, &keys[0]);

	while (!more) {
		more = lskel_elem(LSKEL_MAP_GET_NEXT_KEY, fd, &keys[i], &keys[!i]);
		if (!lskel_elem(LSKEL_MAP_LOOKUP_ELEM, fd, &keys[i], &spec) && spec - at->handle < at->priority)
			lskel_elem(LSKEL_MAP_DELETE_ELEM, fd, &keys[i], NULL);
		i = !i;
	}
}

static inline void lskel_detach_usdt(struct lskel *skel, const struct lskel_prog_desc *prog,
				     const struct lskel_where *at)
{
	lskel_close(lskel_fd(skel, prog->link));
	lskel_usdt_forget(skel, at);
}

/* Whether a program of the skeleton has one of @n specs from @first on; if so, *@behind
 * is the first number behind its own
 */
static inline bool lskel_usdt_taken(const struct lskel *skel, __u32 first, __u32 n, __u32 *behind)
{
	__u32 i;

	for (i = 0; i < skel->object->nr_progs; i++) {
		const struct lskel_where *at = &skel->attached[i].at;

		if (*lskel_fd(skel, skel->object->progs[i].link) < 0 ||
		    skel->attached[i].undo != lskel_detach_usdt)
			continue;
		*behind = at->handle + at->priority;
		if (first < *behind && at->handle < first + n)
			return true;
	}
	return false;
}

static inline int lskel_usdt_number_specs(struct lskel_usdt *usdt, const struct lskel *skel)
{
	__u32 behind;

	while (lskel_usdt_taken(skel, usdt->first, usdt->nr_specs, &behind))
		usdt->first = behind;
	return usdt->nr_specs > usdt->max_specs || usdt->first > usdt->max_specs - usdt->nr_specs ? -E2BIG : 0;
}

static inline int lskel_usdt_specs(const struct lskel_usdt *usdt, struct lskel *skel,
				   const struct lskel_prog_desc *prog)
{
	const __u32 machine = LSKEL_ELF(&usdt->elf, Ehdr, usdt->elf.header, 0, e_machine);
	struct lskel_usdt_spec spec;
	const char *bad;
	__u32 i, key;
	int err;

	/* Where programs of 32 bits run, the kernel is taken for one of 64. */
	if (machine != EM_X86_64 && machine != EM_386 && machine != EM_AARCH64)
		return lskel_cannot(skel, prog, -EOPNOTSUPP, "%s is for machine %u of ELF, whose registers "
				    "are not known", usdt->path, machine);
	for (i = 0; i < usdt->nr_specs; i++) {
		memset(&spec, 0, sizeof(spec));
		spec.cookie = usdt->cookie;
		bad = lskel_usdt_args(usdt->args[i], machine == EM_AARCH64, &spec);
		if (bad)
			return lskel_cannot(skel, prog, -EOPNOTSUPP, "%s:%s in %s has an argument %s, number "
					    "%u in '%s'", usdt->provider, usdt->name, usdt->path,
					    spec.count < LSKEL_USDT_ARGS ? "that is not understood" :
					    "too many", spec.count + 1U, usdt->args[i]);
		key = usdt->first + i;
		err = lskel_elem(LSKEL_MAP_UPDATE_ELEM, usdt->specs_fd, &key, &spec);
		if (err)
			return lskel_cannot(skel, prog, err, "map '__bpf_usdt_specs'");
	}
	return 0;
}

/* That spec @place->spec is for the instruction at @address. -EEXIST: another program is
 * there, and has its own.
 */
static inline int lskel_usdt_at(const struct lskel_usdt *usdt, const struct lskel *skel,
				struct lskel_usdt_place *place, __u64 address)
{
	const __u32 spec = usdt->first + place->spec;
	__u32 other = 0, behind;

	place->mapped = true;
	if (!lskel_elem(LSKEL_MAP_LOOKUP_ELEM, usdt->ips_fd, &address, &other) &&
	    lskel_usdt_taken(skel, other, 1, &behind))
		return -EEXIST;
	return lskel_elem(LSKEL_MAP_UPDATE_ELEM, usdt->ips_fd, &address, &spec);
}

/* The same for all places in the memory of the process */
static inline int lskel_usdt_mapped(const struct lskel_usdt *usdt, const struct lskel *skel)
{
	char process[32], line[4400], path[4400], *name, *at;
	struct stat file, mapped;
	__u64 start, end, offset;
	int err = 0;
	FILE *maps;
	__u32 i;

	snprintf(process, sizeof(process), "/proc/%d", usdt->pid);
	snprintf(path, sizeof(path), "%s/maps", process);
	maps = fopen(path, "re");
	if (!maps || stat(usdt->path, &file))
		err = -errno;
	while (!err && fgets(line, sizeof(line), maps)) {
		/* START-END rwxp OFFSET DEVICE INODE PATH */
		line[strcspn(line, "\n")] = 0;
		name = strchr(line, '/');
		start = strtoull(line, &at, 16);
		end = *at ? strtoull(at + 1, &at, 16) : 0;
		if (!name || at + 5 > name || at[3] != 'x' ||
		    (size_t)snprintf(path, sizeof(path), "%s/root%s", process, name) >= sizeof(path) ||
		    stat(path, &mapped) || mapped.st_dev != file.st_dev || mapped.st_ino != file.st_ino)
			continue;
		offset = strtoull(at + 5, NULL, 16);
		for (i = 0; !err && i < usdt->nr_places; i++)
			if (usdt->places[i].offset >= offset && usdt->places[i].offset - offset < end - start)
				err = lskel_usdt_at(usdt, skel, &usdt->places[i],
						    start + (usdt->places[i].offset - offset));
	}
	if (maps)
		fclose(maps);
	return err;
}

/* What a program without cookies finds its specs by. Where a file of this type is
 * in memory, the file says; or only the process knows.
 */
static inline int lskel_usdt_addresses(struct lskel_usdt *usdt, struct lskel *skel,
				       const struct lskel_prog_desc *prog)
{
	const bool fixed = LSKEL_ELF(&usdt->elf, Ehdr, usdt->elf.header, 0, e_type) == ET_EXEC;
	int err = 0;
	__u32 i;

	if (!fixed && usdt->pid < 0)
		return lskel_cannot(skel, prog, -EOPNOTSUPP, "%s: before Linux 5.15, the process must be "
				    "given to find arguments", usdt->path);
	if (!fixed)
		err = lskel_usdt_mapped(usdt, skel);
	for (i = 0; !err && i < usdt->nr_places; i++) {
		if (fixed)
			err = lskel_usdt_at(usdt, skel, &usdt->places[i], usdt->places[i].address);
		if (!usdt->places[i].mapped)
			return lskel_cannot(skel, prog, -ESRCH, "%s is not in the memory of process %d",
					    usdt->path, usdt->pid);
	}
	return err ? lskel_cannot(skel, prog, err, err == -EEXIST ? "before Linux 5.15, one program can be at "
				  "a place in %s" : err == -E2BIG ? "map '__bpf_usdt_ip_to_spec_id' has no "
				  "room for the places in %s" : "addresses in %s", usdt->path) : 0;
}

/* Keep @fds in one descriptor, which closes them with it: in messages that nobody
 * receives
 */
static inline int lskel_usdt_keep(const int *fds, __u32 n)
{
	const __u32 max = 253;	/* SCM_MAX_FD */
	__u64 control[(CMSG_SPACE(253 * sizeof(int)) + 7) / 8];
	struct cmsghdr *header = (struct cmsghdr *)(void *)control;
	struct msghdr message;
	struct iovec iovec;
	int pair[2], err = 0;
	char byte = 0;
	size_t size;
	__u32 i;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return -errno;
	for (i = 0; !err && i < n; i += max) {
		size = (n - i < max ? n - i : max) * sizeof(*fds);
		iovec.iov_base = &byte;
		iovec.iov_len = sizeof(byte);
		memset(&message, 0, sizeof(message));
		message.msg_iov = &iovec;
		message.msg_iovlen = 1;
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(size);
		memset(control, 0, sizeof(control));
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = 1;	/* SCM_RIGHTS */
		header->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(header), fds + i, size);
		if (sendmsg(pair[0], &message, 0) < 0)
			err = -errno;
	}
	lskel_close(&pair[0]);
	if (err)
		lskel_close(&pair[1]);
	return err ? err : pair[1];
}

/* A probe at each place. Returns what stands for all, or a negative errno. */
static inline int lskel_usdt_probes(const struct lskel_usdt *usdt, struct lskel *skel,
				    const struct lskel_prog_desc *prog)
{
	int *fds = (int *)calloc(usdt->nr_places, sizeof(*fds)), fd = 0, event;
	__u32 i, n;

	if (!fds)
		return lskel_nomem(skel);
	for (n = 0; fd >= 0 && n < usdt->nr_places; n += fd >= 0) {
		const struct lskel_usdt_place *place = &usdt->places[n];

		event = lskel_probe_event(LSKEL_PROBE_USER, usdt->path, place->offset, place->semaphore,
					  usdt->pid);
		if (event >= 0)
			fd = fds[n] = lskel_attach_own_perf(skel, prog, event,
							    usdt->specs_fd < 0 ? usdt->cookie :
							    usdt->cookies ? usdt->first + place->spec : 0);
		else
			fd = lskel_cannot(skel, prog, event, "probe of %s at offset 0x%llx%s", usdt->path,
					  (unsigned long long)place->offset,
					  event == -ENODEV ? ", by a perf event" : "");
	}
	if (fd >= 0 && n > 1) {
		fd = lskel_usdt_keep(fds, n);
		if (fd < 0)
			lskel_cannot(skel, prog, fd, "a socket to keep %u probes", n);
	}
	for (i = 0; i < n; i++)
		if (fds[i] != fd)
			lskel_close(&fds[i]);
	free(fds);
	return fd;
}

static inline int lskel_attach_usdt(struct lskel *skel, const struct lskel_prog_desc *prog,
				    const struct lskel_where *where, struct lskel_attached *how)
{
	struct lskel_usdt usdt;
	char found[4096];
	int err;

	memset(&usdt, 0, sizeof(usdt));
	usdt.path = lskel_find_file(where->group, found, sizeof(found));
	usdt.provider = where->provider;
	usdt.name = where->name;
	usdt.cookie = where->cookie;
	usdt.pid = where->pid ? where->pid : getpid();
	err = lskel_elf_open(&usdt.elf, fopen(usdt.path, "re"));
	if (err)
		return lskel_cannot(skel, prog, err, "%s", usdt.path);
	err = lskel_usdt_find(&usdt);
	if (usdt.elf.no_memory)
		err = -ENOMEM;
	if (err) {
		lskel_cannot(skel, prog, err, err == -ENOENT ? "no %s:%s in %s" : err == -EBADMSG ?
			     "notes about %s:%s and others in %s" : "%s:%s in %s", usdt.provider, usdt.name,
			     usdt.path);
		lskel_usdt_end(&usdt);
		return err;
	}
	lskel_usdt_maps(&usdt, skel, prog);
	if (usdt.specs_fd >= 0) {
		err = lskel_usdt_number_specs(&usdt, skel);
		if (err)
			lskel_cannot(skel, prog, err, "map '__bpf_usdt_specs' has %u entries, %u more are "
				     "needed", usdt.max_specs, usdt.nr_specs);
		how->at.handle = usdt.first;
		how->at.priority = usdt.nr_specs;
		/* Whose link the user has closed left its addresses behind. */
		lskel_usdt_forget(skel, &how->at);
		if (!err)
			err = lskel_usdt_specs(&usdt, skel, prog);
		if (!err && usdt.ips_fd >= 0)
			err = lskel_usdt_addresses(&usdt, skel, prog);
	}
	if (!err)
		err = lskel_usdt_probes(&usdt, skel, prog);
	if (err < 0)
		lskel_usdt_forget(skel, &how->at);
	else
		how->undo = lskel_detach_usdt;
	lskel_usdt_end(&usdt);
	if (err < 0)
		errno = -err;
	return err;
}

static const struct lskel_attach_kind lskel_usdt_kind = { lskel_attach_usdt, 0 };

#endif /* LSKEL_USDT */
