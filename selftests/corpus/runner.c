// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Runs the loaders of light skeletons and judges them by libbpf.
 *
 * For every object the runner loads NAME.o with libbpf and runs the loader out
 * of NAME.lskel.h, each in a child. Both must leave the same programs and maps
 * in the kernel, compared by what the kernel tells about them, and nothing
 * behind when they end.
 *
 * A loader must run if libbpf can load the object and the object needs nothing
 * that the kernel lacks. What it needs is read from the object, never from a
 * list of names: CO-RE records from its .BTF.ext, kinds from its .BTF.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <bpf/skel_internal.h>

#include "t.h"

#define MAX_FDS 512
#define LOG_SIZE (1 << 20)
#define CHILD_SECONDS 300

/* The last kind that Linux 5.10 knows. */
#define LAST_OLD_KIND BTF_KIND_DATASEC

enum class {
	RAN,
	FAILED,
	DIFFERS,
	LEAKED,
	NOT_COMPILED,
	LIBBPF_FAILS,
	ONLY_LOADER,
	NOT_GENERATED,
	CORE_RECORDS,
	NEWER_KIND,
	EMPTY_DATASEC,
	BTF_REFUSED,
	NR_CLASSES
};

static const struct {
	const char *name;
	bool bad;
} classes[NR_CLASSES] = {
	[RAN]		= { "ran" },
	[FAILED]	= { "failed", true },
	[DIFFERS]	= { "differs from libbpf", true },
	[LEAKED]	= { "left something behind", true },
	[NOT_COMPILED]	= { "does not compile" },
	[LIBBPF_FAILS]	= { "libbpf fails too" },
	[ONLY_LOADER]	= { "runs, though libbpf fails" },
	[NOT_GENERATED]	= { "generator fails" },
	[CORE_RECORDS]	= { "CO-RE records" },
	[NEWER_KIND]	= { "newer BTF kind" },
	[EMPTY_DATASEC]	= { "empty DATASEC" },
	[BTF_REFUSED]	= { "BTF refused" },
};

/* What the kernel says of one program or map; without holes, for memcmp().
 *
 * The maps of a program are not compared: libbpf binds .rodata also to programs
 * that do not use it, by a command that loaders cannot give.
 */
struct fact {
	char name[BPF_OBJ_NAME_LEN];
	__u32 prog, type, key_size, size, count, flags;
	__u32 func_infos, line_infos;
	__u64 contents;
};

/* A child's outcome, in memory that it shares with the parent. */
struct outcome {
	int err;
	char why[256];
	int progs, maps;
	struct fact facts[MAX_FDS];
	int nr_facts;
	__u32 ldr_insns, ldr_data;
	bool leaked;
	/* properties of the object */
	bool core_records, newer_kind, empty_datasec, btf_refused;
};

static struct outcome *direct, *loaded;
static bool verbose;

static void why(struct outcome *out, const char *text)
{
	snprintf(out->why, sizeof(out->why), "%.*s", (int)strcspn(text, "\n"), text);
	for (char *c = out->why; *c; c++)
		if (*c == '\t')
			*c = ' ';
}

/* Facts */

static __u64 fnv(const unsigned char *data, size_t size)
{
	__u64 hash = 0xcbf29ce484222325;

	while (size--)
		hash = (hash ^ *data++) * 0x100000001b3;
	return hash;
}

static void add_prog(struct outcome *out, int fd)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	struct fact *f = &out->facts[out->nr_facts];

	if (out->nr_facts == MAX_FDS || bpf_obj_get_info_by_fd(fd, &info, &len))
		return;
	*f = (struct fact) {
		.prog = 1,
		.type = info.type,
		.size = info.xlated_prog_len,
		.func_infos = info.nr_func_info,
		.line_infos = info.nr_line_info,
	};
	memcpy(f->name, info.name, sizeof(f->name));
	out->nr_facts++;
	out->progs++;
}

