// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* attach [-a] [-l LEAST]: attach every program of every object that is compiled in,
 * each object in a child with a network and mounts of its own. -a: all must load.
 * -l: how many programs must attach. Prints KTAP.
 */
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "t.h"
#include "attach.h"

#define CHILD_SECONDS	300
#define CGROUP		"/sys/fs/cgroup/lskel_attach"

extern const struct attach_case *const __start_attach_cases[], *const __stop_attach_cases[];

/* Loopback is the only interface, and no pin of another object is there */
static bool set_apart(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd, err;

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL))
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
	return !err;
}

static void open_targets(struct targets *targets)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int yes = 1;

	mkdir(CGROUP, 0755);
	targets->cgroup = open(CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	targets->netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	targets->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(targets->udp, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
	bind(targets->udp, (struct sockaddr *)&address, sizeof(address));
	targets->sockmap = t_map(BPF_MAP_TYPE_SOCKMAP, 4, 4, 1, 0);
	targets->ifindex = if_nametoindex("lo");
}

static void child(const struct attach_case *c, struct report *report)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct targets targets;

	alarm(CHILD_SECONDS);
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	if (!set_apart()) {
		snprintf(report->said, sizeof(report->said), "no namespaces: %m");
		exit(1);
	}
	open_targets(&targets);
	c->run(report, &targets);
	exit(0);
}

/* One line, which KTAP does not take for something else */
static void tidy(char *text)
{
	for (; *text; text++)
		if (*text == '\n' || *text == '#')
			*text = ' ';
}

int main(int argc, char **argv)
{
	struct report *report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const struct attach_case *const *c;
	unsigned int n = 0, least = 0, attached = 0, refused = 0;
	bool all = false, failed = false;
	struct t_live before;
	int option, status;

	while ((option = getopt(argc, argv, "al:")) != -1) {
		all = all || option == 'a';
		if (option == 'l')
			least = strtoul(optarg, NULL, 10);
	}
	/* The kernel's own call of modprobe would be in another root */
	if (t_release() != 510 && system("modprobe -a sch_ingress cls_bpf act_bpf"))
		return 1;
	printf("TAP version 13\n1..%u\n", (unsigned int)(__stop_attach_cases - __start_attach_cases) + 1);
	for (c = __start_attach_cases; c < __stop_attach_cases; c++) {
		pid_t pid;
		bool bad;

		memset(report, 0, sizeof(*report));
		t_live_count(&before);
		fflush(stdout);
		pid = fork();
		if (!pid)
			child(*c, report);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 1;
		if (WIFSIGNALED(status) && !report->said[0])
			snprintf(report->said, sizeof(report->said), "signal %d", WTERMSIG(status));
		if (!report->said[0] && !t_live_back_to(&before))
			snprintf(report->said, sizeof(report->said), "it left something behind");
		tidy(report->said);
		bad = report->said[0] && (all || !report->skipped);
		failed = failed || bad;
		attached += report->attached;
		refused += report->refused;
		if (bad)
			printf("# %s\n", report->said);
		printf("%sok %u %s", bad ? "not " : "", ++n, (*c)->name);
		if (report->skipped && !bad)
			printf(" # SKIP %s\n", report->said);
		else
			printf(": %u attached, %u refused\n", report->attached, report->refused);
	}
	printf("%sok %u at least %u programs attach: %u, %u are refused\n",
	       attached < least ? "not " : "", n + 1, least, attached, refused);
	rmdir(CGROUP);
	return failed || attached < least;
}
