// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the load of an object costs, in instructions of user space and kernel
 * together: with our loader, by replay of the same plan, with the peer's loader
 * and with libbpf.
 *
 *	load PATH...
 *
 * PATH.o is the object, PATH.lskel.h the peer's light skeleton of it, if there
 * is one. To be run where the time stamp counter counts instructions (scripts/vm
 * --icount). Prints a line per object, values with tabs between, 0 for what
 * could not be loaded:
 *	name  programs  maps
 *	our loader: instructions  blob in bytes  prepare  verify  run
 *	replay
 *	the peer's loader: instructions  blob in bytes  prepare  verify  run
 *	libbpf: open and load for the first time  again
 *	our loader if CO-RE relocations were resolved before: as above
 * The replay does without CO-RE in the kernel, too. Except for libbpf's first, they are those of the last of three rounds.
 */
#include "bench.h"
#include "collect.h"
#include "emit.h"
#include "patch.h"
#include "peer_header.h"
#include "replay.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS	3
#define FDS	4096

struct cost {
	__u32 insns, blob;
	__u64 prepare, verify, run;
};

static int sys_bpf(unsigned int cmd, union bpf_attr *attr, unsigned int size)
{
	int ret = syscall(__NR_bpf, cmd, attr, size);

	return ret < 0 ? -errno : ret;
}

/* The rounds begin with no descriptor from @first on. */
static void close_from(int first)
{
	close_range(first, FDS, 0);
	/* What was closed is freed later, which shall not be counted. */
	usleep(20000);
}

static char *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *bytes;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st))
		die("%s: %m", path);
	bytes = calloc(1, st.st_size + 1);
	if (!bytes || read(fd, bytes, st.st_size) != st.st_size)
		die("%s: cannot read it", path);
	close(fd);
	*size = st.st_size;
	return bytes;
}

/* What a skeleton does for a kernel that it was made for */
static void apply(char *blob, const patch_pieces *patch)
{
	const struct patch_piece *piece;
	struct utsname uts;
	__u32 at, to;

	if (!patch || uname(&uts))
		return;
	vec_for_each(piece, patch)
		for (at = 0, to = piece->offset; at < piece->size; at += 2 + piece->bytes[at + 1]) {
			to += piece->bytes[at];
			memcpy(blob + to, piece->bytes + at + 2, piece->bytes[at + 1]);
			to += piece->bytes[at + 1];
		}
}

/* A program of type syscall with its map, whose value becomes @blob. Returns a
 * descriptor or an errno.
 */
static int load_loader(struct cost *cost, const void *insns, __u32 insn_cnt,
		       const void *blob, __u32 blob_len, __u32 blob_size,
		       const patch_pieces *patch)
{
	__u64 start = instructions(), verify;
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4,
		.value_size = blob_size, .max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
	};
	int map = sys_bpf(BPF_MAP_CREATE, &attr, 72), prog;
	void *value;

	if (map < 0)
		return map;
	value = mmap(NULL, blob_size, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
	if (value == MAP_FAILED)
		return -errno;
	memcpy(value, blob, blob_len);
	apply(value, patch);
	munmap(value, blob_size);

	verify = instructions();
	attr = (union bpf_attr){
		.prog_type = BPF_PROG_TYPE_SYSCALL, .prog_flags = BPF_F_SLEEPABLE,
		.insns = (__u64)insns, .insn_cnt = insn_cnt,
		.license = (__u64)"Dual BSD/GPL", .fd_array = (__u64)&map,
	};
	prog = sys_bpf(BPF_PROG_LOAD, &attr, 128);
	cost->verify += instructions() - verify;
	cost->prepare += verify - start;
	return prog;
}

/* Run it on @ctx. Returns its value, or another error. */
static int run_loader(struct cost *cost, int prog, void *ctx, __u32 ctx_size)
{
	__u64 start = instructions();
	union bpf_attr attr = { .test = {
		.prog_fd = prog, .ctx_in = (__u64)ctx, .ctx_size_in = ctx_size,
	} };
	int err;

	if (prog < 0)
		return prog;
	err = sys_bpf(BPF_PROG_RUN, &attr, 80);
	cost->run += instructions() - start;
	return err ?: (int)attr.test.retval;
}

static bool is_errno(int ret)
{
	return ret < 0 && ret >= -4095;
}

/* max_entries of this machine, into the attributes of MAP_CREATE */
static void set_entries(const struct spec_map *map, void *attr)
{
	__u32 entries = map->max_entries, bytes = sysconf(_SC_PAGESIZE);

	if (map->entries == ENTRIES_CPUS)
		entries = libbpf_num_possible_cpus();
	while (map->entries == ENTRIES_PAGES && bytes < map->max_entries)
		bytes *= 2;
	if (map->entries == ENTRIES_PAGES)
		entries = bytes;
	memcpy(attr + offsetof(union bpf_attr, max_entries), &entries, sizeof(entries));
}

