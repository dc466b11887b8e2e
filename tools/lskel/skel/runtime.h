/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What every light skeleton needs at run time beside the C library and a kernel
 * with BPF syscall programs. It is emitted into each; the first one in a file
 * counts. Functions return a negative errno and set errno too; what they could
 * not do is then a sentence of lskel_error(). Descriptors that do not exist are
 * -1, and 0 is one like any other.
 */
#ifndef LSKEL_RUNTIME
#define LSKEL_RUNTIME 1

#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* A strict -std= hides these two */
#ifndef __cplusplus
long syscall(long number, ...);
#endif
#if defined(MAP_ANONYMOUS)
#define LSKEL_MAP_ANONYMOUS	MAP_ANONYMOUS
#elif defined(__mips__) || defined(__xtensa__)
#define LSKEL_MAP_ANONYMOUS	0x800
#elif defined(__alpha__) || defined(__hppa__)
#define LSKEL_MAP_ANONYMOUS	0x10
#else
#define LSKEL_MAP_ANONYMOUS	0x20
#endif

#ifdef __cplusplus
#define LSKEL_ASSERT(condition)	static_assert(condition, #condition)
#else
#define LSKEL_ASSERT(condition)	_Static_assert(condition, #condition)
#endif

/* What of bpf(2) is used here. The kernel's own header may be older. */
enum {
	LSKEL_MAP_CREATE		= 0,
	LSKEL_PROG_LOAD			= 5,
	LSKEL_OBJ_PIN			= 6,
	LSKEL_OBJ_GET			= 7,
	LSKEL_PROG_TEST_RUN		= 10,
	LSKEL_OBJ_GET_INFO_BY_FD	= 15,
	LSKEL_RAW_TRACEPOINT_OPEN	= 17,
	LSKEL_BTF_GET_FD_BY_ID		= 19,
	LSKEL_LINK_CREATE		= 28,

	LSKEL_MAP_TYPE_ARRAY		= 2,
	LSKEL_PROG_TYPE_SOCKET_FILTER	= 1,
	LSKEL_PROG_TYPE_SYSCALL		= 31,
	LSKEL_F_SLEEPABLE		= 1 << 4,	/* of PROG_LOAD */
	LSKEL_F_MMAPABLE		= 1 << 10,	/* of MAP_CREATE */
	LSKEL_FUNC_KTIME_GET_COARSE_NS	= 160,

	LSKEL_BTF_KIND_FUNC		= 12
};

struct lskel_map_attr {
	__u32 map_type, key_size, value_size, max_entries, map_flags;
	__u32 inner_map_fd, numa_node;
	char map_name[16];
	__u32 map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id;
	__u32 btf_vmlinux_value_type_id;
	__u64 map_extra;
};

struct lskel_load_attr {
	__u32 prog_type, insn_cnt;
	__u64 insns, license;
	__u32 log_level, log_size;
	__u64 log_buf;
	__u32 kern_version, prog_flags;
	char prog_name[16];
	__u32 prog_ifindex, expected_attach_type, prog_btf_fd;
	__u32 func_info_rec_size;
	__u64 func_info;
	__u32 func_info_cnt, line_info_rec_size;
	__u64 line_info;
	__u32 line_info_cnt, attach_btf_id, attach_prog_fd, core_relo_cnt;
	__u64 fd_array;
};

struct lskel_run_attr {
	__u32 prog_fd, retval, data_size_in, data_size_out;
	__u64 data_in, data_out;
	__u32 repeat, duration, ctx_size_in, ctx_size_out;
	__u64 ctx_in, ctx_out;
};

struct lskel_pin_attr {
	__u64 pathname;
	__u32 bpf_fd, file_flags;
};

struct lskel_info_attr {
	__u32 bpf_fd, info_len;
	__u64 info;
};

struct lskel_map_info {
	__u32 type, id, key_size, value_size, max_entries, map_flags;
	char name[16];
	__u32 ifindex, btf_vmlinux_value_type_id;
	__u64 netns_dev, netns_ino;
	__u32 btf_id, btf_key_type_id, btf_value_type_id, padding;
	__u64 map_extra;
};

struct lskel_link_attr {
	__u32 prog_fd, target, attach_type, flags;
	__u64 iter_info;
	__u32 iter_info_len, padding;
};

struct lskel_raw_tp_attr {
	__u64 name;
	__u32 prog_fd, padding;
};

LSKEL_ASSERT(offsetof(struct lskel_map_attr, map_extra) == 64);
LSKEL_ASSERT(offsetof(struct lskel_load_attr, attach_btf_id) == 108);
LSKEL_ASSERT(offsetof(struct lskel_load_attr, fd_array) == 120);
LSKEL_ASSERT(offsetof(struct lskel_run_attr, ctx_in) == 48);
LSKEL_ASSERT(offsetof(struct lskel_map_info, map_extra) == 80);

/* Stored bytes, as pieces with only zeroes between them */
struct lskel_piece {
	__u32 offset, size;
	const char *bytes;
};

struct lskel_image {
	const struct lskel_piece *pieces;
	__u32 nr_pieces, size;
};

/* A syscall program that makes some of the steps. Its only map is the blob, its
 * context int slot[], where the steps leave their results.
 */
struct lskel_loader {
	struct lskel_image blob;
	struct lskel_image any;		/* instructions for any choice */
	struct lskel_image usual;	/* if none was made; empty: the same */
	__u32 twin;		/* distance from attributes to those without BTF */
	__u32 first, nr_steps;
};

enum { LSKEL_SLOT_UNSET = INT32_MIN, LSKEL_SLOT_SKIP = INT32_MIN + 1 };

enum lskel_kind {
	LSKEL_STEP_BTF_LOAD,
	LSKEL_STEP_MAP_CREATE,
	LSKEL_STEP_MAP_INIT,
	LSKEL_STEP_MAP_FREEZE,
	LSKEL_STEP_MAP_SLOT,
	LSKEL_STEP_FIND_BTF,
	LSKEL_STEP_PROG_LOAD
};

struct lskel_step {
	enum lskel_kind kind;
	bool may_fail;
	bool twin;		/* has attributes that say nothing of BTF, too */
	__u32 slot;
	__u32 attr;		/* offset in the blob */
	const char *object;
};

#define LSKEL_NONE	0xffffffff

