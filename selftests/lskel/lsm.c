// SPDX-License-Identifier: GPL-2.0-only
/* LSM programs observe and refuse; two of the programs sleep. */
#include <sys/wait.h>

#include "lifecycle.h"
#include "lsm.lskel.h"

/* Does what the programs look for, and ends well if it was refused. */
static void provoke(struct lsm *skel)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	char buf[3 * page];
	int magic = 1234;
	bool refused;

	skel->bss->monitored_pid = getpid();
	refused = mprotect((void *)(((unsigned long)buf + page) & -page), page,
			   PROT_READ | PROT_WRITE | PROT_EXEC) && errno == EPERM;
	syscall(__NR_setdomainname, &magic, -2L);
	syscall(__NR_setdomainname, 0, -3L);
	syscall(__NR_setdomainname, ~0L, -4L);
	execl(refused ? "/bin/true" : "/bin/false", "lsm", NULL);
	_exit(2);
}

static int fire(struct lsm *skel)
{
	int status = -1;
	pid_t pid;

	memset(skel->bss, 0, sizeof(*skel->bss));
	pid = fork();
	if (!pid)
		provoke(skel);
	waitpid(pid, &status, 0);
	return skel->bss->mprotect_count + skel->bss->copy_test +
	       skel->bss->bprm_count + (status == 0);
}

LIFECYCLE(lsm, prepare_nothing, fire, 6)

TEST_HARNESS_MAIN
