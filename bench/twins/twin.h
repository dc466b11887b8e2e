/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What samples/ use of a light skeleton, made with libbpf and its own skeleton:
 * included as NAME.lskel.h, it turns a sample into a program that does the same by
 * libbpf. Before it are the macros that the Makefile makes:
 *
 *	TWIN		NAME
 *	TWIN_MAPS(X)	X(MAP) for every map
 *	TWIN_PROGS(X)	X(PROG) for every program
 *	TWIN_DATA(X)	X(SECTION) for every section of variables
 *
 * What is not said here is as in docs/skeleton.md.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PASTE_(a, b)	a##b
#define PASTE(a, b)	PASTE_(a, b)
#define SKEL		PASTE(TWIN, _bpf)
#define SKEL_FN(fn)	PASTE(PASTE(SKEL, __), fn)
#define FN(fn)		PASTE(PASTE(TWIN, __), fn)

#define MAP(name)	struct { int map_fd; } name;
#define PROG(name)	struct { int prog_fd; bool autoload; } name;
#define LINK(name)	int name##_fd;
#define DATA(name)	typeof(((struct SKEL *)0)->name) name;

struct TWIN {
	struct SKEL *skel;
	const char *pin_dir;
	struct { TWIN_MAPS(MAP) } maps;
	struct { TWIN_PROGS(PROG) } progs;
	struct { TWIN_PROGS(LINK) } links;
	TWIN_DATA(DATA)
};

/* libbpf itself has said more on standard error. */
static inline const char *FN(error)(const struct TWIN *twin)
{
	(void)twin;
	return strerror(errno);
}

static inline const char *FN(log)(const struct TWIN *twin)
{
	(void)twin;
	return "";
}

static inline void FN(destroy)(struct TWIN *twin)
{
	if (twin)
		SKEL_FN(destroy)(twin->skel);
	free(twin);
}

#define TAKE_DATA(name)	twin->name = twin->skel->name;
#define AUTOLOAD(name)	twin->progs.name.autoload = bpf_program__autoload(twin->skel->progs.name);

static inline struct TWIN *FN(open)(void)
{
	struct TWIN *twin = calloc(1, sizeof(*twin));

	if (!twin)
		return NULL;
	twin->skel = SKEL_FN(open)();
	if (!twin->skel) {
		free(twin);
		return NULL;
	}
	TWIN_DATA(TAKE_DATA)
	TWIN_PROGS(AUTOLOAD)
	return twin;
}

#define SET_AUTOLOAD(name) bpf_program__set_autoload(twin->skel->progs.name, twin->progs.name.autoload);
#define TAKE_MAP(name)	twin->maps.name.map_fd = bpf_map__fd(twin->skel->maps.name);
#define TAKE_PROG(name)	twin->progs.name.prog_fd = bpf_program__fd(twin->skel->progs.name);

static inline int FN(load)(struct TWIN *twin)
{
	struct bpf_map *map;
	char path[256];
	int err;

	TWIN_PROGS(SET_AUTOLOAD)
	bpf_object__for_each_map(map, twin->skel->obj) {
		if (!twin->pin_dir || !bpf_map__pin_path(map))
			continue;
		snprintf(path, sizeof(path), "%s/%s", twin->pin_dir, bpf_map__name(map));
		bpf_map__set_pin_path(map, path);
	}
	err = SKEL_FN(load)(twin->skel);
	if (err)
		return err;
	TWIN_MAPS(TAKE_MAP)
	TWIN_PROGS(TAKE_PROG)
	TWIN_DATA(TAKE_DATA)
	return 0;
}

#define TAKE_LINK(name)							\
	if (twin->skel->links.name)					\
		twin->links.name##_fd = bpf_link__fd(twin->skel->links.name);

static inline int FN(attach)(struct TWIN *twin)
{
	int err = SKEL_FN(attach)(twin->skel);

	if (!err) {
		TWIN_PROGS(TAKE_LINK)
	}
	return err;
}

static inline void FN(detach)(struct TWIN *twin)
{
	SKEL_FN(detach)(twin->skel);
}