enum lskel_entries { LSKEL_ENTRIES_FIXED, LSKEL_ENTRIES_CPUS, LSKEL_ENTRIES_PAGES };

/* The slot of a map is its index. Offsets of members of the skeleton are 0 if
 * there is no such member.
 */
struct lskel_map_desc {
	const char *name;
	__u32 member;		/* offset of its struct lskel_map */
	__u32 step;		/* that creates it */
	__u32 max_entries;
	enum lskel_entries entries;
	bool pin;
	bool read_only;
	__u32 data;		/* offset of the pointer to its value */
	__u32 data_size;
	__u32 data_loader;	/* whose blob has the initial value ... */
	__u32 data_offset;	/* ... here, or LSKEL_NONE: zero */
};

enum lskel_attach_how {
	LSKEL_ATTACH_NOT,	/* by means that the skeleton does not have */
	LSKEL_ATTACH_RUN,	/* SEC("syscall"): is run, not attached */
	LSKEL_ATTACH_RAW_TP,
	LSKEL_ATTACH_RAW_TP_NAME,
	LSKEL_ATTACH_ITER,
	LSKEL_ATTACH_ITER_MAP,
	LSKEL_ATTACH_CGROUP,
	LSKEL_ATTACH_NETNS,
	LSKEL_ATTACH_IFINDEX
};

struct lskel_prog_desc {
	const char *name;
	const char *ident;	/* in names of functions */
	const char *sec;
	__u32 slot;
	__u32 step;		/* that loads it */
	__u32 fd, link;		/* offsets of int */
	__u32 autoload;		/* offset of bool */
	bool optional;		/* which is false unless set */
	__u32 target;		/* offset of int: fd of a program ... */
	const char *target_func; /* ... that has this function, or: */
	__u32 target_name;	/* offset of const char *: its name */
	enum lskel_attach_how how;
	bool called;		/* is in a slot of a prog array */
	__u32 attach_type;
	const char *tracepoint;
};

struct lskel_object {
	const char *name;
	__u32 size;		/* of the skeleton's struct */
	__u32 nr_slots, nr_loaders, nr_steps, nr_maps, nr_progs;
	__u32 pin_dir;		/* offset of const char *, or 0 */
	const struct lskel_loader *loaders;
	const struct lskel_step *steps;
	const struct lskel_map_desc *maps;
	const struct lskel_prog_desc *progs;
};

/* The beginning of every skeleton */
struct lskel {
	const struct lskel_object *object;
	bool loaded;
	bool loading;		/* not all that fails makes the load fail */
	bool usual;		/* the load is what the object asks for */
	char error[1024];
	char *log;
};

struct lskel_map {
	int map_fd;
	__u32 max_entries;	/* may be changed before the load */
};

/* The last failure of the thread, shared by all files of the program */
struct lskel_failure {
	char error[1024];
	char *log;
};
#ifdef __cplusplus
extern "C" {
#endif
extern __thread struct lskel_failure lskel_failure_1;
__attribute__((weak)) __thread struct lskel_failure lskel_failure_1;
#ifdef __cplusplus
}
#endif

static inline const char *lskel_error(const struct lskel *skel)
{
	return skel ? skel->error : lskel_failure_1.error;
}

static inline const char *lskel_log(const struct lskel *skel)
{
	const char *log = skel ? skel->log : lskel_failure_1.log;

	return log ? log : "";
}

/* Make the failure of @skel, and what the verifier said of it, the thread's last */
static inline void lskel_remember(const struct lskel *skel, const char *log)
{
	const size_t size = log ? strlen(log) + 1 : 0;

	memcpy(lskel_failure_1.error, skel->error, sizeof(skel->error));
	free(lskel_failure_1.log);
	lskel_failure_1.log = size ? (char *)malloc(size) : NULL;
	if (lskel_failure_1.log)
		memcpy(lskel_failure_1.log, log, size);
}

__attribute__((format(printf, 3, 4)))
static inline int lskel_fail(struct lskel *skel, int err, const char *format, ...)
{
	const size_t size = sizeof(skel->error);
	va_list args;
	int len;

	len = snprintf(skel->error, size, "%s: ", skel->object->name);
	if (len > 0 && (size_t)len < size) {
		va_start(args, format);
		vsnprintf(skel->error + len, size - (size_t)len, format, args);
		va_end(args);
	}
	if (!skel->loading)
		lskel_remember(skel, NULL);
	errno = -err;
	return err;
}

static inline int lskel_nomem(struct lskel *skel)
{
	return lskel_fail(skel, -ENOMEM, "out of memory");
}

static inline void *lskel_member(const struct lskel *skel, __u32 offset)
{
	return (char *)(uintptr_t)skel + offset;
}

static inline int *lskel_fd(const struct lskel *skel, __u32 offset)
{
	return (int *)lskel_member(skel, offset);
}

static inline __u64 lskel_address(const void *pointer)
{
	return (uintptr_t)pointer;
}

static inline int lskel_bpf(unsigned int cmd, void *attr, size_t size)
{
	long ret = syscall(__NR_bpf, cmd, attr, size);

	return ret < 0 ? -errno : (int)ret;
}

