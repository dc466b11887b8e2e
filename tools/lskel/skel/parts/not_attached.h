/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Programs that lskel_attach_all() leaves: they need an argument, or are not to attach */
#ifndef LSKEL_NOT_ATTACHED
#define LSKEL_NOT_ATTACHED

static inline bool lskel_is_left(const struct lskel *skel, const struct lskel_prog_desc *prog)
{
	return *lskel_fd(skel, prog->link) < 0 && (!skel->loaded || lskel_prog_fd(skel, prog) >= 0) &&
	       !prog->where && !prog->called;
}

/* Say which, all of them as far as there is room. 0: there are none */
static inline int lskel_not_attached(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	char text[700];
	__u32 i, said = 0, n = 0;

	for (i = 0; i < object->nr_progs; i++)
		n += lskel_is_left(skel, &object->progs[i]);
	if (!n)
		return 0;
	lskel_fail(skel, -EOPNOTSUPP, "not attached");
	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		if (!lskel_is_left(skel, prog))
			continue;
		snprintf(text, sizeof(text), "%s%s (SEC(\"%s\")%s%s", said ? ", " : ": ", prog->name, prog->sec,
			 prog->kind ? ") needs an argument" : ", ", prog->kind ? "" : prog->why_not);
		if (strlen(skel->error) + strlen(text) + sizeof(")), and 4294967295 more") > sizeof(skel->error))
			break;
		lskel_go_on(skel, "%s%s", text, prog->kind ? "" : ")");
		said++;
	}
	if (said < n)
		lskel_go_on(skel, ", and %u more", n - said);
	return -EOPNOTSUPP;
}

#endif /* LSKEL_NOT_ATTACHED */
