// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lists processes: an iterator over tasks, which writes the text in the kernel. */
#include "tool.h"
#include "tasks.lskel.h"

static const char usage[] =
	"usage: tasks [OPTION...]\n"
	"List the processes of users.\n\n"
	"  -u, --uid=UID        only those of this user\n"
	"  -t, --threads        every thread\n"
	"  -k, --kernel         those of the kernel, too\n"
	"  -h, --help           show this\n";

static const struct option options[] = {
	{ "uid", required_argument, NULL, 'u' },
	{ "threads", no_argument, NULL, 't' },
	{ "kernel", no_argument, NULL, 'k' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static int show(void *ctx, const void *data, size_t size)
{
	(void)ctx;
	fwrite(data, size, 1, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct tasks *skel = tasks__open();
	int opt, status = 1;

	if (!skel) {
		fprintf(stderr, "%s\n", tasks__error(NULL));
		return 1;
	}
	while ((opt = getopt_long(argc, argv, "u:tkh", options, NULL)) >= 0) {
		if (opt == 'u')
			skel->rodata->uid = number(optarg);
		else if (opt == 't')
			skel->rodata->threads = true;
		else if (opt == 'k')
			skel->rodata->kernel = true;
		else
			end_with(usage, opt);
	}
	if (optind < argc)
		end_with(usage, 0);

	if (tasks__load(skel) || tasks__attach(skel) ||
	    lskel_iter_read(skel->links.list_task_fd, show, NULL))
		fprintf(stderr, "%s\n%s", tasks__error(NULL), tasks__log(NULL));
	else if (fflush(stdout) || ferror(stdout))
		perror("standard output");
	else
		status = 0;
	tasks__destroy(skel);
	return status;
}