static inline void lskel_close(int *fd)
{
	const int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

static inline size_t lskel_pages(size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

static inline void *lskel_anonymous(size_t size)
{
	void *p = mmap(NULL, lskel_pages(size), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | LSKEL_MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* The bytes [from, from + size) of an image, into memory that is zero */
static inline void lskel_unpack(const struct lskel_image *image, __u32 from, __u32 size, void *to)
{
	__u32 i;

	for (i = 0; i < image->nr_pieces; i++) {
		const struct lskel_piece *piece = &image->pieces[i];
		const __u32 begin = piece->offset > from ? piece->offset : from;
		__u32 end = piece->offset + piece->size;

		if (end > from + size)
			end = from + size;
		if (begin < end)
			memcpy((char *)to + (begin - from), piece->bytes + (begin - piece->offset),
			       end - begin);
	}
}

/* Maps and programs of kernels before 5.11 count against RLIMIT_MEMLOCK; such a
 * kernel does not know this helper either.
 */
static inline bool lskel_kernel_charges(void)
{
	const __u64 insns[] = {
		0x85 | (__u64)LSKEL_FUNC_KTIME_GET_COARSE_NS << 32,
		0x95
	};
	struct lskel_load_attr attr;
	struct utsname uts;
	int fd, major, minor;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = LSKEL_PROG_TYPE_SOCKET_FILTER;
	attr.insns = lskel_address(insns);
	attr.insn_cnt = 2;
	attr.license = lskel_address("GPL");
	fd = lskel_bpf(LSKEL_PROG_LOAD, &attr, offsetof(struct lskel_load_attr, fd_array));
	if (fd >= 0)
		close(fd);
	if (fd != -EPERM)
		return fd < 0;
	/* No rights, or the limit */
	return !uname(&uts) && sscanf(uts.release, "%d.%d", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 11));
}

/* After -EPERM: true if that may have been the limit, which is now higher */
static inline bool lskel_raise_memlock(struct lskel *skel)
{
	struct rlimit limit, unlimited;
	size_t len;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    !lskel_kernel_charges())
		return false;
	unlimited.rlim_cur = unlimited.rlim_max = RLIM_INFINITY;
	if (!setrlimit(RLIMIT_MEMLOCK, &unlimited))
		return true;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		return !setrlimit(RLIMIT_MEMLOCK, &limit);
	}
	len = strlen(skel->error);
	snprintf(skel->error + len, sizeof(skel->error) - len, "; the limit of locked memory"
		 " (ulimit -l) may be too low, and raising it needs CAP_SYS_RESOURCE");
	return false;
}

/* Possible processors, as the kernel lists them: "0-3,8" */
static inline __u32 lskel_cpus(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/possible", "re");
	unsigned int first, last;
	__u32 cpus = 0;
	int c = ',';

	while (file && c == ',' && fscanf(file, "%u", &first) == 1) {
		last = first;
		c = getc(file);
		if (c == '-') {
			if (fscanf(file, "%u", &last) != 1)
				break;
			c = getc(file);
		}
		cpus += last - first + 1;
	}
	if (file)
		fclose(file);
	return cpus ? cpus : (__u32)sysconf(_SC_NPROCESSORS_CONF);
}

/* A ring buffer has a power of two of pages */
static inline __u32 lskel_ring_size(__u32 size)
{
	__u64 ring = (__u64)sysconf(_SC_PAGESIZE);

	while (ring < size)
		ring *= 2;
	return size && ring <= UINT32_MAX ? (__u32)ring : size;
}

static inline __u32 lskel_max_entries(const struct lskel *skel, const struct lskel_map_desc *map)
{
	__u32 n = map->max_entries;

	if (map->member)
		n = ((struct lskel_map *)lskel_member(skel, map->member))->max_entries;
	if (map->entries == LSKEL_ENTRIES_CPUS && !n)
		return lskel_cpus();
	if (map->entries == LSKEL_ENTRIES_PAGES)
		return lskel_ring_size(n);
	return n;
}

static inline char *lskel_pin_path(const struct lskel *skel, const struct lskel_map_desc *map)
{
	const char *dir;
	char *path, *c;
	size_t size;

	memcpy(&dir, lskel_member(skel, skel->object->pin_dir), sizeof(dir));
	size = strlen(dir) + 1 + strlen(map->name) + 1;
	path = (char *)malloc(size);
	if (!path)
		return NULL;
	snprintf(path, size, "%s/%s", dir, map->name);
	/* The BPF file system has no names with a dot */
	for (c = path + strlen(dir) + 1; *c; c++)
		if (*c == '.' || *c == '/')
			*c = '_';
	return path;
}

static inline bool lskel_has_step(const struct lskel_loader *loader, __u32 step)
{
	return step >= loader->first && step - loader->first < loader->nr_steps;
}

/* The descriptor of @map if it is pinned already, -ENOENT if not */
static inline int lskel_reuse(struct lskel *skel, const struct lskel_map_desc *map, const char *path)
{
	const struct lskel_object *object = skel->object;
	const struct lskel_loader *loader = object->loaders;
	struct lskel_map_attr attr;
	struct lskel_map_info info;
	struct lskel_info_attr get;
	struct lskel_pin_attr pin;
	int fd, err;

	memset(&pin, 0, sizeof(pin));
	pin.pathname = lskel_address(path);
	fd = lskel_bpf(LSKEL_OBJ_GET, &pin, sizeof(pin));
	if (fd == -ENOENT)
		return fd;
	if (fd < 0)
		return lskel_fail(skel, fd, "cannot open %s, where map '%s' is pinned: %s (errno %d)",
				  path, map->name, strerror(-fd), -fd);
	memset(&info, 0, sizeof(info));
	memset(&get, 0, sizeof(get));
	get.bpf_fd = (__u32)fd;
	get.info_len = sizeof(info);
	get.info = lskel_address(&info);
	err = lskel_bpf(LSKEL_OBJ_GET_INFO_BY_FD, &get, sizeof(get));
	memset(&attr, 0, sizeof(attr));
	while (!lskel_has_step(loader, map->step))
		loader++;
	lskel_unpack(&loader->blob, object->steps[map->step].attr, sizeof(attr), &attr);
	if (err)
		lskel_fail(skel, err, "cannot learn what %s is: %s (errno %d)", path, strerror(-err), -err);
	else if (info.type != attr.map_type || info.key_size != attr.key_size ||
		 info.value_size != attr.value_size || info.map_flags != attr.map_flags ||
		 info.map_extra != attr.map_extra ||
		 info.max_entries != lskel_max_entries(skel, map))
		err = lskel_fail(skel, -EINVAL, "%s is not map '%s': its type, flags or sizes differ",
				 path, map->name);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Fill the slots of maps that are pinned already, and note which */
static inline int lskel_reuse_all(struct lskel *skel, int *slots, bool *reused)
{
	const struct lskel_object *object = skel->object;
	char *path;
	__u32 i;
	int fd;

	for (i = 0; i < object->nr_maps; i++) {
		reused[i] = false;
		if (!object->maps[i].pin)
			continue;
		path = lskel_pin_path(skel, &object->maps[i]);
		if (!path)
			return lskel_nomem(skel);
		fd = lskel_reuse(skel, &object->maps[i], path);
		free(path);
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd;
		slots[i] = fd;
		reused[i] = true;
	}
	return 0;
}

static inline int lskel_pin(struct lskel *skel, const struct lskel_map_desc *map, int fd)
{
	char *path = lskel_pin_path(skel, map);
	struct lskel_pin_attr pin;
	const char *dir;
	int err;

	if (!path)
		return lskel_nomem(skel);
	memcpy(&dir, lskel_member(skel, skel->object->pin_dir), sizeof(dir));
	mkdir(dir, 0700);
	memset(&pin, 0, sizeof(pin));
	pin.pathname = lskel_address(path);
	pin.bpf_fd = (__u32)fd;
	err = lskel_bpf(LSKEL_OBJ_PIN, &pin, sizeof(pin));
	if (err)
		lskel_fail(skel, err, "cannot pin map '%s' as %s: %s (errno %d)%s", map->name, path,
			   strerror(-err), -err, err == -EPERM ? "; is it in a BPF file system?" : "");
	free(path);
	return err;
}

static inline void lskel_unpin(const struct lskel *skel, const struct lskel_map_desc *map)
{
	char *path = lskel_pin_path(skel, map);

	if (path)
		unlink(path);
	free(path);
}

/* The id of the function @name in the BTF @btf of @size bytes, or -ENOENT */
static inline int lskel_find_func(const char *btf, __u32 size, const char *name)
{
	/* Behind the 12 bytes of a type: bytes, and bytes per member */
	static const struct {
		unsigned char fixed, each;
	} kinds[] = {
		{ 0, 0 }, { 4, 0 }, { 0, 0 }, { 12, 0 }, { 0, 12 }, { 0, 12 }, { 0, 8 },
		{ 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 8 },
		{ 4, 0 }, { 0, 12 }, { 0, 0 }, { 4, 0 }, { 0, 0 }, { 0, 12 }
	};
	__u32 header[6], type[3], kind, at, end;
	int id;

	if (size < sizeof(header))
		return -ENOENT;
	memcpy(header, btf, sizeof(header));
	at = header[1] + header[2];
	end = at + header[3];
	for (id = 1; end <= size && at + sizeof(type) <= end; id++) {
		memcpy(type, btf + at, sizeof(type));
		kind = type[1] >> 24 & 31;
		if (kind >= sizeof(kinds) / sizeof(kinds[0]))
			break;
		if (kind == LSKEL_BTF_KIND_FUNC &&
		    !strcmp(btf + header[1] + header[4] + type[0], name))
			return id;
		at += (__u32)sizeof(type) + kinds[kind].fixed + (type[1] & 0xffff) * kinds[kind].each;
	}
	return -ENOENT;
}

/* The same in the BTF of the program @fd */
static inline int lskel_find_target(int fd, const char *name)
{
	__u32 prog_info[33], id_attr[4];	/* struct bpf_prog_info up to btf_id */
	struct { __u64 btf; __u32 size, id; } btf_info;
	struct lskel_info_attr get;
	char *btf = NULL;
	int btf_fd, ret;

	memset(prog_info, 0, sizeof(prog_info));
	memset(&get, 0, sizeof(get));
	get.bpf_fd = (__u32)fd;
	get.info_len = sizeof(prog_info);
	get.info = lskel_address(prog_info);
	ret = lskel_bpf(LSKEL_OBJ_GET_INFO_BY_FD, &get, sizeof(get));
	if (ret)
		return ret;
	memset(id_attr, 0, sizeof(id_attr));
	id_attr[0] = prog_info[32];
	btf_fd = lskel_bpf(LSKEL_BTF_GET_FD_BY_ID, id_attr, sizeof(id_attr));
	if (btf_fd < 0)
		return btf_fd;
	memset(&btf_info, 0, sizeof(btf_info));
	get.bpf_fd = (__u32)btf_fd;
	get.info_len = sizeof(btf_info);
	get.info = lskel_address(&btf_info);
	ret = lskel_bpf(LSKEL_OBJ_GET_INFO_BY_FD, &get, sizeof(get));
	if (!ret) {
		btf = (char *)malloc(btf_info.size ? btf_info.size : 1);
		btf_info.btf = lskel_address(btf);
		get.info_len = sizeof(btf_info);
		ret = btf ? lskel_bpf(LSKEL_OBJ_GET_INFO_BY_FD, &get, sizeof(get)) : -ENOMEM;
	}
	if (!ret)
		ret = lskel_find_func(btf, btf_info.size, name);
	free(btf);
	close(btf_fd);
	return ret;
}

/* Which step of @loader ended it: the last that holds an errno it must not hold */
static inline const struct lskel_step *lskel_failed(const struct lskel_object *object,
						    const struct lskel_loader *loader,
						    const int *slots, int err)
{
	__u32 i = loader->first + loader->nr_steps;

	while (i-- > loader->first) {
		const struct lskel_step *step = &object->steps[i];

		if (!step->may_fail && slots[step->slot] == err)
			return step;
	}
	return NULL;
}

/* Close what the steps of @loader made and leave the slots as they were @before */
static inline void lskel_undo(const struct lskel_object *object, const struct lskel_loader *loader,
			      int *slots, const int *before)
{
	__u32 i;

	for (i = loader->first; i < loader->first + loader->nr_steps; i++) {
		const struct lskel_step *step = &object->steps[i];
		int *slot = &slots[step->slot];

		if (*slot == before[step->slot])
			continue;
		/* A type of the kernel's own BTF has no descriptor: 0 */
		if (step->kind == LSKEL_STEP_FIND_BTF && *slot >= 0 && slot[1] > 0)
			close(slot[1]);
		else if ((step->kind == LSKEL_STEP_BTF_LOAD || step->kind == LSKEL_STEP_MAP_CREATE ||
			  step->kind == LSKEL_STEP_PROG_LOAD) && *slot >= 0)
			close(*slot);
		*slot = before[step->slot];
	}
}

/* A loader in the kernel, and the blob that it works on */
struct lskel_ready {
	const struct lskel_loader *loader;
	int map_fd, prog_fd;
	char *blob;
	int interrupted;
	__u32 log_size;
};

static inline void lskel_ready_end(struct lskel_ready *ready)
{
	if (ready->blob)
		munmap(ready->blob, lskel_pages(ready->loader->blob.size));
	lskel_close(&ready->map_fd);
	lskel_close(&ready->prog_fd);
}

static inline int lskel_ready_load(struct lskel *skel, struct lskel_ready *ready)
{
	const struct lskel_loader *loader = ready->loader;
	const struct lskel_image *code = skel->usual && loader->usual.size ? &loader->usual :
					 &loader->any;
	struct lskel_load_attr attr;
	void *insns = calloc(1, code->size);
	char *log = NULL;
	int fd, err;

	if (!insns)
		return lskel_nomem(skel);
	lskel_unpack(code, 0, code->size, insns);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = LSKEL_PROG_TYPE_SYSCALL;
	attr.insns = lskel_address(insns);
	attr.insn_cnt = code->size / 8;
	attr.license = lskel_address("Dual BSD/GPL");
	attr.prog_flags = LSKEL_F_SLEEPABLE;
	memcpy(attr.prog_name, "lskel_loader", sizeof("lskel_loader"));
	attr.fd_array = lskel_address(&ready->map_fd);
	do
		fd = lskel_bpf(LSKEL_PROG_LOAD, &attr, sizeof(attr));
	while (fd == -EAGAIN);
	err = fd;
	if (err < 0 && err != -EPERM && err != -E2BIG && (log = (char *)calloc(1, 1 << 16))) {
		attr.log_level = 1;
		attr.log_size = 1 << 16;
		attr.log_buf = lskel_address(log);
		fd = lskel_bpf(LSKEL_PROG_LOAD, &attr, sizeof(attr));
		free(skel->log);
		skel->log = log;
	}
	free(insns);
	ready->prog_fd = fd;
	if (fd >= 0)
		return 0;
	return lskel_fail(skel, err, "cannot load the loader: %s (errno %d)%s", strerror(-err), -err,
			  err == -EPERM || err == -EACCES ?
			  "; it needs CAP_BPF and CAP_PERFMON" :
			  err == -E2BIG || !skel->log || !skel->log[0] ?
			  "; does the kernel have BPF syscall programs?" : "");
}

/* Write @value over a field of a step's attributes, and of their twin */
static inline void lskel_patch(const struct lskel *skel, const struct lskel_ready *ready,
			       __u32 step, size_t field, const void *value, size_t size)
{
	const struct lskel_step *steps = skel->object->steps;
	char *attr = ready->blob + steps[step].attr + field;

	memcpy(attr, value, size);
	if (steps[step].twin)
		memcpy(attr + ready->loader->twin, value, size);
}

/* Write into the blob what the user and the machine decide */
static inline void lskel_prepare_maps(const struct lskel *skel, const struct lskel_ready *ready)
{
	const struct lskel_object *object = skel->object;
	const void *value;
	__u32 i, n;

	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];

		if (map->data && map->data_offset != LSKEL_NONE &&
		    ready->loader == &object->loaders[map->data_loader]) {
			memcpy(&value, lskel_member(skel, map->data), sizeof(value));
			memcpy(ready->blob + map->data_offset, value, map->data_size);
		}
		if (lskel_has_step(ready->loader, map->step)) {
			n = lskel_max_entries(skel, map);
			lskel_patch(skel, ready, map->step,
				    offsetof(struct lskel_map_attr, max_entries), &n, sizeof(n));
		}
	}
}

