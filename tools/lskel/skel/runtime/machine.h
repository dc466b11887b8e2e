/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the machine decides: the limit of locked memory, numbers of entries */

/* Does the kernel take a program that calls the helper @func? Not if the result is
 * a negative errno.
 */
static inline int lskel_knows_helper(__u32 type, __u32 func)
{
	const __u64 insns[] = { 0x85 | (__u64)func << 32, 0x95 };
	struct lskel_load_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = type;
	attr.insns = lskel_address(insns);
	attr.insn_cnt = 2;
	attr.license = lskel_address("GPL");
	fd = lskel_bpf(LSKEL_PROG_LOAD, &attr, offsetof(struct lskel_load_attr, fd_array));
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

/* Maps and programs of kernels before 5.11 count against RLIMIT_MEMLOCK; such a
 * kernel does not know this helper either.
 */
static inline bool lskel_kernel_charges(void)
{
	const int err = lskel_knows_helper(LSKEL_PROG_TYPE_SOCKET_FILTER,
					   LSKEL_FUNC_KTIME_GET_COARSE_NS);
	unsigned long major, minor;
	struct utsname uts;
	char *dot;

	if (err != -EPERM)
		return err < 0;
	/* No rights, or the limit */
	if (uname(&uts))
		return false;
	major = strtoul(uts.release, &dot, 10);
	minor = *dot ? strtoul(dot + 1, NULL, 10) : 0;
	return major < 5 || (major == 5 && minor < 11);
}

/* After -EPERM: true if that may have been the limit, which is now higher */
static inline bool lskel_raise_memlock(struct lskel *skel)
{
	struct rlimit limit, unlimited;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    !lskel_kernel_charges())
		return false;
	unlimited.rlim_cur = unlimited.rlim_max = RLIM_INFINITY;
	if (!setrlimit(RLIMIT_MEMLOCK, &unlimited))
		return true;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		return !setrlimit(RLIMIT_MEMLOCK, &limit);
	}
	lskel_go_on(skel, "; the limit of locked memory (ulimit -l) may be too low, and raising"
		    " it needs CAP_SYS_RESOURCE");
	return false;
}

static inline __u32 lskel_max_entries(const struct lskel *skel, const struct lskel_map_desc *map)
{
	__u32 n = map->max_entries;

	if (map->member)
		n = ((struct lskel_map *)lskel_member(skel, map->member))->max_entries;
	return map->entries ? map->entries(n) : n;
}
