/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Links that the loader makes: gen --attach-in-loader */
#ifndef LSKEL_LINKS
#define LSKEL_LINKS

static inline void lskel_drop_links(struct lskel *skel)
{
	__u32 i;

	for (i = 0; i < skel->object->nr_progs; i++)
		*lskel_fd(skel, skel->object->progs[i].link) = -1;
}

/* Kernels before 5.18 let no loader attach, -EINVAL, and mainline looks for the name of
 * a raw tracepoint in the memory of the process, -EFAULT: what is left is attached like
 * what a loader never attaches, by NAME__attach(), which says so if that fails too.
 */
static inline int lskel_take_links(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_progs; i++) {
		const int link = slots[object->links + i];

		if (link >= 0)
			*lskel_fd(skel, object->progs[i].link) = link;
		if (link >= 0 || link < -4095 || link == -EINVAL || link == -EFAULT)
			continue;
		lskel_drop_links(skel);
		return lskel_cannot(skel, &object->progs[i], link, "in the loader");
	}
	return 0;
}

static const struct lskel_part lskel_links_part = {
	0, 0, lskel_take_links, lskel_drop_links, 0, 0, 0, 0, 0
};

#endif /* LSKEL_LINKS */
