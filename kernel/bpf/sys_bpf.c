// SPDX-License-Identifier: GPL-2.0-only
/* Helpers with which a program makes system calls for the task that runs it */
#include <linux/bpf.h>
#include <linux/bpf_syscall_prog.h>
#include <linux/fdtable.h>
#include <linux/filter.h>

/* The privileges are those of the running task, whoever loaded the program. */
BPF_CALL_3(bpf_sys_bpf, int, cmd, union bpf_attr *, attr, u32, attr_size)
{
	return __sys_bpf(cmd, KERNEL_BPFPTR(attr), attr_size);
}

const struct bpf_func_proto bpf_sys_bpf_proto = {
	.func		= bpf_sys_bpf,
	.gpl_only	= false,
	.ret_type	= RET_INTEGER,
	.arg1_type	= ARG_ANYTHING,
	.arg2_type	= ARG_PTR_TO_MEM,
	.arg3_type	= ARG_CONST_SIZE,
};

/* Must not run between fdget() and fdput() of its task: a task that does not
 * share its files takes no reference there, and the file would go under it. What
 * runs syscall programs therefore holds references of its own, see
 * bpf_prog_test_run().
 */
BPF_CALL_1(bpf_sys_close, u32, fd)
{
	return close_fd(fd);
}

const struct bpf_func_proto bpf_sys_close_proto = {
	.func		= bpf_sys_close,
	.gpl_only	= false,
	.ret_type	= RET_INTEGER,
	.arg1_type	= ARG_ANYTHING,
};
