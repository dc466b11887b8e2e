// SPDX-License-Identifier: GPL-2.0-only
/* BTF of modules
 *
 * A module's BTF comes and goes with it. It is parsed before the module's own code
 * runs, gets an id and a file in /sys/kernel/btf, and is found from when the module
 * is live until its own code has run for the last time. Then there is only the
 * object, for those who have a descriptor. The module itself cannot be kept any more
 * as soon as it begins to go.
 */
#define pr_fmt(fmt) "BPF: " fmt

#include <linux/anon_inodes.h>
#include <linux/bpf.h>
#include <linux/bpf_btf_module.h>
#include <linux/bpf_fd_array.h>
#include <linux/bpf_verifier.h>
#include <linux/btf.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

struct btf_module {
	struct list_head list;
	struct module *module;
	struct btf *btf;	/* has a reference */
	bool live;
	struct bin_attribute file;
};

static LIST_HEAD(btf_modules);

/* Held while a module's BTF becomes live or goes: who has found one that is live
 * can take a reference, of it and of the module.
 */
static DEFINE_MUTEX(btf_modules_lock);

static ssize_t read_btf(struct file *file, struct kobject *kobj,
			struct bin_attribute *attr, char *buf, loff_t off,
			size_t len)
{
	memcpy(buf, attr->private + off, len);
	return len;
}

/* Nothing but this file is missing without it. */
static void add_file(struct btf_module *btf_mod)
{
	struct bin_attribute *file = &btf_mod->file;
	u32 size;
	int err;

	if (!IS_ENABLED(CONFIG_SYSFS))
		return;

	sysfs_bin_attr_init(file);
	file->attr.name = btf_name(btf_mod->btf);
	file->attr.mode = 0444;
	file->private = btf_raw(btf_mod->btf, &size);
	file->size = size;
	file->read = read_btf;
	err = sysfs_create_bin_file(btf_kobj, file);
	if (err) {
		pr_warn("no file for the BTF of module %s in sysfs: %d\n",
			btf_name(btf_mod->btf), err);
		file->private = NULL;
	}
}

static void remove_file(struct btf_module *btf_mod)
{
	if (btf_mod->file.private)
		sysfs_remove_bin_file(btf_kobj, &btf_mod->file);
}

/**
 * btf_module_coming() - take up the BTF of a module that is being loaded
 * @mod: the module, for which MODULE_STATE_GOING is notified if it fails later
 * @data: contents of its .BTF section, only used meanwhile
 * @size: its size in bytes, 0 if there is none
 *
 * Return: 0, or what btf_parse_module() returns for BTF that is damaged or made for
 * another kernel; such a module is not loaded.
 */
int btf_module_coming(struct module *mod, const void *data, u64 size)
{
	struct btf_module *btf_mod;
	struct btf *btf;

	if (!size)
		return 0;

	btf_mod = kzalloc(sizeof(*btf_mod), GFP_KERNEL);
	if (!btf_mod)
		return -ENOMEM;

	btf = btf_parse_module(mod, data, min_t(u64, size, U32_MAX));
	if (IS_ERR(btf)) {
		pr_warn("failed to validate module [%s] BTF: %ld\n", mod->name,
			PTR_ERR(btf));
		kfree(btf_mod);
		return PTR_ERR(btf);
	}
	btf_mod->module = mod;
	btf_mod->btf = btf;
	add_file(btf_mod);

	mutex_lock(&btf_modules_lock);
	list_add_tail(&btf_mod->list, &btf_modules);
	mutex_unlock(&btf_modules_lock);
	return 0;
}

static struct btf_module *find_module_btf(const struct module *mod)
{
	struct btf_module *btf_mod;

	lockdep_assert_held(&btf_modules_lock);
	list_for_each_entry(btf_mod, &btf_modules, list)
		if (btf_mod->module == mod)
			return btf_mod;
	return NULL;
}

static int btf_module_notify(struct notifier_block *nb, unsigned long state,
			     void *mod)
{
	struct btf_module *btf_mod;

	if (state != MODULE_STATE_LIVE && state != MODULE_STATE_GOING)
		return NOTIFY_OK;

	mutex_lock(&btf_modules_lock);
	btf_mod = find_module_btf(mod);
	if (btf_mod && state == MODULE_STATE_LIVE)
		btf_mod->live = true;
	if (btf_mod && state == MODULE_STATE_GOING)
		list_del(&btf_mod->list);
	mutex_unlock(&btf_modules_lock);

	if (btf_mod && state == MODULE_STATE_GOING) {
		remove_file(btf_mod);
		btf_put(btf_mod->btf);
		kfree(btf_mod);
	}
	return NOTIFY_OK;
}

