// SPDX-License-Identifier: GPL-2.0-only
/* Loads objects in several ways and judges them by libbpf.
 *
 * For every object the runner loads NAME.o with libbpf and in each of the other
 * ways that it was told to, each in a child. All must leave the same programs
 * and maps in the kernel, compared by what the kernel tells about them, and
 * nothing behind when they end.
 *
 * A way must do what libbpf does, unless the object needs something that the
 * kernel or the generator lacks. What it needs is read from the object, never
 * from a list of names: CO-RE records from its .BTF.ext, symbols from its .BTF.
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

#include "../lib/t.h"
#include "state.h"
#include "ways.h"

#define CHILD_SECONDS 300

enum class {
	RAN,
	FAILED,
	KEPT_BTF,
	DIFFERS,
	LEAKED,
	NOT_COMPILED,
	LIBBPF_FAILS,
	ONLY_LOADER,
	NOT_GENERATED,
	KCONFIG,
	BTF_REFUSED,
	NR_CLASSES
};

static const struct {
	const char *name;
	bool bad;
} classes[NR_CLASSES] = {
	[RAN]		= { "ran" },
	[FAILED]	= { "failed", true },
	[KEPT_BTF]	= { "ran, with BTF that libbpf gave up" },
	[DIFFERS]	= { "differs from libbpf", true },
	[LEAKED]	= { "left something behind", true },
	[NOT_COMPILED]	= { "does not compile" },
	[LIBBPF_FAILS]	= { "libbpf fails too" },
	[ONLY_LOADER]	= { "runs, though libbpf fails" },
	[NOT_GENERATED]	= { "generator fails" },
	[KCONFIG]	= { "kconfig externs" },
	[BTF_REFUSED]	= { "BTF refused" },
};

/* A result of a load, and the texts of state_write(): strict and lenient. */
struct half {
	struct outcome *out;
	FILE *state[2];
};

static const struct way {
	const char *name;
	void (*load)(const char *path, struct outcome *out);
	bool lenient;	/* what state_write() is to leave out */
	const char *needs;	/* the file it loads */
} ways[] = {
	{ "peer", way_peer, true, ".lskel.h" },
	{ "loader", way_loader, false, ".o" },
	{ "target", way_target, false, ".o" },
	{ "replay", way_replay, false, ".o" },
};

/* By libbpf, in the way to be judged, and as lskel's replay where libbpf fails */
static struct half halves[3];
#define direct	halves[0]
#define loaded	halves[1]
#define replayed halves[2]
bool verbose;

void because_of(struct outcome *out, const char *text)
{
	snprintf(out->why, sizeof(out->why), "%.*s", (int)strcspn(text, "\n"), text);
	for (char *c = out->why; *c; c++)
		if (*c == '\t')
			*c = ' ';
}

char *read_file(const char *path, size_t *size)
{
	struct stat st;
	char *text = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st))
		text = calloc(1, st.st_size + 1);
	if (text && read(fd, text, st.st_size) != st.st_size) {
		free(text);
		text = NULL;
	}
	close(fd);
	if (size)
		*size = st.st_size;
	return text;
}

const char *last_line(char *log)
{
	char *line, *found = NULL;

	for (line = strtok(log, "\n"); line; line = strtok(NULL, "\n"))
		if (strncmp(line, "processed ", 10) && strncmp(line, "verification time", 17))
			found = line;
	return found;
}

void keep_state(struct outcome *out, const int *progs, int nr_progs,
		const int *maps, int nr_maps)
{
	struct half *half = halves;
	int i;

	while (half->out != out)
		half++;

	for (i = 0; i < nr_progs; i++)
		out->progs += progs[i] >= 0;
	for (i = 0; i < nr_maps; i++)
		out->maps += maps[i] >= 0;
	for (i = 0; i < 2 && !out->err; i++)
		out->err = state_write(half->state[i], progs, nr_progs, maps, nr_maps, i);
}

/* What a child wrote to @written, which has a buffer of its own in each process */
static FILE *reread(FILE *written)
{
	int fd = dup(fileno(written));
	FILE *f = fd < 0 ? NULL : fdopen(fd, "re");

	if (f)
		rewind(f);
	return f;
}

/* The next line that is to be compared; without those that speak of BTF if
 * libbpf had to do without it.
 */
