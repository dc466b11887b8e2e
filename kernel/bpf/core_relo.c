// SPDX-License-Identifier: GPL-2.0-only
/* core_relos of BPF_PROG_LOAD: CO-RE relocations against the types of this kernel
 *
 * The engine in core/ does the work; here are the table of records, and the
 * candidates. These are looked up in the index of names whenever a program needs
 * them, and kept for no other: what one relocation of a program learns of a
 * candidate holds for the next of the same local type, and for nobody else.
 */
#include <linux/bpf.h>
#include <linux/bpf_btf_index.h>
#include <linux/bpf_btf_module.h>
#include <linux/bpf_core_relo.h>
#include <linux/bpf_verifier.h>
#include <linux/bpfptr.h>
#include <linux/btf.h>
#include <linux/err.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "core/core.h"

/* As for records of functions and lines */
#define MAX_REC_SIZE	252

/* The program that is relocated */
struct load {
	struct core core;
	struct core_log log;
	struct bpf_verifier_env *env;
	struct btf *local;
	struct xarray cands;	/* struct cands by the id of their local type */
	struct xarray modules;	/* BTF that candidates are from, by its id */
};

struct cands {
	struct core_cands list;
	struct core_cand items[];
};

static __printf(3, 0)
void print(struct core_log *log, enum core_log_level level,
	   const char *format, va_list args)
{
	struct bpf_verifier_env *env = container_of(log, struct load, log)->env;

	if (!bpf_verifier_log_needed(&env->log))
		return;
	if (level == CORE_LOG_INFO && !(env->log.level & BPF_LOG_LEVEL2))
		return;
	bpf_verifier_vlog(&env->log, format, args);
}

/* The next type of the kernel above @id that local type @local_id may stand for */
static u32 next_candidate(const struct load *load, const struct btf *target,
			  u32 local_id, u32 id)
{
	const struct btf_type *t = btf_type_by_id(load->local, local_id);
	const char *name = btf_name_by_offset(load->local, t->name_off);
	u32 len = core_essential_len(name, strlen(name));

	if (!len)
		return 0;
	do {
		id = btf_next_by_essential_name(target, name, len, id);
	} while (id && !core_is_candidate(load->local, local_id, target, id));
	return id;
}

/* The search for candidates of a local type */
struct search {
	struct load *load;
	u32 local_id;
	struct cands *cands;
};

/* Let the BTF of a module last as long as the load. */
static int keep_btf(struct load *load, struct btf *btf)
{
	int err;

	if (!btf_is_module(btf) || xa_load(&load->modules, btf_id(btf)))
		return 0;
	err = xa_err(xa_store(&load->modules, btf_id(btf), btf, GFP_KERNEL_ACCOUNT));
	if (!err)
		btf_get(btf);
	return err;
}

/* Add those candidates that are in @target to the others. */
static int add_cands(struct btf *target, void *data)
{
	struct search *search = data;
	struct cands *cands, *old = search->cands;
	u32 id, added = 0, n = old ? old->list.cnt : 0;
	struct load *load = search->load;
	int err;

	for (id = 0; (id = next_candidate(load, target, search->local_id, id));)
		added++;
	if (old && !added)
		return 0;
	err = keep_btf(load, target);
	if (err)
		return err;

	cands = kvmalloc(struct_size(cands, items, n + added), GFP_KERNEL_ACCOUNT);
	if (!cands)
		return -ENOMEM;
	if (old)
		memcpy(cands->items, old->items, n * sizeof(*old->items));
	for (id = 0; (id = next_candidate(load, target, search->local_id, id)); n++)
		cands->items[n] = (struct core_cand){ .btf = target, .id = id };
	cands->list = (struct core_cands){ .items = cands->items, .cnt = n };

	kvfree(old);
	search->cands = cands;
	return 0;
}

/* Modules are only asked for types that the kernel does not have. */
static struct cands *find_cands(struct load *load, u32 local_id)
{
	struct search search = { .load = load, .local_id = local_id };
	struct btf *target = bpf_get_btf_vmlinux();
	int err;

	if (IS_ERR_OR_NULL(target)) {
		bpf_verifier_log_write(load->env, "CO-RE relocation: the kernel has no BTF\n");
		return ERR_PTR(-EINVAL);
	}
	err = add_cands(target, &search);
	if (!err && !search.cands->list.cnt)
		err = btf_visit_live_modules(add_cands, &search);
	if (err) {
		kvfree(search.cands);
		return ERR_PTR(err);
	}
	return search.cands;
}

/* The candidates of a local type that are left, with which the caller goes on */
static struct cands *get_cands(struct load *load, u32 local_id)
{
	struct cands *cands = xa_load(&load->cands, local_id);
	int err;

