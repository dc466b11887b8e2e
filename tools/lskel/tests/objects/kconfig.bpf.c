// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The configuration of the kernel, of every type, in an order that is not that of
 * their places
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

extern bool CONFIG_BPF_SYSCALL __kconfig __weak;
extern char CONFIG_BPF __kconfig __weak;
extern int LINUX_KERNEL_VERSION __kconfig;
extern const short CONFIG_PANIC_TIMEOUT __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[6] __kconfig __weak;
extern char CONFIG_LSM[100] __kconfig __weak;
extern unsigned long CONFIG_ILLEGAL_POINTER_VALUE __kconfig __weak;
extern enum libbpf_tristate CONFIG_MODULES __kconfig __weak;
extern bool CONFIG_NO_SUCH_THING __kconfig __weak;
extern int LINUX_HAS_BPF_COOKIE __kconfig;
extern bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern int LINUX_OF_TOMORROW __kconfig __weak;

SEC("tc") int prog(struct __sk_buff *skb)
{
	return CONFIG_BPF_SYSCALL + CONFIG_BPF + LINUX_KERNEL_VERSION + CONFIG_PANIC_TIMEOUT +
	       CONFIG_DEFAULT_HOSTNAME[1] + CONFIG_LSM[3] + CONFIG_ILLEGAL_POINTER_VALUE +
	       CONFIG_MODULES + CONFIG_NO_SUCH_THING + LINUX_HAS_BPF_COOKIE +
	       LINUX_HAS_SYSCALL_WRAPPER + LINUX_OF_TOMORROW;
}

char _license[] SEC("license") = "GPL";