static bool next_line(FILE *f, char *line, size_t size)
{
	static const char *const of_btf[] = { "\tBTF ", "\textra ", "\tfunction ", "\tline " };
	bool skip;
	size_t i;

	do {
		if (!fgets(line, size, f))
			return false;
		skip = false;
		for (i = 0; direct.out->without_btf && i < T_ARRAY_SIZE(of_btf); i++)
			skip |= !strncmp(line, of_btf[i], strlen(of_btf[i]));
	} while (skip);
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/* Says in `loaded.out->why` where the state is not that of @judge. */
static bool same_state(const struct half *judge, bool lenient)
{
	char a[512], b[512], title[512] = "";
	FILE *f = reread(judge->state[lenient]), *g = reread(loaded.state[lenient]);
	bool more_a, more_b, same = false;

	if (!f || !g) {
		because_of(loaded.out, "the states cannot be read back");
		goto out;
	}
	do {
		more_a = next_line(f, a, sizeof(a));
		more_b = next_line(g, b, sizeof(b));
		if (more_a != more_b || (more_a && strcmp(a, b))) {
			snprintf(loaded.out->why, sizeof(loaded.out->why),
				 "%.80s: %s has '%.80s', not '%.80s'", title,
				 judge == &direct ? "libbpf" : "the replay",
				 more_a ? a : "no more", more_b ? b : "no more");
			because_of(loaded.out, strdupa(loaded.out->why));
			goto out;
		}
		if (more_a && a[0] != '\t')
			strcpy(title, a);
	} while (more_a);
	same = true;
out:
	if (f)
		fclose(f);
	if (g)
		fclose(g);
	return same;
}

/* Runs one half in a child of its own; false if it left something behind. */
static bool in_child(void (*load)(const char *, struct outcome *), const char *path,
		     struct half *half)
{
	struct outcome *out = half->out;
	struct t_live before;
	int status, i;
	pid_t pid;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < 2; i++) {
		int fd = fileno(half->state[i]);

		if (lseek(fd, 0, SEEK_SET) || ftruncate(fd, 0))
			out->err = -errno;
	}
	t_live_count(&before);
	/* The child shall not write again what is in a buffer. */
	fflush(NULL);
	pid = fork();
	if (!pid) {
		alarm(CHILD_SECONDS);
		load(path, out);
		fflush(NULL);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		out->err = -ECHILD;
		because_of(out, "no child");
	} else if (WIFSIGNALED(status)) {
		out->err = -EINTR;
		snprintf(out->why, sizeof(out->why), "ended by signal %d (%d: no end in %d s)",
			 WTERMSIG(status), SIGALRM, CHILD_SECONDS);
	}
	return t_live_back_to(&before);
}

/* Why the object has its class. */
static char reason[300];

static enum class because(enum class class, const char *text)
{
	snprintf(reason, sizeof(reason), "%.*s", (int)strcspn(text, "\n"), text);
	return class;
}

/* The build leaves a file that says why something is missing. */
static enum class because_of_build(enum class class, const char *path)
{
	char file[PATH_MAX], *text;

	snprintf(file, sizeof(file), "%s.why", path);
	text = read_file(file, NULL);
	if (!text)
		return because(FAILED, "there is no such object");
	because(class, text);
	free(text);
	return class;
}

/* What excuses a way that failed where libbpf did not */
static enum class excuse(const struct way *way)
{
	const struct outcome *judge = direct.out;

	/* bpftool takes values of kconfig from the machine where it runs. */
	if (way->load == way_peer)
		return judge->btf_refused ? BTF_REFUSED : judge->kconfig ? KCONFIG : FAILED;
	return FAILED;
}

static bool judge_by_libbpf(const char *path)
{
	char file[PATH_MAX];

	snprintf(file, sizeof(file), "%s.o", path);
	memset(direct.out, 0, sizeof(*direct.out));
	if (access(file, R_OK))
		return false;
	if (!in_child(way_libbpf, path, &direct))
		direct.out->err = direct.out->err ?: -EBUSY;
	return true;
}

static enum class judge(const struct way *way, const char *path, bool compiled)
{
	const struct outcome *out = loaded.out;
	char file[PATH_MAX];
	bool clean;

	memset(loaded.out, 0, sizeof(*loaded.out));
	if (!compiled)
		return because_of_build(NOT_COMPILED, path);
	/* A program that keeps the verifier busy does so in every way. */
	if (direct.out->err == -EINTR)
		return because(LIBBPF_FAILS, direct.out->why);
	snprintf(file, sizeof(file), "%s%s", path, way->needs);
	if (access(file, R_OK))
		return direct.out->err ? because(LIBBPF_FAILS, direct.out->why) :
					 because_of_build(NOT_GENERATED, path);
	clean = in_child(way->load, path, &loaded);
	if (out->err == -EINTR)
		return because(FAILED, out->why);
	if (!clean || out->leaked)
		return because(LEAKED, "descriptors, programs, maps, BTF or links");
	if (direct.out->err && out->err)
		return because(LIBBPF_FAILS, direct.out->why);
	if (direct.out->err && way->load == way_loader &&
	    (!in_child(way_replay, path, &replayed) || replayed.out->err ||
	     !same_state(&replayed, false)))
		return because(DIFFERS, out->why[0] ? out->why : "the replay fails");
	if (direct.out->err)
		return because(ONLY_LOADER, direct.out->why);
	if (!out->err && !same_state(&direct, way->lenient))
		return because(way->load == way_peer && direct.out->kconfig ? KCONFIG : DIFFERS,
			       out->why);
	if (!out->err)
		return because(direct.out->without_btf && !way->lenient ? KEPT_BTF : RAN, "");
	return because(excuse(way), out->why);
}

