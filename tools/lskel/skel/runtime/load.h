/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The life of a skeleton: open, load, destroy */

/* Before the steps: what @slots say of the user's choices */
static inline int lskel_begin(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	int err = 0;
	__u32 i;

	for (i = 0; i < object->nr_slots; i++)
		slots[i] = LSKEL_SLOT_UNSET;
	skel->usual = true;
	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];
		const bool load = !prog->autoload || *(bool *)lskel_member(skel, prog->autoload);

		if (!load)
			slots[prog->slot] = LSKEL_SLOT_SKIP;
		if (load == prog->optional)
			skel->usual = false;
	}
	for (i = 0; !err && i < object->nr_parts; i++)
		if (object->parts[i]->begin)
			err = object->parts[i]->begin(skel, slots);
	return err;
}

/* After them */
static inline int lskel_end(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	int err = 0;
	__u32 i;

	for (i = 0; !err && i < object->nr_parts; i++)
		if (object->parts[i]->end)
			err = object->parts[i]->end(skel, slots);
	/* The one that failed has undone what it did */
	while (err && --i)
		if (object->parts[i - 1]->undo)
			object->parts[i - 1]->undo(skel);
	return err;
}

/* Close all that is in @slots; @work is room for as many */
static inline void lskel_abort(const struct lskel_object *object, int *slots, int *work)
{
	__u32 i;

	for (i = 0; i < object->nr_slots; i++)
		work[i] = LSKEL_SLOT_UNSET;
	for (i = 0; i < object->nr_loaders; i++)
		lskel_undo(object, &object->loaders[i], slots, work);
}

/* Hand the results over to the skeleton, and close what only the load needed */
static inline void lskel_publish(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_parts; i++)
		if (object->parts[i]->take)
			object->parts[i]->take(skel, slots);
	for (i = 0; i < object->nr_progs; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];
		int *slot = &slots[prog->slot];

		*lskel_fd(skel, prog->fd) = *slot >= 0 ? *slot : -1;
		*slot = LSKEL_SLOT_UNSET;
	}
	for (i = 0; i < object->nr_steps; i++) {
		const struct lskel_step *step = &object->steps[i];
		int *slot = &slots[step->slot];

		if (step->kind == LSKEL_STEP_BTF_LOAD || step->kind == LSKEL_STEP_MAP_CREATE)
			lskel_close(slot);
		else if (step->kind == LSKEL_STEP_FIND_BTF && *slot >= 0 && slot[1] > 0)
			lskel_close(&slot[1]);
	}
	skel->loaded = true;
}

/* Make all steps by @steps, which is given one loader after the other, and what
 * belongs before and behind them. @slots get the results, or are left with no
 * descriptor; @work is room for as many.
 */
static inline int lskel_load_slots(struct lskel *skel, int *slots, int *work,
				   int (*steps)(struct lskel *skel, const struct lskel_loader *loader,
						int *slots, int *before))
{
	const struct lskel_object *object = skel->object;
	int err, tries = 10;
	bool again;
	__u32 i;

	skel->error[0] = 0;
	do {
		again = false;
		free(skel->log);
		skel->log = NULL;
		skel->denied = false;
		err = lskel_begin(skel, slots);
		for (i = 0; !err && i < object->nr_loaders; i++)
			err = steps(skel, &object->loaders[i], slots, work);
		if (!err) {
			err = lskel_end(skel, slots);
			again = err == -EEXIST;	/* see lskel_pin_all() */
		}
		if (err)
			lskel_abort(object, slots, work);
		if (err == -EPERM)
			again = lskel_raise_memlock(skel);
	} while (again && --tries);
	if (!err)
		skel->error[0] = 0;
	return err;
}

static inline int lskel_load(struct lskel *skel)
{
	const __u32 n = skel->object->nr_slots;
	int *slots, err;

	if (skel->loaded)
		return lskel_fail(skel, -EALREADY, "it is loaded already");
	skel->loading = true;
	slots = (int *)calloc(n + 1, 2 * sizeof(*slots));
	err = slots ? lskel_load_slots(skel, slots, slots + n, lskel_steps) : lskel_nomem(skel);
	if (!err)
		lskel_publish(skel, slots);
	free(slots);
	skel->loading = false;
	if (err) {
		lskel_remember(skel, skel->log);
		errno = -err;
	}
	return err;
}

static inline void lskel_destroy(struct lskel *skel)
{
	const struct lskel_object *object = skel->object;
	__u32 i;

	for (i = 0; i < object->nr_parts; i++)
		if (object->parts[i]->destroy)
			object->parts[i]->destroy(skel);
	for (i = 0; i < object->nr_progs; i++)
		lskel_close(lskel_fd(skel, object->progs[i].fd));
	free(skel->log);
	free(skel);
}

static inline struct lskel *lskel_open(const struct lskel_object *object)
{
	struct lskel *skel = (struct lskel *)calloc(1, object->size);
	__u32 i;

	if (!skel) {
		struct lskel none;

		memset(&none, 0, sizeof(none));
		none.object = object;
		lskel_nomem(&none);
		return NULL;
	}
	skel->object = object;
	for (i = 0; i < object->nr_attach; i++) {
		const struct lskel_prog_desc *prog = &object->progs[i];

		*lskel_fd(skel, prog->fd) = -1;
		*lskel_fd(skel, prog->link) = -1;
		if (prog->autoload)
			*(bool *)lskel_member(skel, prog->autoload) = !prog->optional;
		if (prog->target)
			*lskel_fd(skel, prog->target) = -1;
	}
	for (i = 0; i < object->nr_parts; i++)
		if (object->parts[i]->open && object->parts[i]->open(skel)) {
			lskel_destroy(skel);
			return NULL;
		}
	return skel;
}
