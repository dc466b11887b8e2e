// SPDX-License-Identifier: GPL-2.0-only
/* A module whose variables and types the tests of module BTF look at
 *
 * With wait=1 its init waits for something to be written to the parameter go; with
 * fail=1 it fails then. With hold=1 it waits already when parameters are parsed, until
 * who loads it is killed.
 */
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* A type that nothing else in the kernel has */
struct btf_module_test_pair {
	int first;
	long second;
	struct btf_module_test_pair *next;
};

static __used DEFINE_PER_CPU(int, btf_module_test_percpu) = 11;
static __used DEFINE_PER_CPU(u64 [3], btf_module_test_percpu_array) = { 21, 22, 23 };
static __used DEFINE_PER_CPU(struct btf_module_test_pair, btf_module_test_percpu_pair) = {
	.first = 31,
	.second = 32,
};

static __used DEFINE_PER_CPU(struct list_head, btf_module_test_percpu_list);

static __used int btf_module_test_int = 41;

static __used struct btf_module_test_pair btf_module_test_pair = {
	.first = 51,
	.second = 52,
	.next = &btf_module_test_pair,
};

static __used struct list_head btf_module_test_list = LIST_HEAD_INIT(btf_module_test_list);

static DECLARE_COMPLETION(may_go);
static bool wait, fail;

static int set_go(const char *value, const struct kernel_param *kp)
{
	complete_all(&may_go);
	return 0;
}

static int set_hold(const char *value, const struct kernel_param *kp)
{
	return wait_for_completion_killable(&may_go);
}

static const struct kernel_param_ops hold_ops = { .set = set_hold };
static const struct kernel_param_ops go_ops = { .set = set_go };

module_param(wait, bool, 0444);
module_param(fail, bool, 0444);
module_param_cb(go, &go_ops, NULL, 0200);
module_param_cb(hold, &hold_ops, NULL, 0);

static int __init btf_module_test_init(void)
{
	if (wait && wait_for_completion_killable(&may_go))
		return -EINTR;
	return fail ? -EINVAL : 0;
}

static void __exit btf_module_test_exit(void)
{
}

module_init(btf_module_test_init);
module_exit(btf_module_test_exit);
MODULE_DESCRIPTION("Tests of module BTF");
MODULE_LICENSE("GPL v2");