static void add_map(struct outcome *out, int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info), key = 0;
	struct fact *f = &out->facts[out->nr_facts];
	unsigned char *value;

	if (out->nr_facts == MAX_FDS || bpf_obj_get_info_by_fd(fd, &info, &len))
		return;
	/* Which data sections are mappable is a matter of libbpf's version, and
	 * the generator's is not the one that the runner is linked to.
	 */
	*f = (struct fact) {
		.type = info.type,
		.key_size = info.key_size,
		.size = info.value_size,
		.count = info.max_entries,
		.flags = info.map_flags & ~BPF_F_MMAPABLE,
	};
	memcpy(f->name, info.name, sizeof(f->name));
	/* The peer's generator stores the processor count of the machine it
	 * runs on, libbpf asks the one that loads.
	 */
	if (info.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		f->count = 0;
	/* And so with the kernel version and configuration. */
	if (info.type == BPF_MAP_TYPE_ARRAY && info.max_entries == 1 &&
	    !strstr(info.name, ".kco")) {
		value = malloc(info.value_size);
		if (value && !bpf_map_lookup_elem(fd, &key, value))
			f->contents = fnv(value, info.value_size);
		free(value);
	}
	out->nr_facts++;
	out->maps++;
}

static int compare_facts(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct fact));
}

/* The first field in which two facts of the same name differ. */
static const char *difference(const struct fact *a, const struct fact *b)
{
	return strcmp(a->name, b->name) ? "name" :
	       a->type != b->type ? "type" :
	       a->key_size != b->key_size || a->size != b->size ? "size" :
	       a->count != b->count ? "number of entries" :
	       a->flags != b->flags ? "flags" :
	       a->func_infos != b->func_infos ? "number of function records" :
	       a->line_infos != b->line_infos ? "number of line records" : "contents";
}

/* Says in `loaded->why` where two outcomes differ. */
static bool same_facts(void)
{
	int i;

	if (direct->progs != loaded->progs || direct->maps != loaded->maps) {
		snprintf(loaded->why, sizeof(loaded->why),
			 "libbpf has %d programs and %d maps, the loader %d and %d",
			 direct->progs, direct->maps, loaded->progs, loaded->maps);
		return false;
	}
	qsort(direct->facts, direct->nr_facts, sizeof(struct fact), compare_facts);
	qsort(loaded->facts, loaded->nr_facts, sizeof(struct fact), compare_facts);
	for (i = 0; i < direct->nr_facts; i++) {
		if (!compare_facts(&direct->facts[i], &loaded->facts[i]))
			continue;
		snprintf(loaded->why, sizeof(loaded->why), "%s '%s' is not as libbpf makes it: %s",
			 direct->facts[i].prog ? "program" : "map", direct->facts[i].name,
			 difference(&direct->facts[i], &loaded->facts[i]));
		return false;
	}
	return true;
}

/* libbpf */

/* The head of .BTF.ext as far as the length of the CO-RE records. */
struct btf_ext_head {
	__u16 magic;
	__u8 version, flags;
	__u32 hdr_len, func_info_off, func_info_len, line_info_off, line_info_len;
	__u32 core_relo_off, core_relo_len;
};

static void read_properties(const char *path, struct outcome *out)
{
	struct btf_ext *ext = NULL;
	const struct btf_ext_head *head;
	struct btf *btf = btf__parse_elf(path, &ext);
	__u32 i, size;

	if (!btf)
		return;
	for (i = 1; i < btf__type_cnt(btf); i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);

		if (btf_kind(t) > LAST_OLD_KIND)
			out->newer_kind = true;
		if (btf_is_datasec(t) && !btf_vlen(t))
			out->empty_datasec = true;
	}
	head = ext ? btf_ext__get_raw_data(ext, &size) : NULL;
	if (head && head->hdr_len >= sizeof(*head))
		out->core_records = head->core_relo_len > sizeof(__u32);
	btf_ext__free(ext);
	btf__free(btf);
}

/* Whether the kernel takes the object's BTF as the generator embeds it: with
 * the sizes filled in that libbpf computes when it opens the object, but
 * without libbpf's fall-backs for older kernels.
 */