static int usage(void)
{
	fprintf(stderr,
		"usage: runner [-v] [-a] [-w WAY] [-t TABLE] DIR/NAME...\n"
		"  -a        every object must run: no category excuses it\n"
		"  -w WAY    judge this way (may be given several times):");
	for (size_t i = 0; i < T_ARRAY_SIZE(ways); i++)
		fprintf(stderr, " %s", ways[i].name);
	fprintf(stderr,
		"\n"
		"  -t TABLE  write one row per object and way\n"
		"  -v        let libbpf talk\n");
	return 2;
}

static void report(int n, const char *set, const char *name, const struct way *way,
		   enum class class, bool bad)
{
	printf("%sok %d %s/%s.%s", bad ? "not " : "", n, set, name, way->name);
	if (class != RAN)
		printf(" # %s%s: %s", bad ? "" : "SKIP ", classes[class].name, reason);
	putchar('\n');
}

static void write_row(FILE *table, const char *set, const char *name, const struct way *way,
		      enum class class)
{
	const struct outcome *out = loaded.out;

	fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t", set, name, way->name,
		classes[class].name, direct.out->progs, direct.out->maps);
	fprintf(table, "%u\t%u\t%d\t%d\t%s\n", out->insns, out->blob,
		direct.out->err, out->err, reason);
}

static bool prepare(void)
{
	size_t i, j;

	for (i = 0; i < T_ARRAY_SIZE(halves); i++) {
		halves[i].out = mmap(NULL, sizeof(struct outcome), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (halves[i].out == MAP_FAILED)
			return false;
		for (j = 0; j < T_ARRAY_SIZE(halves[i].state); j++) {
			halves[i].state[j] = tmpfile();
			if (!halves[i].state[j])
				return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	int counts[T_ARRAY_SIZE(ways)][NR_CLASSES] = {};
	bool chosen[T_ARRAY_SIZE(ways)] = {}, all = false, failed = false;
	int opt, i, n = 0, nr_ways = 0;
	FILE *table = NULL;
	size_t w;

	while ((opt = getopt(argc, argv, "vaw:t:")) != -1) {
		switch (opt) {
		case 'v':
			verbose = true;
			break;
		case 'a':
			all = true;
			break;
		case 'w':
			for (w = 0; w < T_ARRAY_SIZE(ways); w++)
				if (!strcmp(optarg, ways[w].name))
					break;
			if (w == T_ARRAY_SIZE(ways))
				return usage();
			nr_ways += !chosen[w];
			chosen[w] = true;
			break;
		case 't':
			table = fopen(optarg, "we");
			if (!table) {
				perror(optarg);
				return 2;
			}
			break;
		default:
			return usage();
		}
	}
	if (optind == argc || !nr_ways)
		return usage();

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	if (!prepare()) {
		perror("runner");
		return 2;
	}
	if (table)
		fprintf(table, "set\tobject\tway\tclass\tprogs\tmaps\tinsns\tblob\tlibbpf\terrno\twhy\n");

	printf("TAP version 13\n1..%d\n", (argc - optind) * nr_ways);
	for (i = optind; i < argc; i++) {
		char *path = argv[i], *name = strrchr(path, '/'), *dir, *set;
		bool compiled;

		if (!name)
			return usage();
		dir = strndupa(path, name - path);
		name++;
		set = strrchr(dir, '/') ? strrchr(dir, '/') + 1 : dir;

		compiled = judge_by_libbpf(path);
		for (w = 0; w < T_ARRAY_SIZE(ways); w++) {
			enum class class;
			bool bad;

			if (!chosen[w])
				continue;
			class = judge(&ways[w], path, compiled);
			bad = classes[class].bad || (all && class != RAN);
			counts[w][class]++;
			failed |= bad;
			report(++n, set, name, &ways[w], class, bad);
			if (table)
				write_row(table, set, name, &ways[w], class);
		}
	}
	for (w = 0; w < T_ARRAY_SIZE(ways); w++)
		for (i = 0; i < NR_CLASSES; i++)
			if (counts[w][i])
				printf("# %s: %4d %s\n", ways[w].name, counts[w][i], classes[i].name);
	if (table && fclose(table)) {
		perror("the table");
		return 2;
	}
	return failed;
}
