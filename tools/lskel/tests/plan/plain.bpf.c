// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One program, compiled without -g: no BTF. FLAGS: -g0 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
int program(struct __sk_buff *skb)
{
	return skb->len;
}

char _license[] SEC("license") = "GPL";