static bool kernel_takes_btf(const struct bpf_object *obj)
{
	const struct btf *btf = bpf_object__btf(obj);
	const void *data;
	__u32 size;
	int fd;

	if (!btf)
		return true;
	data = btf__raw_data(btf, &size);
	fd = bpf_btf_load(data, size, NULL);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int keep_complaint(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[256];

	vsnprintf(line, sizeof(line), format, args);
	if (verbose)
		fprintf(stderr, "%s", line);
	/* The first complaint that is not about a fall-back. */
	if (level == LIBBPF_WARN && !direct->why[0] &&
	    !strstr(line, "BTF loading error") && !strstr(line, "Retrying without BTF"))
		why(direct, line);
	return 0;
}

static void load_direct(const char *path)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	struct bpf_map *map;

	read_properties(path, direct);
	libbpf_set_print(keep_complaint);
	obj = bpf_object__open_file(path, NULL);
	if (!obj) {
		direct->err = -errno;
		return;
	}
	direct->btf_refused = !kernel_takes_btf(obj);
	direct->err = bpf_object__load(obj);
	if (!direct->err) {
		direct->why[0] = '\0';
		bpf_object__for_each_program(prog, obj)
			if (bpf_program__fd(prog) >= 0)
				add_prog(direct, bpf_program__fd(prog));
		bpf_object__for_each_map(map, obj)
			if (bpf_map__fd(map) >= 0)
				add_map(direct, bpf_map__fd(map));
	}
	bpf_object__unpin_maps(obj, NULL);
	bpf_object__close(obj);
}

/* The loader */

struct lskel {
	char *insns, *data;
	__u32 insns_sz, data_sz;
	int nr_maps, nr_progs;
};

/* Decodes the C string literal after `mark`; it has \0, \xNN and \newline only. */
static char *literal(const char *text, const char *mark, __u32 size)
{
	const char *p = strstr(text, mark);
	char *bytes = calloc(1, size + 1);
	__u32 n = 0;

	if (!p || !bytes)
		return NULL;
	for (p += strlen(mark); *p && *p != '"'; p++) {
		if (*p != '\\' || n > size)
			return NULL;
		p++;
		if (*p == '0') {
			bytes[n++] = 0;
		} else if (*p == 'x') {
			const char digits[] = { p[1], p[2], 0 };

			bytes[n++] = strtoul(digits, NULL, 16);
			p += 2;
		} else if (*p != '\n') {
			return NULL;
		}
	}
	return n == size ? bytes : NULL;
}

static __u32 number(const char *text, const char *mark)
{
	const char *p = strstr(text, mark);

	return p ? strtoul(p + strlen(mark), NULL, 10) : 0;
}

static int occurrences(const char *text, const char *mark)
{
	int n = 0;

	while ((text = strstr(text, mark))) {
		text += strlen(mark);
		n++;
	}
	return n;
}

static char *read_text(const char *path)
{
	struct stat st;
	char *text = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st))
		text = calloc(1, st.st_size + 1);
	if (text && read(fd, text, st.st_size) != st.st_size)
		text[0] = '\0';
	close(fd);
	return text;
}

static bool parse_lskel(const char *text, struct lskel *s)
{
	s->nr_maps = occurrences(text, "\tstruct bpf_map_desc ");
	s->nr_progs = occurrences(text, "\tstruct bpf_prog_desc ");
	s->insns_sz = number(text, "opts.insns_sz = ");
	s->data_sz = number(text, "opts.data_sz = ");
	s->insns = literal(text, "opts.insns = (void *)\"", s->insns_sz);
	s->data = literal(text, "opts.data = (void *)\"", s->data_sz);
	return s->insns && s->data;
}

/* A skeleton's context up to its links. */
struct context {
	struct bpf_loader_ctx ctx;
	char descs[];
};

