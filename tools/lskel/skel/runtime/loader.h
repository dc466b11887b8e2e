/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* One loader: its blob, its run, and what can be done when it fails */

static inline bool lskel_has_step(const struct lskel_loader *loader, __u32 step)
{
	return step >= loader->first && step - loader->first < loader->nr_steps;
}

/* Which step of @loader ended it: the last that holds an errno it must not hold */
static inline const struct lskel_step *lskel_failed(const struct lskel_object *object,
						    const struct lskel_loader *loader,
						    const int *slots, int err)
{
	__u32 i = loader->first + loader->nr_steps;

	while (i-- > loader->first) {
		const struct lskel_step *step = &object->steps[i];

		if (!step->may_fail && slots[step->slot] == err)
			return step;
	}
	return NULL;
}

/* Close what the steps of @loader made and leave the slots as they were @before */
static inline void lskel_undo(const struct lskel_object *object, const struct lskel_loader *loader,
			      int *slots, const int *before)
{
	__u32 i;

	for (i = loader->first; i < loader->first + loader->nr_steps; i++) {
		const struct lskel_step *step = &object->steps[i];
		int *slot = &slots[step->slot];

		if (*slot == before[step->slot])
			continue;
		/* A type of the kernel's own BTF has no descriptor: 0 */
		if (step->kind == LSKEL_STEP_FIND_BTF && *slot >= 0 && slot[1] > 0)
			close(slot[1]);
		else if ((step->kind == LSKEL_STEP_BTF_LOAD || step->kind == LSKEL_STEP_MAP_CREATE ||
			  step->kind >= LSKEL_STEP_PROG_LOAD) && *slot >= 0)
			close(*slot);
		*slot = before[step->slot];
	}
}

/* A loader in the kernel, and the blob that it works on */
struct lskel_ready {
	const struct lskel_loader *loader;
	const int *slots;
	int map_fd, prog_fd;
	int spare;		/* for a part, -1 at first */
	char *blob;
	int interrupted;
	unsigned int logs;	/* of those that lskel_retry() makes */
};

static inline void lskel_ready_end(struct lskel_ready *ready)
{
	if (ready->blob)
		munmap(ready->blob, lskel_pages(ready->loader->blob.size));
	lskel_close(&ready->map_fd);
	lskel_close(&ready->prog_fd);
	lskel_close(&ready->spare);
}

static inline int lskel_ready_load(struct lskel *skel, struct lskel_ready *ready)
{
	const struct lskel_loader *loader = ready->loader;
	const struct lskel_image *code = skel->usual && loader->usual.size ? &loader->usual :
					 &loader->any;
	const __u32 log_size = 1 << 16;
	struct lskel_load_attr attr;
	char *insns = (char *)calloc(1, code->size), *log = NULL;
	int err, again;
	bool reason;
	__u32 i;

	if (!insns)
		return lskel_nomem(skel);
	lskel_unpack(code, 0, code->size, insns);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = LSKEL_PROG_TYPE_SYSCALL;
	attr.insns = lskel_address(insns);
	attr.insn_cnt = code->size / 8;
	attr.license = lskel_address("Dual BSD/GPL");
	attr.prog_flags = LSKEL_F_SLEEPABLE;
	memcpy(attr.prog_name, "lskel_loader", sizeof("lskel_loader"));
	attr.fd_array = lskel_address(&ready->map_fd);
	do {
		err = ready->prog_fd = lskel_bpf(LSKEL_PROG_LOAD, &attr, sizeof(attr));
		again = err == -EAGAIN;
		for (i = 0; err == -EINVAL && !again && i < skel->object->nr_parts; i++)
			if (skel->object->parts[i]->refused)
				again = skel->object->parts[i]->refused(skel, ready, insns, code->size);
	} while (again > 0);
	if (err < 0 && !again && err != -EPERM && err != -E2BIG && (log = (char *)calloc(1, log_size))) {
		attr.log_level = 1;
		attr.log_size = log_size;
		attr.log_buf = lskel_address(log);
		ready->prog_fd = lskel_bpf(LSKEL_PROG_LOAD, &attr, sizeof(attr));
		free(skel->log);
		skel->log = log;
	}
	free(insns);
	if (again || ready->prog_fd >= 0)
		return again;
	lskel_fail(skel, err, "cannot load the loader:");
	reason = lskel_tell_reason(skel);
	if (!lskel_tell_rights(skel, err, 0) && !reason && (err == -EINVAL || err == -E2BIG) &&
	    lskel_release() < 0x50e)
		lskel_tell_release(skel, "BPF syscall programs need Linux 5.14, or 5.10 with the series");
	return err;
}