/* To the kernel, attach_prog_fd 0 is none */
static inline int lskel_prepare_targets(struct lskel *skel, const struct lskel_ready *ready,
					const int *slots, int *spare)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];
		const char *func = prog->target_func;
		int fd, id;

		if (!prog->target || slots[prog->slot] == LSKEL_SLOT_SKIP ||
		    !lskel_has_step(ready->loader, prog->step))
			continue;
		fd = *lskel_fd(skel, prog->target);
		if (prog->target_name)
			memcpy(&func, lskel_member(skel, prog->target_name), sizeof(func));
		if (fd < 0 || !func)
			return lskel_fail(skel, -EINVAL, "program '%s' (SEC(\"%s\")) needs to know its"
					  " target: set progs.%s.target_fd%s", prog->name, prog->sec,
					  prog->ident, prog->target_name ? " and target_func" : "");
		id = lskel_find_target(fd, func);
		if (id < 0)
			return lskel_fail(skel, id, "cannot find function '%s' in the target of program"
					  " '%s': %s (errno %d)", func, prog->name, strerror(-id), -id);
		if (!fd) {
			if (*spare < 0)
				*spare = fcntl(fd, 1030 /* F_DUPFD_CLOEXEC */, 1);
			fd = *spare;
		}
		lskel_patch(skel, ready, prog->step, offsetof(struct lskel_load_attr, attach_btf_id),
			    &id, sizeof(id));
		lskel_patch(skel, ready, prog->step, offsetof(struct lskel_load_attr, attach_prog_fd),
			    &fd, sizeof(fd));
	}
	return 0;
}

