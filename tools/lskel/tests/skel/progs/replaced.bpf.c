// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program with a function that another one replaces */
#include "progs.h"

__u64 own;

__attribute__((noinline)) int answer(int x)
{
	own++;
	return x + 1;
}

SEC("socket")
int question(struct __sk_buff *skb)
{
	return answer(skb->len);
}