static int run_loader(const struct lskel *s, struct context *c, size_t size, char *log)
{
	struct bpf_load_and_run_opts opts = {
		.ctx = &c->ctx,
		.insns = s->insns,
		.insns_sz = s->insns_sz,
		.data = s->data,
		.data_sz = s->data_sz,
	};
	int err;

	memset(c, 0, size);
	c->ctx.sz = size;
	if (log) {
		c->ctx.log_level = 1;
		c->ctx.log_size = LOG_SIZE;
		c->ctx.log_buf = (unsigned long)log;
	}
	err = bpf_load_and_run(&opts);
	if (err < 0 && !log)
		why(loaded, opts.errstr);
	return err;
}

/* The last line of a log that is not the verifier's statistics. */
static const char *last_line(char *log)
{
	char *line, *found = NULL;

	for (line = strtok(log, "\n"); line; line = strtok(NULL, "\n"))
		if (strncmp(line, "processed ", 10) && strncmp(line, "verification time", 17))
			found = line;
	return found;
}

static void load_loader(const char *path)
{
	char *text = read_text(path), *log = calloc(1, LOG_SIZE);
	const struct bpf_map_desc *map;
	const struct bpf_prog_desc *prog;
	struct t_live before;
	struct lskel s = {};
	struct context *c;
	const char *line;
	size_t size;
	int i;

	if (!text || !log || !parse_lskel(text, &s)) {
		loaded->err = -EINVAL;
		why(loaded, "the light skeleton cannot be read");
		return;
	}
	loaded->ldr_insns = s.insns_sz / sizeof(struct bpf_insn);
	loaded->ldr_data = s.data_sz;
	size = sizeof(*c) + s.nr_maps * sizeof(*map) + s.nr_progs * sizeof(*prog);
	c = calloc(1, size);
	if (!c) {
		loaded->err = -ENOMEM;
		return;
	}
	t_live_count(&before);
	loaded->err = run_loader(&s, c, size, NULL);
	if (loaded->err < 0) {
		if (run_loader(&s, c, size, log) < 0) {
			line = last_line(log);
			if (line)
				why(loaded, line);
		}
		loaded->leaked = !t_live_back_to(&before);
		return;
	}
	/* What the context does not name must not exist. */
	map = (void *)c->descs;
	for (i = 0; i < s.nr_maps; i++) {
		add_map(loaded, map[i].map_fd);
		skel_closenz(map[i].map_fd);
	}
	prog = (void *)&map[s.nr_maps];
	for (i = 0; i < s.nr_progs; i++) {
		add_prog(loaded, prog[i].prog_fd);
		skel_closenz(prog[i].prog_fd);
	}
	loaded->leaked = !t_live_back_to(&before);
}

/* Runs one half in a child of its own; false if it left something behind. */
static bool in_child(void (*half)(const char *), const char *path, struct outcome *out)
{
	struct t_live before;
	int status;
	pid_t pid;

	memset(out, 0, sizeof(*out));
	t_live_count(&before);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		alarm(CHILD_SECONDS);
		half(path);
		fflush(stdout);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		out->err = -ECHILD;
		why(out, "no child");
	} else if (WIFSIGNALED(status)) {
		out->err = -EINTR;
		snprintf(out->why, sizeof(out->why), "ended by signal %d (%d: no end in %d s)",
			 WTERMSIG(status), SIGALRM, CHILD_SECONDS);
	}
	return t_live_back_to(&before);
}

/* Why the object has its class. */
static char reason[256];

static enum class because(enum class class, const char *text)
{
	snprintf(reason, sizeof(reason), "%.*s", (int)strcspn(text, "\n"), text);
	return class;
}

/* The build leaves a file that says why something is missing. */
static enum class because_of_build(enum class class, const char *dir, const char *name)
{
	char path[PATH_MAX], *text;

	snprintf(path, sizeof(path), "%s/%s.why", dir, name);
	text = read_text(path);
	if (!text)
		return because(FAILED, "there is no such object");
	because(class, text);
	free(text);
	return class;
}

static enum class judge(const char *dir, const char *name)
{
	char path[PATH_MAX];
	bool clean;

