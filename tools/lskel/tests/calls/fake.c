// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A library to preload: a bpf(2) that takes everything, as long as it refers to
 * what there is, and notes in the file $CALLS what that was, with names for
 * descriptors. So can be compared what two programs load, without a kernel.
 *
 * $KERNEL_BTF is the file of the kernel's types. With $OLD set, types are
 * refused that 5.10 does not know, and helpers when that is what is asked.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zlib.h>

#define KERNEL_BTF	"/sys/kernel/btf/vmlinux"
#define FDS		4096
#define VALUE_MAX	(1 << 20)

long syscall(long number, ...);
int faccessat(int dir, const char *path, int mode, int flags);
FILE *fopen(const char *path, const char *mode);
FILE *fopen64(const char *path, const char *mode);

/* What is behind our descriptors; type 0 of a map is none */
static struct {
	char name[BPF_OBJ_NAME_LEN];
	__u32 type, key_size, value_size;
	int frozen;
} objects[FDS];

static FILE *calls;

static int old(void)
{
	const char *s = getenv("OLD");

	return s && *s;
}

#define note(...) fprintf(calls, __VA_ARGS__)

static int fail(int err)
{
	errno = err;
	return -1;
}

static int add_object(const char *name)
{
	/* The value of a map is mapped. */
	int fd = memfd_create("fake", MFD_CLOEXEC);

	if (fd < 0 || fd >= FDS || ftruncate(fd, VALUE_MAX))
		return fail(EMFILE);
	memset(&objects[fd], 0, sizeof(objects[fd]));
	snprintf(objects[fd].name, sizeof(objects[fd].name), "%s", name);
	return fd;
}

static const char *name_of(__u32 fd)
{
	return fd < FDS && objects[fd].name[0] ? objects[fd].name : "?";
}

static __u64 hash(const void *bytes, size_t n)
{
	const __u8 *b = bytes;
	__u64 h = 0xcbf29ce484222325;	/* FNV-1a */

	while (n--)
		h = (h ^ *b++) * 0x100000001b3;
	return h;
}

/* The name of the kernel's type @id, which stands for @what; 0: nothing */
static void note_type(const char *what, __u32 id)
{
	struct btf *types = btf__parse_raw(getenv("KERNEL_BTF"));
	const struct btf_type *t = types ? btf__type_by_id(types, id) : NULL;

	if (t && id)
		note(" %s=%s", what, btf__name_by_offset(types, t->name_off));
	btf__free(types);
}

static int btf_load(const union bpf_attr *attr)
{
	struct btf *types = btf__new((void *)attr->btf, attr->btf_size);
	bool known;
	__u32 id;

	for (id = 1; types && old() && id < btf__type_cnt(types); id++) {
		const struct btf_type *t = btf__type_by_id(types, id);

		if (btf_kind(t) > BTF_KIND_DATASEC ||
		    (btf_is_enum(t) && btf_kflag(t)))
			break;
	}
	known = types && (!old() || id == btf__type_cnt(types));
	btf__free(types);
	if (!known)
		return fail(EINVAL);
	note("btf size=%u hash=%llx\n", attr->btf_size,
	     hash((void *)attr->btf, attr->btf_size));
	return add_object("btf");
}

static int map_create(const union bpf_attr *attr)
{
	int fd = add_object(attr->map_name);

	if (fd < 0)
		return fd;
	objects[fd].type = attr->map_type;
	objects[fd].key_size = attr->key_size;
	objects[fd].value_size = attr->value_size;
	note("map %s type=%u key=%u value=%u entries=%u flags=%#x node=%u extra=%llu types=%u,%u",
	     attr->map_name, attr->map_type, attr->key_size, attr->value_size,
	     attr->max_entries, attr->map_flags, attr->numa_node, attr->map_extra,
	     attr->btf_key_type_id, attr->btf_value_type_id);
	note_type("value_type", attr->btf_vmlinux_value_type_id);
	if ((attr->btf_key_type_id || attr->btf_value_type_id || attr->btf_vmlinux_value_type_id) &&
	    strcmp(name_of(attr->btf_fd), "btf"))
		return fail(EBADF);
	note(" inner=%s\n", attr->inner_map_fd ? name_of(attr->inner_map_fd) : "none");
	return fd;
}

static int map_update(const union bpf_attr *attr)
{
	const void *value = (void *)attr->value;

	if (objects[attr->map_fd].frozen)
		return fail(EPERM);
	note("map %s [%u] = ", name_of(attr->map_fd), *(__u32 *)attr->key);
	switch (objects[attr->map_fd].type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		note("%s\n", name_of(*(__u32 *)value));
		break;
	default:
		note("%llx\n", hash(value, objects[attr->map_fd].value_size));
	}
	return 0;
}

/* Zero is what a new map has anyway. */
static int is_zero(const union bpf_attr *attr)
{
	const __u8 *value = (void *)attr->value;
	__u32 n = objects[attr->map_fd].value_size;

	return objects[attr->map_fd].type == BPF_MAP_TYPE_ARRAY &&
	       (!n || (!value[0] && !memcmp(value, value + 1, n - 1)));
}

