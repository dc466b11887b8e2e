/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What programs and maps cost */
#ifndef LSKEL_STATS
#define LSKEL_STATS

struct lskel_stats {
	__u64 run_time_ns, run_cnt;	/* while statistics were enabled */
	__u64 misses;		/* runs left out as the program was running already; 5.12 */
};

/* Have the kernel count the runs of all programs and measure their time. Returns a
 * descriptor: it does until the last such one is closed. Linux 5.8
 */
static inline int lskel_stats_enable(void)
{
	__u32 type = 0;		/* BPF_STATS_RUN_TIME */
	const int fd = lskel_bpf(32 /* ENABLE_STATS */, &type, sizeof(type));

	if (fd < 0)
		return lskel_helper_fail(fd, "cannot enable statistics: %s (errno %d)%s", strerror(-fd),
					-fd, fd == -EPERM ? "; it needs CAP_SYS_ADMIN" : "");
	return fd;
}

/* What was counted for the program @prog_fd since it was loaded */
static inline int lskel_stats_read(int prog_fd, struct lskel_stats *stats)
{
	__u64 info[27];		/* struct bpf_prog_info up to recursion_misses */
	int err;

	memset(info, 0, sizeof(info));
	err = lskel_get_info(prog_fd, info, sizeof(info));
	if (err)
		return lskel_helper_fail(err, "cannot read statistics of descriptor %d:", prog_fd);
	stats->run_time_ns = info[24];
	stats->run_cnt = info[25];
	stats->misses = info[26];
	return 0;
}

/* Bytes of memory that the kernel counts for the program or map @fd */
static inline __s64 lskel_memory(int fd)
{
	static const char word[] = "memlock:";
	char name[64], line[128];
	long long bytes = -1;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	file = fopen(name, "re");
	while (file && bytes < 0 && fgets(line, sizeof(line), file))
		if (!strncmp(line, word, strlen(word)))
			bytes = strtoll(line + strlen(word), NULL, 10);
	if (file)
		fclose(file);
	if (bytes < 0)
		return lskel_helper_fail(-EINVAL, "%s says nothing of memory: is it a program or map?", name);
	return bytes;
}

#endif /* LSKEL_STATS */