/* The arguments depend on the kind of program. */
static inline struct bpf_link *twin_attach(const struct bpf_program *prog, va_list args)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts);
	const char *path, *name, *section;
	int number = va_arg(args, int);

	switch (bpf_program__type(prog)) {
	case BPF_PROG_TYPE_XDP:
		return bpf_program__attach_xdp(prog, number);
	case BPF_PROG_TYPE_CGROUP_SKB:
		return bpf_program__attach_cgroup(prog, number);
	case BPF_PROG_TYPE_KPROBE:
		path = va_arg(args, const char *);
		name = va_arg(args, const char *);
		section = bpf_program__section_name(prog);
		if (strstr(section, "usdt"))
			return bpf_program__attach_usdt(prog, number, path, name,
							va_arg(args, const char *), NULL);
		opts.func_name = name;
		opts.retprobe = !strncmp(section, "uret", 4);
		return bpf_program__attach_uprobe_opts(prog, number, path, 0, &opts);
	default:
		errno = EOPNOTSUPP;
		return NULL;
	}
}

#define ATTACH(name)							\
static inline int PASTE(FN(name), __attach)(struct TWIN *twin, ...)	\
{									\
	struct bpf_link *link;						\
	va_list args;							\
									\
	va_start(args, twin);						\
	link = twin_attach(twin->skel->progs.name, args);		\
	va_end(args);							\
	twin->skel->links.name = link;					\
	return link ? bpf_link__fd(link) : -errno;			\
}
TWIN_PROGS(ATTACH)

static inline int lskel_bpf(int cmd, union bpf_attr *attr, unsigned int size)
{
	int ret = syscall(__NR_bpf, cmd, attr, size);

	return ret < 0 ? -errno : ret;
}

typedef int (*lskel_record_fn)(void *ctx, const void *data, size_t size);

/* One ring buffer, or one perf buffer */
struct lskel_rings {
	struct ring_buffer *ring;
	struct perf_buffer *perf;
	lskel_record_fn record;
	void (*lost)(void *ctx, int cpu, __u64 records);
	void *ctx;
	int stop;		/* what record() returned, if that was negative */
};

static inline struct lskel_rings *lskel_rings_open(void)
{
	return calloc(1, sizeof(struct lskel_rings));
}

static inline int twin_record(void *ctx, void *data, size_t size)
{
	struct lskel_rings *rings = ctx;

	return rings->record(rings->ctx, data, size);
}

static inline int lskel_ringbuf_add(struct lskel_rings *rings, int map_fd, lskel_record_fn record,
				    void *ctx)
{
	rings->record = record;
	rings->ctx = ctx;
	rings->ring = ring_buffer__new(map_fd, twin_record, rings, NULL);
	return rings->ring ? 0 : -errno;
}

static inline void twin_sample(void *ctx, int cpu, void *data, __u32 size)
{
	struct lskel_rings *rings = ctx;

	(void)cpu;
	if (rings->stop >= 0)
		rings->stop = rings->record(rings->ctx, data, size);
}

static inline void twin_lost(void *ctx, int cpu, __u64 records)
{
	struct lskel_rings *rings = ctx;

	rings->lost(rings->ctx, cpu, records);
}

static inline int lskel_perfbuf_add(struct lskel_rings *rings, int map_fd, size_t pages,
				    lskel_record_fn record,
				    void (*lost)(void *ctx, int cpu, __u64 records), void *ctx)
{
	rings->record = record;
	rings->lost = lost;
	rings->ctx = ctx;
	rings->perf = perf_buffer__new(map_fd, pages, twin_sample, twin_lost, rings, NULL);
	return rings->perf ? 0 : -errno;
}

static inline int lskel_rings_poll(struct lskel_rings *rings, int timeout_ms)
{
	int ret;

	if (rings->ring)
		return ring_buffer__poll(rings->ring, timeout_ms);
	rings->stop = 0;
	ret = perf_buffer__poll(rings->perf, timeout_ms);
	return rings->stop < 0 ? rings->stop : ret;
}

static inline int lskel_rings_consume(struct lskel_rings *rings)
{
	return rings->ring ? ring_buffer__consume(rings->ring) : perf_buffer__consume(rings->perf);
}

static inline void lskel_rings_close(struct lskel_rings *rings)
{
	if (!rings)
		return;
	ring_buffer__free(rings->ring);
	perf_buffer__free(rings->perf);
	free(rings);
}

static inline int lskel_iter_read(int link_fd, lskel_record_fn record, void *ctx)
{
	int fd = bpf_iter_create(link_fd), ret = fd < 0 ? fd : 0;
	char piece[4096];
	ssize_t n = 1;

	while (ret >= 0 && n > 0) {
		n = read(fd, piece, sizeof(piece));
		ret = n < 0 ? -errno : n > 0 ? record(ctx, piece, n) : 0;
	}
	if (fd >= 0)
		close(fd);
	return ret < 0 ? ret : 0;
}