static struct notifier_block btf_module_nb = {
	.notifier_call = btf_module_notify,
};

static int __init btf_module_init(void)
{
	return register_module_notifier(&btf_module_nb);
}
fs_initcall(btf_module_init);

/* Keep the module of @btf loaded; false if it is not live. */
bool btf_try_get_module(const struct btf *btf)
{
	struct btf_module *btf_mod;
	bool got = false;

	mutex_lock(&btf_modules_lock);
	list_for_each_entry(btf_mod, &btf_modules, list)
		if (btf_mod->btf == btf) {
			got = btf_mod->live && try_module_get(btf_mod->module);
			break;
		}
	mutex_unlock(&btf_modules_lock);
	return got;
}

/* Undo btf_try_get_module(). */
void btf_put_module(const struct btf *btf)
{
	module_put(btf_module(btf));
}

/**
 * btf_visit_live_modules() - see the BTF of all modules that are live
 * @visit: is called for each until it returns something else than 0. No module
 *	comes or goes meanwhile; it takes a reference of what it wants to keep.
 * @data: passed on
 *
 * Return: what @visit returned the last time, or 0.
 */
int btf_visit_live_modules(int (*visit)(struct btf *btf, void *data), void *data)
{
	struct btf_module *btf_mod;
	int ret = 0;

	mutex_lock(&btf_modules_lock);
	list_for_each_entry(btf_mod, &btf_modules, list) {
		if (!btf_mod->live)
			continue;
		ret = visit(btf_mod->btf, data);
		if (ret)
			break;
		cond_resched();
	}
	mutex_unlock(&btf_modules_lock);
	return ret;
}

/* Open a descriptor that is not 0, to which the caller's reference goes over. */
static int new_fd(struct btf *btf)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (!fd) {
		fd = get_unused_fd_flags(O_CLOEXEC);
		put_unused_fd(0);
	}
	if (fd < 0)
		return fd;

	file = anon_inode_getfile("btf", &btf_fops, btf, O_RDONLY);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

struct wanted {
	const char *name;
	u32 kind;
	s32 id;
	struct btf *btf;
};

static int find_type(struct btf *btf, void *data)
{
	struct wanted *wanted = data;

	wanted->id = btf_find_by_name_kind(btf, wanted->name, wanted->kind);
	if (wanted->id < 0)
		return 0;
	btf_get(btf);
	wanted->btf = btf;
	return 1;
}

/**
 * btf_find_in_modules() - find a type that modules have of their own
 * @name: its whole name
 * @kind: its BTF_KIND_*
 *
 * Return: its id, and in the upper half a descriptor of the BTF, never 0; or -ENOENT,
 * or why there is no descriptor.
 */
s64 btf_find_in_modules(const char *name, u32 kind)
{
	struct wanted wanted = { .name = name, .kind = kind };
	int fd;

	if (!btf_visit_live_modules(find_type, &wanted))
		return -ENOENT;
	fd = new_fd(wanted.btf);
	if (fd < 0) {
		btf_put(wanted.btf);
		return fd;
	}
	return (s64)fd << 32 | wanted.id;
}

static bool is_percpu_var(const struct btf *btf, u32 var_id)
{
	s32 id = btf_find_by_name_kind(btf, ".data..percpu", BTF_KIND_DATASEC);
	const struct btf_var_secinfo *vsi;
	const struct btf_type *datasec;
	u32 i;

	if (id < 0)
		return false;
	datasec = btf_type_by_id(btf, id);
	for_each_vsi(i, datasec, vsi)
		if (vsi->type == var_id)
			return true;
	return false;
}

static bool is_inside(u64 addr, u32 size, const void *start, u32 len)
{
	return addr >= (unsigned long)start && size <= len &&
	       addr - (unsigned long)start <= len - size;
}

/* Is that memory of the module, and stays so for as long as it is loaded? Its
 * symbols include those of its init sections for a moment after it went live.
 */
static bool is_var_memory(const struct module *mod, bool percpu, u64 addr, u32 size)
{
#ifdef CONFIG_SMP
	if (percpu)
		return is_inside(addr, size, (__force void *)mod->percpu,
				 mod->percpu_size);
#endif
	return is_inside(addr, size, mod->core_layout.base, mod->core_layout.size);
}

/* The address of variable @name of a module that does not go meanwhile, or 0 */
static u64 var_address(const struct module *mod, const char *name)
{
	char symbol[MODULE_NAME_LEN + 1 + KSYM_NAME_LEN];

	/* The kernel and other modules may have a symbol of that name, too. */
	if (snprintf(symbol, sizeof(symbol), "%s:%s", mod->name, name) >=
	    sizeof(symbol))
		return 0;
	return kallsyms_lookup_name(symbol);
}