/* Write @value over a field of a step's attributes, and of their twin */
static inline void lskel_patch(const struct lskel *skel, const struct lskel_ready *ready,
			       __u32 step, size_t field, const void *value, size_t size)
{
	const struct lskel_step *steps = skel->object->steps;
	char *attr = ready->blob + steps[step].attr + field;

	memcpy(attr, value, size);
	if (steps[step].twin)
		memcpy(attr + ready->loader->twin, value, size);
}

/* Write into the blob what the user and the machine decide */
static inline int lskel_prepare(struct lskel *skel, struct lskel_ready *ready, const int *slots)
{
	const struct lskel_object *object = skel->object;
	int err = 0;
	__u32 i;

	for (i = 0; !err && i < object->nr_parts; i++)
		if (object->parts[i]->prepare)
			err = object->parts[i]->prepare(skel, ready, slots);
	return err;
}

static inline int lskel_run_loader(const struct lskel_object *object, const struct lskel_ready *ready,
				   int *slots)
{
	struct lskel_run_attr attr;
	int err;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (__u32)ready->prog_fd;
	attr.ctx_in = lskel_address(slots);
	attr.ctx_size_in = object->nr_slots * (__u32)sizeof(*slots);
	err = lskel_bpf(LSKEL_PROG_TEST_RUN, &attr, sizeof(attr));
	/* What a loader returns is an errno, or anything else */
	if (!err && attr.retval >= (__u32)-4095)
		err = (int)attr.retval;
	return err;
}

/* What can be done about the failure @err of @step: true if it is worth to run
 * the loader again. *@cause becomes what to tell if that fails as well.
 */
static inline bool lskel_retry(struct lskel *skel, struct lskel_ready *ready,
			       const struct lskel_step *step, int err, int *cause)
{
	const __u32 nr = (__u32)(step - skel->object->steps);
	const size_t types = offsetof(struct lskel_map_attr, btf_key_type_id);
	static const __u32 none[2] = { 0, 0 };
	/* 16 MiB is what 5.10 accepts. What is longer, is told without the trace. */
	static const __u32 logs[][2] = { { 1, 1 << 16 }, { 1, (1 << 24) - 1 }, { 4, 1 << 16 } };
	struct { __u32 level, size; __u64 buf; } log;
	char *buf;

	/* A signal interrupts the verifier */
	if (err == -EAGAIN)
		return ready->interrupted++ < 5;

	/* Not every kernel takes the types of every map; they only describe it */
	if (step->kind == LSKEL_STEP_MAP_CREATE) {
		if (!memcmp(ready->blob + step->attr + types, none, sizeof(none)))
			return false;
		lskel_patch(skel, ready, nr, types, none, sizeof(none));
		return true;
	}

	/* The verifier's log, until there is room for it */
	if (step->kind != LSKEL_STEP_PROG_LOAD)
		return false;
	if (!ready->logs) {
		*cause = err;
		ready->logs = err == -E2BIG ? 2 : 0;
	} else if (err != -ENOSPC || ready->logs == sizeof(logs) / sizeof(logs[0])) {
		return false;
	}
	log.level = logs[ready->logs][0];
	log.size = logs[ready->logs++][1];
	buf = (char *)realloc(skel->log, log.size);
	if (!buf)
		return false;
	buf[0] = 0;
	skel->log = buf;
	log.buf = lskel_address(buf);
	lskel_patch(skel, ready, nr, offsetof(struct lskel_load_attr, log_level), &log, sizeof(log));
	return true;
}