static void unset(const struct plan *plan, int *slots)
{
	const struct spec *spec = plan->spec;
	__u32 i;

	for (i = 0; i < plan->slots; i++)
		slots[i] = SLOT_UNSET;
	for (i = 0; i < spec->progs.n; i++)
		if (!spec->progs.items[i].autoload)
			slots[plan->prog_slot[i]] = SLOT_SKIP;
}

/* The version for those who make no choice */
static int load_usual(struct cost *cost, const struct loader *loader, const patch_pieces *patch)
{
	const struct loader_code *code = loader->usual.insns ? &loader->usual : &loader->any;

	cost->insns += code->insn_cnt;
	cost->blob += loader->blob_size;
	return load_loader(cost, code->insns, code->insn_cnt, loader->blob,
			   loader->blob_len, loader->blob_size, patch);
}

/* What is made of an object */
struct made {
	struct plan plan;
	struct loaders loaders;

	/* With CO-RE relocations resolved, of which there are some, or NULL */
	const struct resolved *resolved;
	struct patches patches;
};

static bool with_loaders(const struct made *made, struct cost *cost)
{
	const struct plan *plan = &made->plan;
	const struct loaders *loaders = &made->loaders;
	int *slots = calloc(plan->slots + 1, sizeof(*slots));
	const struct plan_step *step;
	const struct loader *loader;
	bool good = true;
	int prog;
	__u32 i;

	*cost = (struct cost){ 0 };
	unset(plan, slots);
	vec_for_each(loader, &loaders->loader) {
		for (i = loader->first; i < loader->first + loader->steps; i++) {
			step = &plan->steps.items[i];
			if (step->kind != PLAN_MAP_CREATE)
				continue;
			set_entries(&plan->spec->maps.items[step->map],
				    loader->blob + loader->attr[i]);
			if (step->attr_no_btf)
				set_entries(&plan->spec->maps.items[step->map],
					    loader->blob + loader->attr[i] + loader->twin);
		}
		prog = load_usual(cost, loader, made->resolved ?
				  &made->patches.patches.items[0].loaders[loader - loaders->loader.items] :
				  NULL);
		good = good && !is_errno(run_loader(cost, prog, slots,
						    plan->slots * sizeof(*slots)));
	}
	free(slots);
	return good;
}

/* The loaders stay loaded meanwhile: a piece of memory more or less that the JIT
 * has to prepare costs as much as some programs.
 */
static bool with_replay(const struct made *made, __u64 *cost)
{
	const struct plan *plan = &made->plan;
	const struct loaders *loaders = &made->loaders;
	const struct loader *loader;
	struct cost other = { 0 };
	struct replay replay;
	__u64 start;
	size_t i;
	int err;

	if (replay_init(&replay, plan))
		return false;
	unset(plan, replay.slots);
	for (i = 0; i < plan->steps.n; i++) {
		const struct plan_step *step = &plan->steps.items[i];

		if (step->kind != PLAN_MAP_CREATE)
			continue;
		set_entries(&plan->spec->maps.items[step->map], replay.attr[i]);
		if (step->attr_no_btf)
			set_entries(&plan->spec->maps.items[step->map],
				    replay.attr_no_btf[i]);
	}
	if (made->resolved && replay_apply(&replay, made->resolved))
		return false;
	vec_for_each(loader, &loaders->loader)
		if (load_usual(&other, loader, NULL) < 0)
			return false;
	start = instructions();
	err = replay_run(&replay);
	*cost = instructions() - start;
	replay_free(&replay);
	return !err;
}

static bool with_peer(const char *text, struct cost *cost)
{
	__u32 ctx[4096] = { sizeof(ctx) };
	struct peer_header peer;
	int ret = -EINVAL;

	/* The figures are those of this round alone. */
	*cost = (struct cost){ 0 };
	if (peer_header_read(&peer, text))
		ret = run_loader(cost, load_loader(cost, peer.insns, peer.insns_sz / 8, peer.data,
						   peer.data_sz, peer.data_sz, NULL),
				 ctx, sizeof(ctx));
	cost->insns = peer.insns_sz / 8;
	cost->blob = peer.data_sz;
	peer_header_free(&peer);
	return ret >= 0;
}

/* From memory: to wait for a file would count as instructions */
static bool with_libbpf(const char *bytes, size_t size, const char *name, __u64 *cost)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name);
	__u64 start = instructions();
	struct bpf_object *object = bpf_object__open_mem(bytes, size, &options);
	bool good = object && !bpf_object__load(object);

	*cost = instructions() - start;
	bpf_object__close(object);
	return good;
}