	memset(direct, 0, sizeof(*direct));
	memset(loaded, 0, sizeof(*loaded));
	snprintf(path, sizeof(path), "%s/%s.o", dir, name);
	if (access(path, R_OK))
		return because_of_build(NOT_COMPILED, dir, name);
	if (!in_child(load_direct, path, direct))
		direct->err = direct->err ?: -EBUSY;

	snprintf(path, sizeof(path), "%s/%s.lskel.h", dir, name);
	if (access(path, R_OK))
		return direct->err ? because(LIBBPF_FAILS, direct->why) :
				     because_of_build(NOT_GENERATED, dir, name);
	clean = in_child(load_loader, path, loaded);
	if (loaded->err == -EINTR)
		return because(FAILED, loaded->why);
	if (!clean || loaded->leaked)
		return because(LEAKED, "descriptors, programs, maps, BTF or links");
	if (direct->err)
		return because(loaded->err ? LIBBPF_FAILS : ONLY_LOADER, direct->why);
	if (!loaded->err)
		return same_facts() ? because(RAN, "") : because(DIFFERS, loaded->why);
	if (direct->core_records)
		return because(CORE_RECORDS, loaded->why);
	if (direct->btf_refused)
		return because(direct->newer_kind ? NEWER_KIND :
			       direct->empty_datasec ? EMPTY_DATASEC : BTF_REFUSED, loaded->why);
	return because(FAILED, loaded->why);
}

static int usage(void)
{
	fprintf(stderr,
		"usage: runner [-v] [-a] [-t TABLE] DIR/NAME...\n"
		"  -a        every object must run: no category excuses it\n"
		"  -t TABLE  write one row per object\n"
		"  -v        let libbpf talk\n");
	return 2;
}

static void report(int n, const char *set, const char *name, enum class class, bool bad)
{
	printf("%sok %d %s/%s", bad ? "not " : "", n, set, name);
	if (class != RAN)
		printf(" # %s%s: %s", bad ? "" : "SKIP ", classes[class].name, reason);
	putchar('\n');
}

static void write_row(FILE *table, const char *set, const char *name, enum class class)
{
	fprintf(table, "%s\t%s\t%s\t%d\t%d\t", set, name, classes[class].name,
		direct->progs, direct->maps);
	fprintf(table, "%u\t%u\t%d\t%d\t%s\n", loaded->ldr_insns, loaded->ldr_data,
		direct->err, loaded->err, reason);
}

int main(int argc, char **argv)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	int counts[NR_CLASSES] = {};
	bool all = false, failed = false;
	FILE *table = NULL;
	int opt, i, n;

	while ((opt = getopt(argc, argv, "vat:")) != -1) {
		switch (opt) {
		case 'v':
			verbose = true;
			break;
		case 'a':
			all = true;
			break;
		case 't':
			table = fopen(optarg, "w");
			if (!table) {
				perror(optarg);
				return 2;
			}
			break;
		default:
			return usage();
		}
	}
	if (optind == argc)
		return usage();

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	direct = mmap(NULL, 2 * sizeof(*direct), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (direct == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	loaded = direct + 1;
	if (table)
		fprintf(table, "set\tobject\tclass\tprogs\tmaps\tinsns\tblob\tlibbpf\tloader\twhy\n");

	printf("TAP version 13\n1..%d\n", argc - optind);
	for (i = optind, n = 1; i < argc; i++, n++) {
		char *dir = argv[i], *name = strrchr(dir, '/'), *set;
		enum class class;
		bool bad;

		if (!name)
			return usage();
		*name++ = '\0';
		set = strrchr(dir, '/') ? strrchr(dir, '/') + 1 : dir;

		class = judge(dir, name);
		bad = classes[class].bad || (all && class != RAN);
		counts[class]++;
		failed |= bad;
		report(n, set, name, class, bad);
		if (table)
			write_row(table, set, name, class);
	}
	for (i = 0; i < NR_CLASSES; i++)
		if (counts[i])
			printf("# %4d %s\n", counts[i], classes[i].name);
	if (table && fclose(table)) {
		perror("the table");
		return 2;
	}
	return failed;
}