/* Make the address of variable @id of a module what @insn loads. Registers know
 * types of the kernel only. What has another one is memory, which can be read.
 */
static int resolve_var(struct bpf_verifier_env *env, struct btf *btf, u32 id,
		       struct bpf_insn *insn, struct bpf_insn_aux_data *aux)
{
	const struct btf_type *var = btf_type_by_id(btf, id), *t;
	const struct module *mod = btf_module(btf);
	const char *name;
	bool percpu;
	u32 size, type_id;
	u64 addr;

	name = btf_name_by_offset(btf, var->name_off);
	addr = var_address(mod, name);
	if (!addr) {
		bpf_verifier_log_write(env, "module %s has no symbol '%s'\n",
				       mod->name, name);
		return -ENOENT;
	}

	t = btf_type_skip_modifiers(btf, var->type, &type_id);
	if (IS_ERR(btf_resolve_size(btf, t, &size))) {
		bpf_verifier_log_write(env, "the size of '%s' of module %s is not known\n",
				       name, mod->name);
		return -EINVAL;
	}
	percpu = is_percpu_var(btf, id);
	if (!is_var_memory(mod, percpu, addr, size)) {
		bpf_verifier_log_write(env, "'%s' of module %s is no %svariable of %u bytes\n",
				       name, mod->name, percpu ? "per-CPU " : "", size);
		return -EINVAL;
	}

	if (btf_type_is_struct(t) && type_id < btf_first_id(btf)) {
		aux->btf_var.reg_type = percpu ? PTR_TO_PERCPU_BTF_ID : PTR_TO_BTF_ID;
		aux->btf_var.btf_id = type_id;
	} else {
		aux->btf_var.reg_type = percpu ? PTR_TO_PERCPU_MEM : PTR_TO_RDONLY_MEM;
		aux->btf_var.mem_size = size;
	}
	insn[0].imm = (u32)addr;
	insn[1].imm = addr >> 32;
	return 0;
}

/**
 * bpf_resolve_module_var() - resolve a reference to a variable of a module
 * @env: the verification of the program, which then keeps BTF and module
 * @insn: a ldimm64 of BPF_PSEUDO_BTF_ID with a descriptor in its second half
 * @aux: the verifier's data of it
 *
 * Return: 0; 1 if the descriptor is of the kernel's own BTF, and nothing was done;
 * -EPERM without CAP_BPF; -EINVAL for another one, for what is no variable, or whose
 * memory is not where its type says, -ENOENT for a type or symbol that there is not,
 * -ENXIO if the module is not live, -E2BIG, -ENOMEM. The log says why.
 */
int bpf_resolve_module_var(struct bpf_verifier_env *env, struct bpf_insn *insn,
			   struct bpf_insn_aux_data *aux)
{
	const struct btf_type *t;
	u32 id = insn[0].imm;
	struct btf *btf;
	int err;

	/* The kernel's own are only of use with helpers, which ask for the same. */
	if (!env->bpf_capable) {
		bpf_verifier_log_write(env, "variables of modules need CAP_BPF\n");
		return -EPERM;
	}

	btf = btf_get_by_fd(insn[1].imm);
	if (IS_ERR(btf) || !btf_is_kernel(btf)) {
		bpf_verifier_log_write(env, "fd %d in ldimm64 insn is not BTF of the kernel\n",
				       insn[1].imm);
		err = -EINVAL;
		goto put_btf;
	}
	if (!btf_is_module(btf)) {
		err = 1;
		goto put_btf;
	}

	t = btf_type_by_id(btf, id);
	if (!t) {
		bpf_verifier_log_write(env, "module %s has no btf_id %u\n",
				       btf_name(btf), id);
		err = -ENOENT;
		goto put_btf;
	}
	if (!btf_type_is_var(t) || id < btf_first_id(btf)) {
		bpf_verifier_log_write(env, "btf_id %u is not of a variable of module %s\n",
				       id, btf_name(btf));
		err = -EINVAL;
		goto put_btf;
	}

	/* takes over the reference */
	err = bpf_add_used_btf(env, btf);
	if (err) {
		bpf_verifier_log_write(env, "cannot keep the module that fd %d is of: %d\n",
				       insn[1].imm, err);
		return err;
	}
	return resolve_var(env, btf, id, insn, aux);

put_btf:
	if (!IS_ERR(btf))
		btf_put(btf);
	return err;
}
