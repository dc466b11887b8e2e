/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What a failure comes from: what is a fact here and now, as far as it can have to do
 * with the failure, and as possible what is none
 */

/* Linux 5.10.3 is 0x50a */
static inline __u32 lskel_release(void)
{
	unsigned long major, minor;
	struct utsname uts;
	char *dot;

	if (uname(&uts))
		return 0;
	major = strtoul(uts.release, &dot, 10);
	minor = *dot ? strtoul(dot + 1, NULL, 10) : 0;
	return (__u32)(major << 8 | minor);
}

static inline void lskel_tell_release(struct lskel *skel, const char *needs)
{
	lskel_go_on(skel, "; %s: this is %u.%u", needs, lskel_release() >> 8, lskel_release() & 255);
}

/* The beginning of a file, or "" */
static inline void lskel_read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | LSKEL_O_CLOEXEC);
	const ssize_t n = fd < 0 ? 0 : read(fd, text, size - 1);

	text[n > 0 ? n : 0] = 0;
	lskel_close(&fd);
}

/* A kernel that is locked down hides helpers and makes no probes. @secrets: only if it is
 * for confidentiality
 */
static inline void lskel_tell_lockdown(struct lskel *skel, bool secrets)
{
	char text[64], *mode;

	/* "none integrity [confidentiality]", or "[none]" first */
	lskel_read_text("/sys/kernel/security/lockdown", text, sizeof(text));
	mode = strchr(text, '[');
	if (mode && mode > text && (!secrets || !strncmp(mode, "[confidentiality]", 17)))
		lskel_go_on(skel, "; the kernel is locked down: %.*s", (int)strcspn(mode + 1, "]"), mode + 1);
}

/* The verifier's last words before its numbers. False: it has none */
static inline bool lskel_tell_reason(struct lskel *skel)
{
	const char *log = lskel_log(skel), *end = strstr(log, "\nverification time "), *line;

	if (!end)
		end = strstr(log, "\nprocessed ");
	if (!end)
		return false;
	for (line = end; line > log && line[-1] != '\n'; line--)
		;
	lskel_go_on(skel, ": %.*s", (int)(end - line), line);
	/* "unknown func bpf_...", later "cannot use helper bpf_..." */
	if (strstr(line, "bpf_probe_write_user#"))
		lskel_tell_lockdown(skel, false);
	else if (strstr(line, "bpf_sys_bpf#") ||
		 (strstr(line, "bpf_probe_read") && !strstr(line, "bpf_probe_read_user")))
		lskel_tell_lockdown(skel, true);
	return true;
}

/* In a user namespace other than the first, whose inode is 0xeffffffd everywhere, nearly
 * all capabilities that a process has count for nothing
 */
static inline bool lskel_tell_namespace(struct lskel *skel)
{
	struct stat user;

	if (stat("/proc/self/ns/user", &user) || user.st_ino == 0xeffffffd)
		return false;
	lskel_go_on(skel, "; this process is in a user namespace, and may lack capabilities outside of it");
	return true;
}

/* What rights are missing after -EPERM, -EACCES, or -E2BIG, since lengths depend on
 * them, too. @net: LSKEL_NET, LSKEL_NET_OR_SYS or 0. False: none
 */
static inline bool lskel_tell_rights(struct lskel *skel, int err, __u32 net)
{
	__u32 version[2] = { 0x20080522, 0 }, caps[6];
	bool all, bpf, perfmon;
	char off[4] = "";

	if ((err != -EPERM && err != -EACCES && err != -E2BIG) || syscall(__NR_capget, version, caps))
		return false;
	all = caps[0] >> 21 & 1;	/* CAP_SYS_ADMIN */
	bpf = all || caps[3] >> 7 & 1;
	perfmon = all || caps[3] >> 6 & 1;
	net = net && !(caps[0] >> 12 & 1) && !(all && net == LSKEL_NET_OR_SYS);
	if (bpf && perfmon && !net) {
		if (lskel_tell_namespace(skel))
			return true;
		skel->denied = err == -EPERM;
		return false;
	}
	lskel_go_on(skel, "; this process lacks%s%s%s", bpf ? "" : " CAP_BPF",
		    perfmon ? "" : " CAP_PERFMON", net ? " CAP_NET_ADMIN" : "");
	if (!bpf)
		lskel_read_text("/proc/sys/kernel/unprivileged_bpf_disabled", off, sizeof(off));
	if (off[0] > '0')
		lskel_go_on(skel, "; kernel.unprivileged_bpf_disabled is %c", off[0]);
	return true;
}

/* -EINVAL is what looking into no BTF ends with. Where sysfs is not mounted, nobody knows. */
static inline void lskel_tell_btf(struct lskel *skel, int err)
{
	if (err == -EINVAL && !access("/sys/kernel", F_OK) && access("/sys/kernel/btf/vmlinux", F_OK))
		lskel_go_on(skel, "; this kernel has no BTF");
}
