// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .kconfig symbol LINUX_OF_TOMORROW: neither CONFIG_* nor another value that is known
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern unsigned int LINUX_OF_TOMORROW __kconfig;

SEC("tc") int prog(void *ctx)
{
	return LINUX_OF_TOMORROW;
}