static inline int lskel_run_loader(const struct lskel_object *object, const struct lskel_ready *ready,
				   int *slots)
{
	struct lskel_run_attr attr;
	int err;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (__u32)ready->prog_fd;
	attr.ctx_in = lskel_address(slots);
	attr.ctx_size_in = object->nr_slots * (__u32)sizeof(*slots);
	err = lskel_bpf(LSKEL_PROG_TEST_RUN, &attr, sizeof(attr));
	/* What a loader returns is an errno, or anything else */
	if (!err && attr.retval >= (__u32)-4095)
		err = (int)attr.retval;
	return err;
}

/* What can be done about the failure @err of @step: true if it is worth to run
 * the loader again. *@cause becomes what to tell if that fails as well.
 */
static inline bool lskel_retry(struct lskel *skel, struct lskel_ready *ready,
			       const struct lskel_step *step, int err, int *cause)
{
	const __u32 nr = (__u32)(step - skel->object->steps);
	const size_t types = offsetof(struct lskel_map_attr, btf_key_type_id);
	const __u32 max = (1 << 24) - 1;	/* what 5.10 accepts */
	struct { __u32 level, size; __u64 buf; } log;
	__u32 ids[2] = { 0, 0 };
	char *buf;

	/* A signal interrupts the verifier */
	if (err == -EAGAIN)
		return ready->interrupted++ < 5;

	/* Not every kernel takes the types of every map; they only describe it */
	if (step->kind == LSKEL_STEP_MAP_CREATE) {
		memcpy(ids, ready->blob + step->attr + types, sizeof(ids));
		if (!ids[0] && !ids[1])
			return false;
		memset(ids, 0, sizeof(ids));
		lskel_patch(skel, ready, nr, types, ids, sizeof(ids));
		return true;
	}

	/* The verifier's log, in a buffer that grows until it is large enough */
	if (step->kind != LSKEL_STEP_PROG_LOAD)
		return false;
	if (!ready->log_size)
		*cause = err;
	else if (err != -ENOSPC || ready->log_size == max)
		return false;
	log.level = 1;
	log.size = !ready->log_size ? 1 << 16 : ready->log_size < 1 << 22 ? ready->log_size * 8 : max;
	buf = (char *)realloc(skel->log, log.size);
	if (!buf)
		return false;
	buf[0] = 0;
	skel->log = buf;
	ready->log_size = log.size;
	log.buf = lskel_address(buf);
	lskel_patch(skel, ready, nr, offsetof(struct lskel_load_attr, log_level), &log, sizeof(log));
	return true;
}

