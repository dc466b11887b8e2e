// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section xpd: --type names it, but it has no programs
// options: --type xpd=tc
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int prog(void *ctx)
{
	return 0;
}
