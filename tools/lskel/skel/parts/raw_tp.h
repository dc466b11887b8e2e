/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Raw tracepoints, and programs whose load named what they are for */
#ifndef LSKEL_RAW_TP
#define LSKEL_RAW_TP

struct lskel_raw_tp_attr {
	__u64 name;
	__u32 prog_fd, padding;
};

static inline int lskel_attach_raw_tp(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	struct lskel_raw_tp_attr attr;
	int fd;

	(void)how;
	memset(&attr, 0, sizeof(attr));
	attr.name = lskel_address(where->name);
	attr.prog_fd = (__u32)lskel_prog_fd(skel, prog);
	fd = lskel_bpf(17 /* RAW_TRACEPOINT_OPEN */, &attr, sizeof(attr));
	return fd < 0 ? lskel_cannot(skel, prog, fd, "RAW_TRACEPOINT_OPEN") : fd;
}

static const struct lskel_attach_kind lskel_raw_tp_kind = { lskel_attach_raw_tp, 0 };

#endif /* LSKEL_RAW_TP */