static inline int lskel_tell(struct lskel *skel, const struct lskel_step *step, int err)
{
	static const struct {
		const char *before, *after;
	} what[] = {
		{ "load the BTF", "" },
		{ "create map '", "'" },
		{ "set the initial value of map '", "'" },
		{ "freeze map '", "'" },
		{ "fill slot '", "'" },
		{ "find '", "' in the kernel's BTF" },
		{ "load program '", "'" }
	};

	if (!step)
		return lskel_fail(skel, err, "cannot run the loader: %s (errno %d)", strerror(-err), -err);
	return lskel_fail(skel, err, "cannot %s%s%s: %s (errno %d)", what[step->kind].before,
			  step->kind == LSKEL_STEP_BTF_LOAD ? "" : step->object,
			  what[step->kind].after, strerror(-err), -err);
}

/* Make the steps of one loader. @slots hold what those before left, and are left
 * with all that was done; @before is room for a copy.
 */
static inline int lskel_steps(struct lskel *skel, const struct lskel_loader *loader,
			      int *slots, int *before)
{
	const struct lskel_object *object = skel->object;
	const size_t size = object->nr_slots * sizeof(*slots);
	const struct lskel_step *step;
	struct lskel_ready ready;
	struct lskel_map_attr attr;
	int err, first = 0, spare = -1;
	void *blob;

	memset(&ready, 0, sizeof(ready));
	ready.loader = loader;
	ready.prog_fd = -1;
	memset(&attr, 0, sizeof(attr));
	attr.map_type = LSKEL_MAP_TYPE_ARRAY;
	attr.key_size = 4;
	attr.value_size = loader->blob.size;
	attr.max_entries = 1;
	attr.map_flags = LSKEL_F_MMAPABLE;
	memcpy(attr.map_name, "lskel_blob", sizeof("lskel_blob"));
	/* Takes descriptor 0 if that is free, so nothing that the loader makes
	 * is mistaken for none by the kernel.
	 */
	ready.map_fd = lskel_bpf(LSKEL_MAP_CREATE, &attr, sizeof(attr));
	if (ready.map_fd < 0)
		return lskel_fail(skel, ready.map_fd, "cannot create the loader's map: %s (errno %d)%s",
				  strerror(-ready.map_fd), -ready.map_fd,
				  ready.map_fd == -EPERM ? "; it needs CAP_BPF" : "");
	blob = mmap(NULL, lskel_pages(loader->blob.size), PROT_READ | PROT_WRITE, MAP_SHARED,
		    ready.map_fd, 0);
	if (blob == MAP_FAILED) {
		err = lskel_fail(skel, -errno, "cannot map the loader's map: %s (errno %d)",
				 strerror(errno), errno);
		goto end;
	}
	ready.blob = (char *)blob;
	lskel_unpack(&loader->blob, 0, loader->blob.size, ready.blob);
	lskel_prepare_maps(skel, &ready);
	err = lskel_prepare_targets(skel, &ready, slots, &spare);
	if (!err)
		err = lskel_ready_load(skel, &ready);
	if (err)
		goto end;

	memcpy(before, slots, size);
	for (;;) {
		err = lskel_run_loader(object, &ready, slots);
		if (!err)
			break;
		step = lskel_failed(object, loader, slots, err);
		if (!step || !lskel_retry(skel, &ready, step, err, &first)) {
			lskel_tell(skel, step, first && step ? first : err);
			break;
		}
		lskel_undo(object, loader, slots, before);
	}
end:
	lskel_close(&spare);
	lskel_ready_end(&ready);
	return err;
}

/* Put the values of data sections where the skeleton's pointers point to */
static inline int lskel_map_data(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	const size_t page = lskel_pages(1);
	__u32 i;

	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];
		const int prot = map->read_only ? PROT_READ : PROT_READ | PROT_WRITE;
		const size_t size = lskel_pages(map->data_size);
		char *old, *value;
		size_t at;

		if (!map->data)
			continue;
		memcpy(&old, lskel_member(skel, map->data), sizeof(old));
		if (map->data_offset == LSKEL_NONE && !map->read_only) {
			value = (char *)mmap(NULL, size, prot, MAP_SHARED, slots[i], 0);
			if (value == (char *)MAP_FAILED)
				goto fail;
			for (at = 0; at < size; at += page)
				if (old[at] || memcmp(old + at, old + at + 1, page - 1))
					memcpy(value + at, old + at, page);
			munmap(value, size);
		}
		if (mmap(old, size, prot, MAP_SHARED | MAP_FIXED, slots[i], 0) == MAP_FAILED)
			goto fail;
		continue;
fail:
		return lskel_fail(skel, -errno, "cannot map the value of map '%s': %s (errno %d)",
				  map->name, strerror(errno), errno);
	}
	return 0;
}

static inline int lskel_pin_all(struct lskel *skel, const int *slots, const bool *reused)
{
	const struct lskel_object *object = skel->object;
	__u32 i;
	int err;

	for (i = 0; i < object->nr_maps; i++) {
		if (!object->maps[i].pin || reused[i])
			continue;
		err = lskel_pin(skel, &object->maps[i], slots[i]);
		if (!err)
			continue;
		while (i--)
			if (object->maps[i].pin && !reused[i])
				lskel_unpin(skel, &object->maps[i]);
		return err;
	}
	return 0;
}

