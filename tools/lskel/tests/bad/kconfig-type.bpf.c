// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section .kconfig symbol CONFIG_HZ: its type is not one of a configuration's: bool, char, an integer, enum libbpf_tristate, an array of char
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int CONFIG_HZ[2] __kconfig;

SEC("tc") int prog(void *ctx)
{
	return CONFIG_HZ[1];
}
