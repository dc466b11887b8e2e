// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .kconfig symbol LINUX_KERNEL_VERSION: configuration of the kernel is not supported yet
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern unsigned int LINUX_KERNEL_VERSION __kconfig;

SEC("tc") int prog(void *ctx)
{
	return LINUX_KERNEL_VERSION;
}
