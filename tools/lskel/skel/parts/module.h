/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SEC("fentry/MODULE:FUNCTION") and the like. The kernel finds the first function
 * of that name, its own before those of modules; only then can be said whose it is.
 */
#ifndef LSKEL_MODULE
#define LSKEL_MODULE

struct lskel_btf_info {
	__u64 btf;
	__u32 btf_size, id;
	__u64 name;
	__u32 name_len, kernel_btf;
};

/* Whose types @btf_fd has; 0: the kernel's own */
static inline int lskel_module_name(int btf_fd, char *name, size_t size)
{
	struct lskel_btf_info info;

	snprintf(name, size, "vmlinux");
	if (!btf_fd)
		return 0;
	memset(&info, 0, sizeof(info));
	info.name = lskel_address(name);
	info.name_len = (__u32)size;
	return lskel_get_info(btf_fd, &info, sizeof(info));
}

static inline int lskel_check_modules(struct lskel *skel, const int *slots)
{
	const struct lskel_object *object = skel->object;
	char name[64];
	__u32 i;
	int err;

	for (i = 0; i < object->nr_steps; i++) {
		const struct lskel_step *step = &object->steps[i];
		const char *colon = strchr(step->object, ':');
		const size_t len = colon ? (size_t)(colon - step->object) : 0;

		if (step->kind != LSKEL_STEP_FIND_BTF || !len || slots[step->slot] < 0)
			continue;
		err = lskel_module_name(slots[step->slot + 1], name, sizeof(name));
		if (err)
			return lskel_fail(skel, err, "cannot learn whose function '%s' is:", step->object);
		if (strlen(name) != len || memcmp(name, step->object, len))
			return lskel_fail(skel, -ENOENT, "cannot find '%s': the first function of that"
					  " name is in %s", step->object, name);
	}
	return 0;
}

/* Is a function of a module what @step looks for, or what its program traces? The step
 * before it looked for that.
 */
static inline bool lskel_wants_module(const struct lskel *skel, const struct lskel_step *step)
{
	if (step->kind == LSKEL_STEP_PROG_LOAD && step > skel->object->steps)
		step--;
	return step->kind == LSKEL_STEP_FIND_BTF && strchr(step->object, ':');
}

static inline void lskel_module_tell(struct lskel *skel, const struct lskel_ready *ready,
				     const struct lskel_step *step, int err)
{
	(void)ready;
	if ((err != -ENOENT && err != -EINVAL) || !lskel_wants_module(skel, step))
		return;
	if (lskel_release() < 0x50b)
		lskel_tell_release(skel, "functions of modules need Linux 5.11");
	else if (step->kind == LSKEL_STEP_FIND_BTF && err == -ENOENT)
		lskel_go_on(skel, "; is the module loaded?");
}

static const struct lskel_part lskel_module_part = {
	0, 0, lskel_check_modules, 0, lskel_module_tell, 0, 0, 0, 0
};

#endif /* LSKEL_MODULE */
