/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes of system calls, whose functions have names by architecture and version */
#ifndef LSKEL_KSYSCALL
#define LSKEL_KSYSCALL

static inline int lskel_attach_ksyscall(struct lskel *skel, const struct lskel_prog_desc *prog,
					const struct lskel_where *where, struct lskel_attached *how)
{
	static const char *const prefixes[] = {
#if defined(__x86_64__) || defined(__i386__)
		"__x64_sys_", "__ia32_sys_",
#elif defined(__aarch64__) || defined(__arm__)
		"__arm64_sys_",
#elif defined(__s390__)
		"__s390x_sys_", "__s390_sys_",
#elif defined(__riscv)
		"__riscv_sys_",
#elif defined(__powerpc__)
		"__powerpc_sys_",
#endif
		"__se_sys_", "sys_"
	};
	char name[256];
	int event = -ENOENT;
	size_t i;

	/* In tracefs, newer kernels say EINVAL if there is no such function */
	for (i = 0; (event == -ENOENT || event == -EINVAL) && i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", prefixes[i], where->name);
		event = lskel_open_probe(skel, prog, name, 0, -1, how);
	}
	if (event < 0)
		return lskel_cannot(skel, prog, event, "probe of system call '%s'", where->name);
	return lskel_attach_probe(skel, prog, event, where->cookie, how);
}

static const struct lskel_attach_kind lskel_ksyscall_kind = { lskel_attach_ksyscall, 0 };
static const struct lskel_attach_kind lskel_kretsyscall_kind = {
	lskel_attach_ksyscall, LSKEL_PROBE_RETURN
};

#endif /* LSKEL_KSYSCALL */
