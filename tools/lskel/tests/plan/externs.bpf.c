// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the kernel is asked for: a variable of a type, an address, a function, a
 * weak one of each, one for an optional program alone, and the configuration
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

extern const int variable __ksym, weak_variable __ksym __weak;
extern const int optional_variable __ksym;
extern const void address __ksym, weak_address __ksym __weak;
extern int function(int) __ksym, weak_function(int) __ksym __weak;
extern bool CONFIG_BPF __kconfig;
extern int LINUX_KERNEL_VERSION __kconfig;

SEC("tc")
int program(void *ctx)
{
	long sum = (long)&variable + (long)&weak_variable;

	sum += (long)&address + (long)&weak_address;
	return sum + function(1) + weak_function(1) + CONFIG_BPF + LINUX_KERNEL_VERSION;
}

SEC("?tc")
int optional(void *ctx)
{
	return (long)&optional_variable + (long)&variable;
}
