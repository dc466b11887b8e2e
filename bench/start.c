// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What it costs to start a tool.
 *
 *	start COMMAND [ARG...]
 *
 * COMMAND prints its first line when it is at work, and ends after SIGINT. To be
 * run where the clock counts instructions (scripts/vm --icount). Prints, with a tab
 * between, instructions from fork(2) until it waits after that line, the median of
 * five rounds after one that fills caches, and the most memory, in KiB, that was
 * resident in the last one.
 *
 * Instructions are the processor time of the process: those of user space and of
 * the kernel on its behalf, but not those that pass while it waits. Memory is what
 * the kernel accounts at the end; while a process runs, what /proc says may be off
 * by 64 pages. The process was a copy of ours once, hence we had better be small.
 */
#include "bench.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS	5

/* For an iterator over tasks: so many that the first page of text is not all. */
#define IDLERS	128

static void spawn_idlers(void)
{
	int i;

	for (i = 0; i < IDLERS; i++)
		if (!fork())
			while (1)
				pause();
}

/* Read a line: no byte more, so that a pipe of one page is full for longer. */
static void read_line(int fd, const char *command)
{
	char byte;

	do
		if (read(fd, &byte, 1) != 1)
			die("%s: ended before it was at work", command);
	while (byte != '\n');
}

/* Wait until it sleeps; it may have been interrupted in what follows the line. */
static void settle(pid_t pid)
{
	char path[64], line[256], *state;
	FILE *file;

	do {
		usleep(1000);
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		file = fopen(path, "r");
		if (!file || !fgets(line, sizeof(line), file))
			die("%s: %m", path);
		fclose(file);
		state = strrchr(line, ')');
	} while (!state || state[2] != 'S');
}

/* Returns the instructions, and sets @kib */
static long long run(char **argv, long *kib)
{
	int ends[2], status;
	struct rusage usage;
	struct timespec ts;
	clockid_t clock;
	char rest[4096];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) || fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0)
		die("cannot make a pipe: %m");
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		execvp(argv[0], argv);
		die("%s: %m", argv[0]);
	}
	close(ends[1]);
	read_line(ends[0], argv[0]);
	settle(pid);
	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &ts))
		die("%s: it has no clock", argv[0]);

	kill(pid, SIGINT);
	while (read(ends[0], rest, sizeof(rest)) > 0)
		;
	close(ends[0]);
	if (wait4(pid, &status, 0, &usage) != pid ||
	    !((WIFEXITED(status) && !WEXITSTATUS(status)) ||
	      (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)))
		die("%s: ended with status %#x", argv[0], status);
	*kib = usage.ru_maxrss;
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	long long cost[ROUNDS];
	long kib;
	int i;

	if (argc < 2)
		die("usage: start COMMAND [ARG...]");
	setpgid(0, 0);
	spawn_idlers();
	run(argv + 1, &kib);
	for (i = 0; i < ROUNDS; i++)
		cost[i] = run(argv + 1, &kib);
	qsort(cost, ROUNDS, sizeof(cost[0]), compare);
	printf("%lld\t%ld\n", cost[ROUNDS / 2], kib);
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	return 0;
}
