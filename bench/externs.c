// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What it costs to load an object that refers to an extern.
 *
 *	externs NONE.bpf.o OBJECT.bpf.o
 *
 * To be run where the clock counts instructions (scripts/vm --icount); compiled with
 * the light skeletons of both objects, none and probe. Prints, with a tab between,
 * instructions of open_and_load() of the skeleton, and of open and load with libbpf,
 * each in a process that has loaded NONE in the same way before; "-" if it fails.
 */
#include "bench.h"

#include <bpf/libbpf.h>
#include <sys/wait.h>
#include <unistd.h>

#include "none.lskel.h"
#include "probe.lskel.h"

static int with_libbpf(const char *file)
{
	struct bpf_object *object = bpf_object__open_file(file, NULL);
	int err = object ? bpf_object__load(object) : -1;

	bpf_object__close(object);
	return err;
}

static int with_none(const char *file)
{
	struct none *skel = none__open_and_load();

	(void)file;
	none__destroy(skel);
	return skel ? 0 : -1;
}

static int with_probe(const char *file)
{
	struct probe *skel = probe__open_and_load();

	(void)file;
	if (!skel)
		fprintf(stderr, "%s\n", probe__error(NULL));
	probe__destroy(skel);
	return skel ? 0 : -1;
}

static void measure(int (*before)(const char *file), const char *none,
		    int (*load)(const char *file), const char *file)
{
	pid_t pid = fork();
	__u64 start;

	if (pid < 0)
		die("cannot fork");
	if (pid) {
		waitpid(pid, NULL, 0);
		return;
	}
	if (before(none))
		die("cannot load %s", none);
	start = instructions();
	if (load(file))
		printf("\t-");
	else
		printf("\t%llu", (unsigned long long)(instructions() - start));
	exit(0);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		die("usage: externs NONE.bpf.o OBJECT.bpf.o");
	libbpf_set_print(NULL);
	measure(with_none, argv[1], with_probe, argv[2]);
	measure(with_libbpf, argv[1], with_libbpf, argv[2]);
	printf("\n");
	return 0;
}
