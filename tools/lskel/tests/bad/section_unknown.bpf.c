// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section xdp_prog+0x0 symbol prog: no type of program is known for 'xdp_prog': use --type xdp_prog=SEC
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp_prog") int prog(void *ctx)
{
	return 0;
}
