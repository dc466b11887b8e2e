// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// flags: -g0
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int data = 1;

static __noinline int sub(int x)
{
	return x + data;
}

SEC("tc") int prog(struct __sk_buff *skb)
{
	return sub(skb->len);
}

char _license[] SEC("license") = "GPL";
