// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section tc+0x0 symbol prog: 'counter' in section elsewhere is neither map nor data
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int counter SEC("elsewhere") = 1;

SEC("tc") int prog(void *ctx)
{
	return counter++;
}
