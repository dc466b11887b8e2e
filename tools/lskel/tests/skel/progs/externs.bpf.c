// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is in every kernel, and in programs that are not loaded unless asked, what is
 * in none or is something else
 */
#include <stdbool.h>

#include "progs.h"

struct rq;

extern const int bpf_prog_active __ksym;
extern const struct rq runqueues __ksym;
extern const int lskel_weak_variable __ksym __weak;
extern const void bpf_link_fops __ksym, __per_cpu_start __ksym;
extern const void lskel_weak_address __ksym __weak;

extern const int lskel_missing_variable __ksym;
extern const void lskel_missing_address __ksym;
extern int lskel_missing_function(int) __ksym;
extern const int vfs_open __ksym;
extern const struct rq process_counts __ksym;

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern unsigned int CONFIG_HZ __kconfig;
extern char CONFIG_CC_VERSION_TEXT[8] __kconfig __weak;
extern enum libbpf_tristate CONFIG_NET __kconfig;
extern int CONFIG_LSKEL_WEAK __kconfig __weak;
extern int CONFIG_LSKEL_MISSING __kconfig;
extern short CONFIG_LSKEL_SHORT __kconfig __weak;

__u64 address, hz;
__u64 active = 1, start = 1, weak_variable = 1, weak_address = 1, weak_config = 1;

SEC("raw_tp/sys_enter")
int present(void *ctx)
{
	const int *here = bpf_this_cpu_ptr(&bpf_prog_active);

	active = *here + !bpf_per_cpu_ptr(&runqueues, 0);
	address = (__u64)&bpf_link_fops;
	start = (__u64)&__per_cpu_start;
	hz = CONFIG_HZ;
	weak_variable = (__u64)&lskel_weak_variable;
	weak_address = (__u64)&lskel_weak_address;
	weak_config = CONFIG_LSKEL_WEAK + CONFIG_LSKEL_SHORT;
	return LINUX_KERNEL_VERSION + LINUX_HAS_SYSCALL_WRAPPER + LINUX_HAS_BPF_COOKIE +
	       CONFIG_BPF_SYSCALL + CONFIG_CC_VERSION_TEXT[1] + CONFIG_NET;
}

SEC("?raw_tp/sys_enter")
int missing_variable(void *ctx)
{
	return (long)&lskel_missing_variable;
}

SEC("?raw_tp/sys_enter")
int only_weak(void *ctx)
{
	return (long)&lskel_weak_address;
}

SEC("?raw_tp/sys_enter")
int missing_address(void *ctx)
{
	return (long)&lskel_missing_address;
}

SEC("?tc")
int missing_function(struct __sk_buff *skb)
{
	return lskel_missing_function(1);
}

SEC("?raw_tp/sys_enter")
int is_function(void *ctx)
{
	return (long)&vfs_open;
}

SEC("?raw_tp/sys_enter")
int other_type(void *ctx)
{
	return (long)&process_counts;
}

SEC("?raw_tp/sys_enter")
int missing_config(void *ctx)
{
	return CONFIG_LSKEL_MISSING;
}
