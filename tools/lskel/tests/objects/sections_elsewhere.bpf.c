// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// ours: -DELSEWHERE
/* Subprograms in sections that are not .text, which libbpf does not take */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef ELSEWHERE
#define IN(section) SEC(section)
#else
#define IN(section)
#endif

int counter = 1;

IN("tc") static __noinline int with_the_program(int x)
{
	return x * counter;
}

IN("more") __noinline int apart(int x)
{
	return with_the_program(x) + counter;
}

SEC("tc") int prog(struct __sk_buff *skb)
{
	return apart(skb->len) + with_the_program(skb->mark);
}

char _license[] SEC("license") = "GPL";