/* In a process that has not used it before; 0 if it fails */
static __u64 cold_libbpf(const char *bytes, size_t size, const char *name)
{
	__u64 *cost = mmap(NULL, sizeof(*cost), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0), result;
	pid_t pid;

	if (cost == MAP_FAILED)
		die("no memory: %m");
	pid = fork();
	if (!pid) {
		if (!with_libbpf(bytes, size, name, cost))
			*cost = 0;
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		die("no child: %m");
	result = *cost;
	munmap(cost, sizeof(*cost));
	return result;
}

static int quiet(enum libbpf_print_level level __attribute__((unused)),
		 const char *format __attribute__((unused)),
		 va_list args __attribute__((unused)))
{
	return 0;
}

static void print_cost(const struct cost *cost)
{
	printf("\t%u\t%u\t%llu\t%llu\t%llu", cost->insns, cost->blob, cost->prepare,
	       cost->verify, cost->run);
}

/* @made, and if there are CO-RE relocations and the kernel has types, @applied */
static int make(struct spec *spec, struct target *kernel, struct made *made, struct made *applied)
{
	struct resolved *resolved = arena_alloc(spec->arena, sizeof(*resolved));
	int err;

	err = plan_make(&made->plan, spec) ?: emit(&made->loaders, &made->plan);
	if (err || !spec->core.n || !resolved || target_running(kernel, spec))
		return err;
	err = resolve(resolved, spec, kernel);
	if (err)
		return err;
	spec->core_open = true;
	applied->resolved = resolved;
	return plan_make(&applied->plan, spec) ?: emit(&applied->loaders, &applied->plan) ?:
	       patches_make(&applied->patches, &applied->plan, &applied->loaders, resolved, 1);
}

static void measure(const char *path, int first_fd)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct cost ours = { 0 }, peer = { 0 }, resolved = { 0 };
	struct made made = { 0 }, applied = { 0 };
	struct target kernel = { 0 };
	__u64 direct = 0, first = 0, again = 0;
	struct arena arena = { 0 };
	struct sink sink = { 0 };
	struct spec spec = { .arena = &arena, .sink = &sink };
	struct spec_options options = { 0 };
	char file[4096], *bytes, *text;
	size_t size, round;

	snprintf(file, sizeof(file), "%s.lskel.h", path);
	text = read_file(file, &size);
	snprintf(file, sizeof(file), "%s.o", path);
	bytes = read_file(file, &size);
	if (!bytes)
		die("%s: %m", file);
	if (spec_read(&spec, file, bytes, size, &options) ||
	    make(&spec, &kernel, &made, &applied)) {
		printf("# %s\n", sink.line);
		goto out;
	}
	for (round = 0; round < ROUNDS; round++) {
		close_from(first_fd);
		if (!with_loaders(&made, &ours))
			ours.run = 0;
		close_from(first_fd);
		if (applied.resolved && !with_loaders(&applied, &resolved))
			resolved.run = 0;
		close_from(first_fd);
		if (!with_replay(applied.resolved ? &applied : &made, &direct))
			direct = 0;
		close_from(first_fd);
		if (!text || !with_peer(text, &peer))
			peer.run = 0;
		close_from(first_fd);
		if (!with_libbpf(bytes, size, name, &again))
			again = 0;
	}
	/* Twice: the first may have to wait for a file. */
	for (round = 0; again && round < 2; round++)
		first = cold_libbpf(bytes, size, name);
	printf("%s\t%zu\t%zu", name, spec.progs.n, spec.maps.n);
	print_cost(&ours);
	printf("\t%llu", direct);
	print_cost(&peer);
	printf("\t%llu\t%llu", first, again);
	print_cost(&resolved);
	putchar('\n');
	fflush(stdout);
out:
	target_close(&kernel);
	spec_free(&spec);
	arena_free(&arena);
	free(bytes);
	free(text);
	close_from(first_fd);
}

int main(int argc, char **argv)
{
	const struct rlimit memory = { RLIM_INFINITY, RLIM_INFINITY };
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV }, { .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insns = (__u64)insns,
		.insn_cnt = 2, .license = (__u64)"",
	};
	int i, kept;

	setrlimit(RLIMIT_MEMLOCK, &memory);
	libbpf_set_print(quiet);
	/* A program that stays keeps the memory of the JIT. */
	kept = sys_bpf(BPF_PROG_LOAD, &attr, 128);
	if (kept < 0)
		die("cannot load a program: %s", strerror(-kept));
	for (i = 1; i < argc; i++)
		measure(argv[i], kept + 1);
	return 0;
}
