// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sections of data: with and without content, static variables, the compiler's
 * own constants
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int bss, bss2[3];
static int hidden;
int data = 1;
__u64 data2[2] = { 2, 3 };
const volatile int ro = 4, ro_zero;
char mine[4] SEC(".data.mine") = "abc";
int mine_zero SEC(".data.a_very_long_name");
const volatile char ro_mine[4] SEC(".rodata.mine") = "def";

SEC("tc") int prog(struct __sk_buff *skb)
{
	static int calls;

	bpf_printk("%s", mine);
	hidden += calls++;
	return bss + bss2[skb->len & 1] + data + data2[1] + ro + ro_zero +
	       mine_zero + ro_mine[skb->mark & 3] + hidden;
}

char _license[] SEC("license") = "Dual BSD/GPL";
__u32 _version SEC("version") = 0x50a00;
