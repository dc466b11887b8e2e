// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section fentry/:init+0x0 symbol prog: the name of the module is empty
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("fentry/:init") int prog(void *ctx)
{
	return 0;
}