/* Before the steps: what @slots say of the user's choices and of maps that are
 * pinned already, which are the @reused ones
 */
static inline int lskel_begin(struct lskel *skel, int *slots, bool *reused)
{
	const struct lskel_object *object = skel->object;
	__u32 i;
	int err;

	for (i = 0; i < object->nr_slots; i++)
		slots[i] = LSKEL_SLOT_UNSET;
	skel->usual = true;
	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];
		const bool load = !prog->autoload || *(bool *)lskel_member(skel, prog->autoload);

		if (!load)
			slots[prog->slot] = LSKEL_SLOT_SKIP;
		if (load == prog->optional)
			skel->usual = false;
	}
	err = lskel_reuse_all(skel, slots, reused);
	for (i = 0; i < object->nr_maps; i++)
		if (reused[i])
			skel->usual = false;
	return err;
}

/* After them. -EEXIST: somebody else has pinned a map in the meantime. */
static inline int lskel_end(struct lskel *skel, const int *slots, const bool *reused)
{
	const struct lskel_object *object = skel->object;
	int err = lskel_pin_all(skel, slots, reused);
	__u32 i;

	if (err)
		return err;
	err = lskel_map_data(skel, slots);
	for (i = 0; err && i < object->nr_maps; i++)
		if (object->maps[i].pin && !reused[i])
			lskel_unpin(skel, &object->maps[i]);
	return err;
}

/* Close all that is in @slots; @work is room for as many */
static inline void lskel_abort(const struct lskel_object *object, int *slots, int *work)
{
	__u32 i;

	for (i = 0; i < object->nr_slots; i++)
		work[i] = LSKEL_SLOT_UNSET;
	for (i = 0; i < object->nr_loaders; i++)
		lskel_undo(object, &object->loaders[i], slots, work);
}

/* Hand the results over to the skeleton, and close what only the load needed */
static inline void lskel_publish(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];
		struct lskel_map *member = (struct lskel_map *)lskel_member(skel, map->member);

		if (!map->member)
			continue;
		member->max_entries = lskel_max_entries(skel, map);
		member->map_fd = slots[i];
		slots[i] = LSKEL_SLOT_UNSET;
	}
	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];
		int *slot = &slots[prog->slot];

		*lskel_fd(skel, prog->fd) = *slot >= 0 ? *slot : -1;
		*slot = LSKEL_SLOT_UNSET;
	}
	for (i = 0; i < object->nr_steps; i++) {
		const struct lskel_step *step = &object->steps[i];
		int *slot = &slots[step->slot];

		if (step->kind == LSKEL_STEP_BTF_LOAD || step->kind == LSKEL_STEP_MAP_CREATE)
			lskel_close(slot);
		else if (step->kind == LSKEL_STEP_FIND_BTF && *slot >= 0 && slot[1] > 0)
			lskel_close(&slot[1]);
	}
	skel->loaded = true;
}

static inline int lskel_load(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	bool again, *reused;
	int *slots, *before, err, tries = 10;
	__u32 i;

	if (skel->loaded)
		return lskel_fail(skel, -EALREADY, "it is loaded already");
	skel->error[0] = 0;
	skel->loading = true;
	slots = (int *)calloc(object->nr_slots + 1, 2 * sizeof(*slots));
	reused = (bool *)calloc(object->nr_maps + 1, sizeof(*reused));
	if (!slots || !reused) {
		err = lskel_nomem(skel);
		goto end;
	}
	before = slots + object->nr_slots;
	do {
		again = false;
		free(skel->log);
		skel->log = NULL;
		err = lskel_begin(skel, slots, reused);
		for (i = 0; !err && i < object->nr_loaders; i++)
			err = lskel_steps(skel, &object->loaders[i], slots, before);
		if (!err) {
			err = lskel_end(skel, slots, reused);
			again = err == -EEXIST;
		}
		if (err)
			lskel_abort(object, slots, before);
		if (err == -EPERM)
			again = lskel_raise_memlock(skel);
	} while (again && --tries);
	if (!err) {
		lskel_publish(skel, slots);
		skel->error[0] = 0;
	}
end:
	free(slots);
	free(reused);
	skel->loading = false;
	if (err) {
		lskel_remember(skel, skel->log);
		errno = -err;
	}
	return err;
}

static inline void lskel_detach(struct lskel *skel)
{
	__u32 i;

	for (i = 0; i < skel->object->nr_progs; i++)
		lskel_close(lskel_fd(skel, skel->object->progs[i].link));
}

static inline void lskel_destroy(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	void *value;
	__u32 i;

	lskel_detach(skel);
	for (i = 0; i < object->nr_progs; i++)
		lskel_close(lskel_fd(skel, object->progs[i].fd));
	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];

		if (map->member)
			lskel_close(&((struct lskel_map *)lskel_member(skel, map->member))->map_fd);
		if (!map->data)
			continue;
		memcpy(&value, lskel_member(skel, map->data), sizeof(value));
		if (value)
			munmap(value, lskel_pages(map->data_size));
	}
	free(skel->log);
	free(skel);
}

static inline struct lskel *lskel_open(const struct lskel_object *object)
{
	struct lskel *skel = (struct lskel *)calloc(1, object->size);
	static const char pin_dir[] = "/sys/fs/bpf";
	const char *dir = pin_dir;
	void *value;
	__u32 i;

	if (!skel) {
		struct lskel none;

		memset(&none, 0, sizeof(none));
		none.object = object;
		lskel_nomem(&none);
		return NULL;
	}
	skel->object = object;
	if (object->pin_dir)
		memcpy(lskel_member(skel, object->pin_dir), &dir, sizeof(dir));
	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		*lskel_fd(skel, prog->fd) = -1;
		*lskel_fd(skel, prog->link) = -1;
		if (prog->autoload)
			*(bool *)lskel_member(skel, prog->autoload) = !prog->optional;
		if (prog->target)
			*lskel_fd(skel, prog->target) = -1;
	}
	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];

		if (map->member) {
			struct lskel_map *member = (struct lskel_map *)lskel_member(skel, map->member);

			member->map_fd = -1;
			member->max_entries = map->max_entries;
		}
	}
	for (i = 0; i < object->nr_maps; i++) {
		const struct lskel_map_desc *map = &object->maps[i];

		if (!map->data)
			continue;
		value = lskel_anonymous(map->data_size);
		if (!value) {
			lskel_nomem(skel);
			lskel_destroy(skel);
			return NULL;
		}
		if (map->data_offset != LSKEL_NONE)
			lskel_unpack(&object->loaders[map->data_loader].blob, map->data_offset,
				     map->data_size, value);
		memcpy(lskel_member(skel, map->data), &value, sizeof(value));
	}
	return skel;
}

