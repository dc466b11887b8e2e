/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Programs in SEC("syscall") */
#ifndef LSKEL_RUN
#define LSKEL_RUN

/* Run a syscall program. Returns what it returned, as a __u32, or an errno. */
static inline __s64 lskel_run(struct lskel *skel, __u32 nr, void *ctx, __u32 size)
{
	const struct lskel_prog_desc *prog = &skel->object->progs[nr];
	const int prog_fd = *lskel_fd(skel, prog->fd);
	struct lskel_run_attr attr;
	int err;

	if (prog_fd < 0)
		return lskel_fail(skel, -EINVAL, "program '%s' is not loaded", prog->name);
	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (__u32)prog_fd;
	attr.ctx_in = lskel_address(ctx);
	attr.ctx_size_in = size;
	err = lskel_bpf(LSKEL_PROG_TEST_RUN, &attr, sizeof(attr));
	if (err)
		return lskel_fail(skel, err, "cannot run program '%s':", prog->name);
	return attr.retval;
}

#endif /* LSKEL_RUN */
