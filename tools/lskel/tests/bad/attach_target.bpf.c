// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section lsm+0x0 symbol prog: the section's name does not say what to attach to
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("lsm") int prog(void *ctx)
{
	return 0;
}