/* Attach program number @nr. @tracepoint and @target are for those kinds that
 * need to be told. Returns the link's descriptor.
 */
static inline int lskel_attach(struct lskel *skel, __u32 nr, const char *tracepoint, int target)
{
	const struct lskel_prog_desc *prog = &skel->object->progs[nr];
	const int prog_fd = *lskel_fd(skel, prog->fd);
	int *link = lskel_fd(skel, prog->link);
	struct lskel_raw_tp_attr raw_tp;
	struct lskel_link_attr attr;
	__u32 map_fd = (__u32)target;
	int fd;

	if (prog->how <= LSKEL_ATTACH_RUN)
		return lskel_fail(skel, -EOPNOTSUPP, "program '%s' is SEC(\"%s\"), %s", prog->name,
				  prog->sec, prog->how == LSKEL_ATTACH_RUN ?
				  "which is run, not attached" :
				  "which the light skeleton does not attach");
	if (prog_fd < 0)
		return lskel_fail(skel, -EINVAL, "program '%s' is not loaded", prog->name);
	if (*link >= 0)
		return lskel_fail(skel, -EALREADY, "program '%s' is attached already", prog->name);
	if (prog->how <= LSKEL_ATTACH_RAW_TP_NAME) {
		memset(&raw_tp, 0, sizeof(raw_tp));
		raw_tp.name = lskel_address(prog->how == LSKEL_ATTACH_RAW_TP ? prog->tracepoint :
					    tracepoint);
		raw_tp.prog_fd = (__u32)prog_fd;
		fd = lskel_bpf(LSKEL_RAW_TRACEPOINT_OPEN, &raw_tp, sizeof(raw_tp));
	} else {
		memset(&attr, 0, sizeof(attr));
		attr.prog_fd = (__u32)prog_fd;
		attr.attach_type = prog->attach_type;
		if (prog->how == LSKEL_ATTACH_ITER_MAP) {
			attr.iter_info = lskel_address(&map_fd);
			attr.iter_info_len = sizeof(map_fd);
		} else if (prog->how != LSKEL_ATTACH_ITER) {
			attr.target = (__u32)target;
		}
		fd = lskel_bpf(LSKEL_LINK_CREATE, &attr, sizeof(attr));
	}
	if (fd < 0)
		return lskel_fail(skel, fd, "cannot attach program '%s' (SEC(\"%s\")): %s (errno %d)",
				  prog->name, prog->sec, strerror(-fd), -fd);
	*link = fd;
	return fd;
}

/* Say that program @prog is among those that were not attached */
static inline void lskel_not_attached(struct lskel *skel, const struct lskel_prog_desc *prog, bool first)
{
	const size_t len = strlen(skel->error);

	snprintf(skel->error + len, sizeof(skel->error) - len, "%s%s (SEC(\"%s\")%s)",
		 first ? " " : ", ", prog->name, prog->sec,
		 prog->how == LSKEL_ATTACH_NOT ? "" : " needs an argument");
	memcpy(lskel_failure_1.error, skel->error, sizeof(skel->error));
}

/* Attach all programs that are loaded and need no argument. -EOPNOTSUPP: there
 * are others, or none at all. After any other error none is that was not before.
 */
static inline int lskel_attach_all(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	bool *mine = (bool *)calloc(object->nr_progs + 1, sizeof(*mine));
	bool *others = (bool *)calloc(object->nr_progs + 1, sizeof(*others));
	__u32 i, attached = 0;
	int err = 0, ret = 0;

	if (!mine || !others)
		ret = lskel_nomem(skel);
	for (i = 0; !ret && i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		if (*lskel_fd(skel, prog->link) >= 0) {
			attached++;
		} else if (skel->loaded && *lskel_fd(skel, prog->fd) < 0) {
			continue;
		} else if (prog->how == LSKEL_ATTACH_RAW_TP || prog->how == LSKEL_ATTACH_ITER) {
			ret = lskel_attach(skel, i, NULL, 0);
			mine[i] = ret >= 0;
			attached += mine[i];
			ret = ret < 0 ? ret : 0;
		} else if (prog->how != LSKEL_ATTACH_RUN && !prog->called) {
			others[i] = true;
			err = -EOPNOTSUPP;
		}
	}
	for (i = 0; ret && mine && i < object->nr_progs; i++)
		if (mine[i])
			lskel_close(lskel_fd(skel, object->progs[i].link));
	if (!ret && !err && !attached)
		ret = lskel_fail(skel, -EOPNOTSUPP, "no program of it is one to attach");
	if (!ret && err) {
		bool first = true;

		ret = lskel_fail(skel, err, "not attached:");
		for (i = 0; i < object->nr_progs; i++) {
			if (others[i])
				lskel_not_attached(skel, &object->progs[i], first);
			first = first && !others[i];
		}
	}
	free(mine);
	free(others);
	if (ret)
		errno = -ret;
	return ret;
}

/* Run a syscall program. Returns what it returned, as a __u32, or an errno. */
static inline __s64 lskel_run(struct lskel *skel, __u32 nr, void *ctx, __u32 size)
{
	const struct lskel_prog_desc *prog = &skel->object->progs[nr];
	const int prog_fd = *lskel_fd(skel, prog->fd);
	struct lskel_run_attr attr;
	int err;

	if (prog_fd < 0)
		return lskel_fail(skel, -EINVAL, "program '%s' is not loaded", prog->name);
	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (__u32)prog_fd;
	attr.ctx_in = lskel_address(ctx);
	attr.ctx_size_in = size;
	err = lskel_bpf(LSKEL_PROG_TEST_RUN, &attr, sizeof(attr));
	if (err)
		return lskel_fail(skel, err, "cannot run program '%s': %s (errno %d)", prog->name,
				  strerror(-err), -err);
	return attr.retval;
}

#endif /* LSKEL_RUNTIME */
