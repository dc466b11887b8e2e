// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Symbols of the kernel: with a type, without, weak, missing, in subprograms, and
 * functions
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct rq;

extern const int kernel_int __ksym;
extern const struct { int a; } kernel_struct __ksym;
extern const int kernel_missing __ksym __weak;
extern const int kernel_there __ksym __weak;
extern const void kernel_nowhere __ksym __weak;
extern const void kernel_address __ksym;
extern const void module_address __ksym __weak;
extern int kernel_func(int, void *) __ksym;
extern void kernel_no_func(int) __ksym __weak;

__u64 sum;

static __attribute__((noinline)) long sub(long n)
{
	return n + kernel_func(n, 0) + (long)&kernel_int;
}

SEC("tc") int prog(struct __sk_buff *skb)
{
	const int *one = bpf_this_cpu_ptr(&kernel_int);

	sum = *one + sub(skb->len) + (long)&kernel_struct;
	if (&kernel_missing)
		sum += (long)&kernel_missing;
	if (&kernel_there)
		sum += (long)&kernel_there;
	return (long)&kernel_nowhere + (long)&kernel_address + (long)&module_address;
}

SEC("tc") int prog2(struct __sk_buff *skb)
{
	kernel_no_func(skb->mark);
	return sub(1);
}

char _license[] SEC("license") = "GPL";
