// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* BTF that older kernels refuse */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

float ratio = 0.5;

SEC("xdp")
int program(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