	if (cands)
		return cands;
	cands = find_cands(load, local_id);
	if (IS_ERR(cands))
		return cands;
	err = xa_err(xa_store(&load->cands, local_id, cands, GFP_KERNEL_ACCOUNT));
	if (err) {
		kvfree(cands);
		return ERR_PTR(err);
	}
	return cands;
}

static int relocate_insn(struct load *load, const struct bpf_core_relo *relo)
{
	struct bpf_prog *prog = load->env->prog;
	u32 insn_idx = relo->insn_off / sizeof(struct bpf_insn);
	struct core_cands *list = NULL;
	struct core_result res;
	struct cands *cands;
	int err;

	if (relo->insn_off % sizeof(struct bpf_insn) || insn_idx >= prog->len) {
		bpf_verifier_log_write(load->env,
				       "no instruction of %u at insn_off %u\n",
				       prog->len, relo->insn_off);
		return -EINVAL;
	}
	if (core_needs_candidates(relo) && btf_type_by_id(load->local, relo->type_id)) {
		cands = get_cands(load, relo->type_id);
		if (IS_ERR(cands))
			return PTR_ERR(cands);
		list = &cands->list;
	}
	err = core_resolve(&load->core, relo, list, &res);
	return err ?: core_patch(prog->insnsi, prog->len, insn_idx, &res, &load->log);
}

static int relocate(struct load *load, const union bpf_attr *attr, bpfptr_t uattr)
{
	bpfptr_t from = make_bpfptr(attr->core_relos, bpfptr_is_kernel(uattr));
	u32 rec_size = attr->core_relo_rec_size, i;
	struct bpf_core_relo relo;
	int err;

	for (i = 0; i < attr->core_relo_cnt; i++, bpfptr_add(&from, rec_size)) {
		err = bpfptr_check_tail_zero(from, sizeof(relo), rec_size);
		if (err == -E2BIG) {
			bpf_verifier_log_write(load->env,
					       "nonzero tailing record in core_relo\n");
			/* so that the loader can make the rest zero */
			if (bpfptr_write_back(uattr, core_relo_rec_size, sizeof(relo)))
				err = -EFAULT;
		}
		if (!err)
			err = copy_from_bpfptr(&relo, from, sizeof(relo));
		if (err)
			return err;

		err = relocate_insn(load, &relo);
		if (err) {
			bpf_verifier_log_write(load->env,
					       "core_relo[%u] of insn %zu failed: %d\n", i,
					       relo.insn_off / sizeof(struct bpf_insn), err);
			return err;
		}
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

/**
 * bpf_core_relocate() - apply the CO-RE relocations of a program
 * @env: the verification of that program, whose instructions nobody has looked at
 * @attr: the attributes of its PROG_LOAD
 * @uattr: where they came from
 *
 * The types that the records refer to are those of prog_btf_fd.
 *
 * Return: 0, -EBADF or -EINVAL for a bad fd, -EFAULT, -ENOMEM, -E2BIG for records
 * with more than is known here, -EINTR, -EINVAL for a table or a record that is
 * wrong, or what core_resolve() and core_patch() return. The log says why.
 */
int bpf_core_relocate(struct bpf_verifier_env *env, const union bpf_attr *attr,
		      bpfptr_t uattr)
{
	struct cands *cands;
	unsigned long id;
	struct load *load;
	struct btf *btf;
	int err;

	if (!attr->core_relo_cnt)
		return 0;
	if (attr->core_relo_cnt > INT_MAX / sizeof(struct bpf_core_relo) ||
	    attr->core_relo_rec_size < sizeof(struct bpf_core_relo) ||
	    attr->core_relo_rec_size > MAX_REC_SIZE ||
	    attr->core_relo_rec_size % sizeof(u32)) {
		bpf_verifier_log_write(env, "%u core_relos of %u bytes are invalid\n",
				       attr->core_relo_cnt, attr->core_relo_rec_size);
		return -EINVAL;
	}

	load = kvzalloc(sizeof(*load), GFP_KERNEL);
	if (!load)
		return -ENOMEM;
	/* Function and line records look it up again, if there are any. */
	load->local = btf_get_by_fd(attr->prog_btf_fd);
	if (IS_ERR(load->local)) {
		err = PTR_ERR(load->local);
		goto free_load;
	}
	if (btf_is_kernel(load->local)) {
		err = -EACCES;
		goto put_local;
	}
	load->env = env;
	load->log.print = print;
	load->core.local = load->local;
	load->core.log = &load->log;
	load->core.big_endian = IS_ENABLED(CONFIG_CPU_BIG_ENDIAN);
	xa_init(&load->cands);
	xa_init(&load->modules);

	err = relocate(load, attr, uattr);

	xa_for_each(&load->cands, id, cands)
		kvfree(cands);
	xa_destroy(&load->cands);
	xa_for_each(&load->modules, id, btf)
		btf_put(btf);
	xa_destroy(&load->modules);
put_local:
	btf_put(load->local);
free_load:
	kvfree(load);
	return err;
}