static void note_insns(const union bpf_attr *attr)
{
	const struct bpf_insn *insn = (void *)attr->insns;
	const int *fds = (void *)attr->fd_array;

	for (__u32 i = 0; i < attr->insn_cnt; i++) {
		__u32 src = insn[i].src_reg, map = insn[i].imm;

		note("prog %s %05u ", attr->prog_name, i);
		if (insn[i].code == (BPF_LD | BPF_IMM | BPF_DW) &&
		    (src == BPF_PSEUDO_MAP_FD || src == BPF_PSEUDO_MAP_VALUE ||
		     src == BPF_PSEUDO_MAP_IDX || src == BPF_PSEUDO_MAP_IDX_VALUE)) {
			if (src == BPF_PSEUDO_MAP_IDX || src == BPF_PSEUDO_MAP_IDX_VALUE)
				map = fds[map];
			note("r%u = %s", insn[i].dst_reg, name_of(map));
			if (src == BPF_PSEUDO_MAP_VALUE || src == BPF_PSEUDO_MAP_IDX_VALUE)
				note("[0]+%d", insn[i + 1].imm);
			note("\n");
			i++;
			continue;
		}
		note("%02x %x %x %d %d\n", insn[i].code, insn[i].dst_reg, src,
		     insn[i].off, insn[i].imm);
	}
}

static int prog_load(const union bpf_attr *attr)
{
	const struct bpf_insn *insns = (void *)attr->insns;

	/* Such programs ask what the kernel takes. */
	if (!attr->prog_name[0])
		return old() && insns->code == (BPF_JMP | BPF_CALL) &&
		       insns->imm > BPF_FUNC_redirect_peer ? fail(EINVAL) : add_object("?");
	note("prog %s type=%u attach=%u flags=%#x license=%s", attr->prog_name,
	     attr->prog_type, attr->expected_attach_type, attr->prog_flags,
	     (char *)attr->license);
	note_type("target", attr->attach_btf_id);
	note("\n");
	if (attr->func_info_cnt && strcmp(name_of(attr->prog_btf_fd), "btf"))
		return fail(EBADF);
	note("prog %s func_info %u of %u: %llx\n", attr->prog_name, attr->func_info_cnt,
	     attr->func_info_rec_size,
	     hash((void *)attr->func_info,
		  (size_t)attr->func_info_cnt * attr->func_info_rec_size));
	note("prog %s line_info %u of %u: %llx\n", attr->prog_name, attr->line_info_cnt,
	     attr->line_info_rec_size,
	     hash((void *)attr->line_info,
		  (size_t)attr->line_info_cnt * attr->line_info_rec_size));
	note_insns(attr);
	return add_object(attr->prog_name);
}

static int bpf(int cmd, const union bpf_attr *attr)
{
	switch (cmd) {
	case BPF_BTF_LOAD:
		return btf_load(attr);
	case BPF_MAP_CREATE:
		return map_create(attr);
	case BPF_MAP_UPDATE_ELEM:
		return is_zero(attr) ? 0 : map_update(attr);
	case BPF_MAP_FREEZE:
		objects[attr->map_fd].frozen = 1;
		note("map %s frozen\n", name_of(attr->map_fd));
		return 0;
	case BPF_PROG_LOAD:
		return prog_load(attr);
	case BPF_PROG_BIND_MAP:
		note("map %s bound to %s\n", name_of(attr->prog_bind_map.map_fd),
		     name_of(attr->prog_bind_map.prog_fd));
		return 0;
	case BPF_OBJ_GET:
	case BPF_BTF_GET_NEXT_ID:
		return fail(ENOENT);
	default:
		return fail(EINVAL);
	}
}

/* libbpf finds out once what the kernel can do. Whoever wants the calls after
 * that alone empties the file.
 */
long syscall(long number, ...)
{
	static long (*real)(long number, ...);
	union bpf_attr attr = { 0 };
	long arg[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (!calls)
		calls = fopen(getenv("CALLS"), "ae");
	if (!real)
		real = (long (*)(long number, ...))dlsym(RTLD_NEXT, "syscall");
	/* So libbpf learns what system calls are called. */
	if (number == __NR_perf_event_open)
		return add_object("?");
	if (number != __NR_bpf)
		return real(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	memcpy(&attr, (void *)arg[1],
	       (size_t)arg[2] < sizeof(attr) ? (size_t)arg[2] : sizeof(attr));
	number = bpf(arg[0], &attr);
	fflush(calls);
	return number;
}

int faccessat(int dir, const char *path, int mode, int flags)
{
	static int (*real)(int dir, const char *path, int mode, int flags);

	if (!real)
		real = (int (*)(int, const char *, int, int))dlsym(RTLD_NEXT, "faccessat");
	return strcmp(path, KERNEL_BTF) ? real(dir, path, mode, flags) : 0;
}

/* What a kernel says of itself: our files instead */
static const char *instead_of(const char *path)
{
	static const struct {
		const char *path, *file;
	} files[] = {
		{ KERNEL_BTF, "KERNEL_BTF" },
		{ "/proc/kallsyms", "KERNEL_SYMBOLS" },
		{ "/proc/config.gz", "KERNEL_CONFIG" },
		{ "/sys/bus/event_source/devices/kprobe/type", "KERNEL_KPROBES" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!strcmp(path, files[i].path))
			return getenv(files[i].file);
	return strncmp(path, "/boot/config-", strlen("/boot/config-")) ? path : "/nowhere";
}

FILE *fopen(const char *path, const char *mode)
{
	static FILE *(*real)(const char *path, const char *mode);

	if (!real)
		real = (FILE *(*)(const char *, const char *))dlsym(RTLD_NEXT, "fopen");
	return real(instead_of(path), mode);
}

int open(const char *path, int flags, ...)
{
	return openat(AT_FDCWD, instead_of(path), flags, 0600);
}

/* libbpf's way to the configuration */
gzFile gzopen(const char *path, const char *mode)
{
	static gzFile (*real)(const char *path, const char *mode);

	if (!real)
		real = (gzFile (*)(const char *, const char *))dlsym(RTLD_NEXT, "gzopen");
	return real(instead_of(path), mode);
}

FILE *fopen64(const char *path, const char *mode)
{
	return fopen(path, mode);
}
