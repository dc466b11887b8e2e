// SPDX-License-Identifier: GPL-2.0-only
/* lskel loads the object, with its loader or by replaying the plan: the command
 * itself, as a user runs it, which leaves what it made in a BPF file system.
 */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/t.h"
#include "ways.h"

#define BPFFS	"/sys/fs/bpf"
#define PINS	BPFFS "/corpus"
#define MAX_FDS	1024

/* PATH.types has "SECTION=SEC" lines for sections that libbpf 1.x does not know. */
static int add_types(const char *path, char **argv, int n, int max)
{
	char file[4096], *line;

	snprintf(file, sizeof(file), "%s.types", path);
	line = read_file(file, NULL);
	for (line = line ? strtok(line, "\n") : NULL; line && n + 2 < max; line = strtok(NULL, "\n")) {
		argv[n++] = "--type";
		argv[n++] = line;
	}
	return n;
}

/* Run lskel with the arguments, and the object as the last of them. What it says
 * becomes @said. Returns 0, -EINVAL if it failed, or another errno.
 */
static int run_lskel(const char *path, char *const args[], char *said, size_t size)
{
	const char *lskel = getenv("LSKEL") ?: "lskel";
	char *argv[256] = { "lskel" }, file[4096];
	size_t len = 0;
	int fds[2], status, n;
	ssize_t got;
	pid_t pid;

	for (n = 1; args[n - 1]; n++)
		argv[n] = args[n - 1];
	n = add_types(path, argv, n, 254);
	snprintf(file, sizeof(file), "%s.o", path);
	argv[n] = file;
	if (pipe(fds))
		return -errno;
	pid = fork();
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		execv(lskel, argv);
		fprintf(stderr, "%s: %m\n", lskel);
		_exit(127);
	}
	close(fds[1]);
	while ((got = read(fds[0], said + len, size - 1 - len)) > 0)
		len += got;
	said[len] = '\0';
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -ECHILD;
	return status ? -EINVAL : 0;
}

/* Open what is pinned in a folder, or without @fds remove it */
static int visit(const char *dir, int *fds)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	char pin[4096];
	int n = 0;

	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.' || n == MAX_FDS)
			continue;
		snprintf(pin, sizeof(pin), "%s/%s", dir, entry->d_name);
		if (fds)
			fds[n++] = bpf_obj_get(pin);
		else
			unlink(pin);
	}
	if (d)
		closedir(d);
	if (!fds)
		rmdir(dir);
	return n;
}

static void let_go(int *fds, int n)
{
	while (n--)
		close(fds[n]);
}

static void load(const char *path, char *const args[], struct outcome *out)
{
	int progs[MAX_FDS], maps[MAX_FDS], nr_progs, nr_maps;
	char *said = calloc(1, LOG_SIZE);
	struct t_live before;

	if (!said) {
		out->err = -ENOMEM;
		return;
	}
	t_live_count(&before);
	out->err = run_lskel(path, args, said, LOG_SIZE);
	if (out->err)
		because_of(out, last_line(said) ?: "it failed without a word");
	nr_progs = visit(PINS "/progs", progs);
	nr_maps = visit(PINS "/maps", maps);
	visit(PINS "/progs", NULL);
	visit(PINS "/maps", NULL);
	rmdir(PINS);
	/* and maps that the object itself wants to be pinned */
	visit(BPFFS, NULL);
	if (!out->err)
		keep_state(out, progs, nr_progs, maps, nr_maps);
	let_go(progs, nr_progs);
	let_go(maps, nr_maps);
	out->leaked = !t_live_back_to(&before);
	free(said);
}

void way_loader(const char *path, struct outcome *out)
{
	char said[4096];
	const char *insns, *blob;

	if (!run_lskel(path, (char *[]){ "gen", "--stats", "-o", "/dev/null", NULL }, said, sizeof(said))) {
		insns = strstr(said, "loader_insns=");
		blob = strstr(said, "blob_bytes=");
		out->insns = insns ? strtoul(insns + 13, NULL, 10) : 0;
		out->blob = blob ? strtoul(blob + 11, NULL, 10) : 0;
	}
	load(path, (char *[]){ "load", "--pin", PINS, NULL }, out);
}

void way_target(const char *path, struct outcome *out)
{
	char target[256];
	struct utsname uts;

	uname(&uts);
	snprintf(target, sizeof(target), "%s=/sys/kernel/btf/vmlinux", uts.release);
	load(path, (char *[]){ "load", "--target-btf", target, "--pin", PINS, NULL }, out);
}

void way_replay(const char *path, struct outcome *out)
{
	load(path, (char *[]){ "load", "--direct", "--pin", PINS, NULL }, out);
}
