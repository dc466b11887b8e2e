/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes of functions of the kernel */
#ifndef LSKEL_KPROBE
#define LSKEL_KPROBE

static inline int lskel_attach_kprobe(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *where, struct lskel_attached *how)
{
	const int event = lskel_open_probe(skel, prog, where->name, where->offset, -1, how);

	if (event < 0)
		return lskel_cannot(skel, prog, event, "probe of function '%s'", where->name);
	return lskel_attach_probe(skel, prog, event, where->cookie, how);
}

static const struct lskel_attach_kind lskel_kprobe_kind = { lskel_attach_kprobe, 0 };
static const struct lskel_attach_kind lskel_kretprobe_kind = {
	lskel_attach_kprobe, LSKEL_PROBE_RETURN
};

#endif /* LSKEL_KPROBE */
