// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* deny NUMBER ERRNO COMMAND [ARG...]: run COMMAND, for which bpf(2) with the command
 * NUMBER fails
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter filter[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 3, __NR_bpf },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[0]) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, argc > 3 ? (unsigned int)atoi(argv[1]) : 0 },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (argc > 3 ? (unsigned int)atoi(argv[2]) : 0) },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	const struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	if (argc < 4)
		return 2;
	/* As root, so no PR_SET_NO_NEW_PRIVS */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		perror("deny: seccomp");
	else if (execvp(argv[3], argv + 3))
		perror(argv[3]);
	return 2;
}