static inline int lskel_tell(struct lskel *skel, const struct lskel_ready *ready,
			     const struct lskel_step *step, int err)
{
	static const char *const what[] = {
		"load the BTF", "create map '", "set the initial value of map '", "freeze map '",
		"fill slot '", "find '", "" /* FIND_KSYM may fail */, "load program '"
	};
	const char *object, *after = "'";
	__u32 net = LSKEL_NET;
	size_t len;
	__u32 i;

	if (!step)
		return lskel_fail(skel, err, "cannot run the loader:");
	object = step->object;
	if (step->kind == LSKEL_STEP_BTF_LOAD)
		object = after = "";
	if (step->kind == LSKEL_STEP_FIND_BTF)
		after = "' in the kernel's BTF";
	lskel_fail(skel, err, "cannot %s%s%s:", what[step->kind], object, after);
	len = strlen(skel->error);
	if (step->kind == LSKEL_STEP_PROG_LOAD) {
		lskel_tell_reason(skel);
		net = LSKEL_NET_OR_SYS;
	}
	lskel_tell_rights(skel, err, step->needs & net);
	if (step->kind == LSKEL_STEP_FIND_BTF)
		lskel_tell_btf(skel, err);
	for (i = 0; i < skel->object->nr_parts; i++)
		if (skel->object->parts[i]->tell)
			skel->object->parts[i]->tell(skel, ready, step, err);
	/* The verifier has not seen it */
	if (err == -EINVAL && skel->log && !skel->log[0] && strlen(skel->error) == len)
		lskel_go_on(skel, "; this kernel may not have such programs");
	return err;
}

/* The map of @loader, with all in it that the steps need; lskel_ready_end() ends it,
 * also after an error.
 */
static inline int lskel_ready_begin(struct lskel *skel, struct lskel_ready *ready,
				    const struct lskel_loader *loader, const int *slots)
{
	struct lskel_map_attr attr;
	void *blob;

	memset(ready, 0, sizeof(*ready));
	ready->loader = loader;
	ready->slots = slots;
	ready->prog_fd = ready->spare = -1;
	memset(&attr, 0, sizeof(attr));
	attr.map_type = LSKEL_MAP_TYPE_ARRAY;
	attr.key_size = 4;
	attr.value_size = loader->blob.size;
	attr.max_entries = 1;
	attr.map_flags = LSKEL_F_MMAPABLE;
	memcpy(attr.map_name, "lskel_blob", sizeof("lskel_blob"));
	/* Takes descriptor 0 if that is free, so nothing that the loader makes
	 * is mistaken for none by the kernel.
	 */
	ready->map_fd = lskel_bpf(LSKEL_MAP_CREATE, &attr, sizeof(attr));
	if (ready->map_fd < 0) {
		const int err = ready->map_fd;

		lskel_fail(skel, err, "cannot create the loader's map:");
		lskel_tell_rights(skel, err, 0);
		return err;
	}
	blob = mmap(NULL, lskel_pages(loader->blob.size), PROT_READ | PROT_WRITE, MAP_SHARED,
		    ready->map_fd, 0);
	if (blob == MAP_FAILED)
		return lskel_fail(skel, -errno, "cannot map the loader's map:");
	ready->blob = (char *)blob;
	lskel_unpack(&loader->blob, 0, loader->blob.size, ready->blob);
	return lskel_prepare(skel, ready, slots);
}

/* Make its steps. @slots hold what those before left, and are left with all that was
 * done; @before is room for a copy.
 */
static inline int lskel_ready_run(struct lskel *skel, struct lskel_ready *ready, int *slots, int *before)
{
	const struct lskel_object *object = skel->object;
	const struct lskel_step *step;
	int err, first = 0;

	memcpy(before, slots, object->nr_slots * sizeof(*slots));
	while ((err = lskel_run_loader(object, ready, slots)) != 0) {
		step = lskel_failed(object, ready->loader, slots, err);
		if (!step || !lskel_retry(skel, ready, step, err, &first)) {
			lskel_tell(skel, ready, step, first && step ? first : err);
			break;
		}
		lskel_undo(object, ready->loader, slots, before);
	}
	return err;
}

static inline int lskel_steps(struct lskel *skel, const struct lskel_loader *loader,
			      int *slots, int *before)
{
	struct lskel_ready ready;
	int err = lskel_ready_begin(skel, &ready, loader, slots);

	if (!err)
		err = lskel_ready_load(skel, &ready);
	if (!err)
		err = lskel_ready_run(skel, &ready, slots, before);
	lskel_ready_end(&ready);
	return err;
}
