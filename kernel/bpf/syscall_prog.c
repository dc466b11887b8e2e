// SPDX-License-Identifier: GPL-2.0-only
/* BPF_PROG_TYPE_SYSCALL: programs that issue bpf() commands
 *
 * A task runs such a program in its own context with BPF_PROG_TEST_RUN, on a
 * buffer of its choice. The program may sleep. What it does it does as that
 * task: it opens and closes its file descriptors and has its privileges.
 */
#include <linux/bpf.h>
#include <linux/bpf_syscall_prog.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/rcupdate_trace.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* As the helper of the tracing programs, which is not built without
 * CONFIG_BPF_EVENTS. Loaders made by others clear and copy memory with it.
 */
BPF_CALL_3(bpf_syscall_read_kernel, void *, dst, u32, size, const void *, src)
{
	long err = copy_from_kernel_nofault(dst, src, size);

	if (unlikely(err < 0))
		memset(dst, 0, size);
	return err;
}

static const struct bpf_func_proto bpf_syscall_read_kernel_proto = {
	.func		= bpf_syscall_read_kernel,
	.gpl_only	= true,
	.ret_type	= RET_INTEGER,
	.arg1_type	= ARG_PTR_TO_UNINIT_MEM,
	.arg2_type	= ARG_CONST_SIZE_OR_ZERO,
	.arg3_type	= ARG_ANYTHING,
};

/* A closed list, unlike mainline's, which ends in the table of the tracing
 * programs: many helpers there count on a CPU that does not change under them.
 */
static const struct bpf_func_proto *
bpf_syscall_func_proto(enum bpf_func_id func_id, const struct bpf_prog *prog)
{
	switch (func_id) {
	case BPF_FUNC_btf_find_by_name_kind:
		return &bpf_btf_find_by_name_kind_proto;
	case BPF_FUNC_kallsyms_lookup_name:
		return &bpf_kallsyms_lookup_name_proto;
	case BPF_FUNC_sys_close:
		return &bpf_sys_close_proto;
	case BPF_FUNC_copy_from_user:
		return &bpf_copy_from_user_proto;
	case BPF_FUNC_get_current_pid_tgid:
		return &bpf_get_current_pid_tgid_proto;
	case BPF_FUNC_get_current_uid_gid:
		return &bpf_get_current_uid_gid_proto;
	case BPF_FUNC_get_current_comm:
		return &bpf_get_current_comm_proto;
	case BPF_FUNC_map_lookup_elem:
	case BPF_FUNC_map_update_elem:
	case BPF_FUNC_map_delete_elem:
	case BPF_FUNC_map_push_elem:
	case BPF_FUNC_map_pop_elem:
	case BPF_FUNC_map_peek_elem:
	case BPF_FUNC_get_prandom_u32:
	case BPF_FUNC_get_smp_processor_id:
	case BPF_FUNC_ktime_get_ns:
	case BPF_FUNC_ktime_get_boot_ns:
		return bpf_base_func_proto(func_id);
	case BPF_FUNC_probe_read_user:
		return IS_ENABLED(CONFIG_BPF_EVENTS) ?
		       &bpf_probe_read_user_proto : NULL;
	case BPF_FUNC_probe_read_user_str:
		return IS_ENABLED(CONFIG_BPF_EVENTS) ?
		       &bpf_probe_read_user_str_proto : NULL;
	default:
		break;
	}

	/* From here on they read kernel memory, or tell where it is. */
	if (!perfmon_capable())
		return NULL;

	switch (func_id) {
	case BPF_FUNC_trace_printk:
	case BPF_FUNC_per_cpu_ptr:
	case BPF_FUNC_this_cpu_ptr:
		return bpf_base_func_proto(func_id);
	case BPF_FUNC_get_current_task:
	case BPF_FUNC_probe_read_kernel_str:
		return IS_ENABLED(CONFIG_BPF_EVENTS) ?
		       bpf_base_func_proto(func_id) : NULL;
	case BPF_FUNC_probe_read_kernel:
		return security_locked_down(LOCKDOWN_BPF_READ) < 0 ?
		       NULL : &bpf_syscall_read_kernel_proto;
	case BPF_FUNC_sys_bpf:
		/* the attributes can point anywhere, and a map made from what
		 * is there can be read by the task
		 */
		return security_locked_down(LOCKDOWN_BPF_READ) < 0 ?
		       NULL : &bpf_sys_bpf_proto;
	default:
		return NULL;
	}
}

/* The context is an opaque buffer, of a size that is known when the program runs:
 * then bpf_prog_test_run_syscall() compares it with the furthest access.
 */
static bool bpf_syscall_is_valid_access(int off, int size,
					enum bpf_access_type type,
					const struct bpf_prog *prog,
					struct bpf_insn_access_aux *info)
{
	return off >= 0 && off < U16_MAX && off % size == 0;
}

/* Run @prog, which may sleep, on @ctx.
 *
 * The read lock of RCU Tasks Trace keeps the program and its maps; their users
 * check for it. Not BPF_PROG_RUN(): that is for callers who cannot migrate, and
 * on this kernel migrate_disable() disables preemption.
 */
static u32 bpf_syscall_prog_run(const struct bpf_prog *prog, const void *ctx)
{
	u32 ret;

	rcu_read_lock_trace();
	might_fault();
	ret = prog->bpf_func(ctx, prog->insnsi);
	rcu_read_unlock_trace();
	return ret;
}

static int bpf_prog_test_run_syscall(struct bpf_prog *prog,
				     const union bpf_attr *kattr,
				     union bpf_attr __user *uattr)
{
	void __user *ctx_in = u64_to_user_ptr(kattr->test.ctx_in);
	u32 ctx_size = kattr->test.ctx_size_in;
	void *ctx = NULL;
	u32 retval;
	int err = 0;

	if (kattr->test.data_in || kattr->test.data_out ||
	    kattr->test.ctx_out || kattr->test.duration ||
	    kattr->test.repeat || kattr->test.flags)
		return -EINVAL;

	if (ctx_size < prog->aux->max_ctx_offset || ctx_size > U16_MAX)
		return -EINVAL;

	if (ctx_size) {
		ctx = vmemdup_user(ctx_in, ctx_size);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}

	retval = bpf_syscall_prog_run(prog, ctx);

	/* What the program did stays done if its caller cannot be told. */
	if (put_user(retval, &uattr->test.retval))
		err = -EFAULT;
	if (ctx_size && copy_to_user(ctx_in, ctx, ctx_size))
		err = -EFAULT;

	kvfree(ctx);
	return err;
}

const struct bpf_verifier_ops bpf_syscall_verifier_ops = {
	.get_func_proto		= bpf_syscall_func_proto,
	.is_valid_access	= bpf_syscall_is_valid_access,
};

const struct bpf_prog_ops bpf_syscall_prog_ops = {
	.test_run		= bpf_prog_test_run_syscall,
};
