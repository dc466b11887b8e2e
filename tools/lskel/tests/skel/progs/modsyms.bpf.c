// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Variables and functions in modules of Debian's kernels: nf_dup_netdev, br_netfilter,
 * x_tables and nf_conntrack
 */
#include "progs.h"

struct rq;
struct brnf_frag_data {
	char mac[22];
};
struct nf_conn;
/* As Linux 5.18 has it; what came later is behind it. */
struct ct_opts {
	int netns, error;
	__u8 protocol, dir, reserved[2];
};

extern const struct rq runqueues __ksym;
extern const unsigned char nf_dup_skb_recursion __ksym;
extern const struct brnf_frag_data brnf_frag_data_storage __ksym __weak;
extern const void br_validate_ipv6 __ksym __weak;
extern const int xt_recseq __ksym;
extern struct nf_conn *bpf_skb_ct_lookup(struct __sk_buff *skb, struct bpf_sock_tuple *tuple, __u32 tuple_size,
					 struct ct_opts *opts, __u32 opts_size) __ksym;
extern void bpf_ct_release(struct nf_conn *conn) __ksym;

__u64 runqueues_at, recursion_at, storage_at, function_at;
int hits, pid, value = 1, error;

/* Each of them in more than one instruction */
SEC("raw_tp/sys_enter")
int variables(void *ctx)
{
	const unsigned char *recursion = bpf_this_cpu_ptr(&nf_dup_skb_recursion);
	const struct brnf_frag_data *storage;

	if (!IS_MINE)
		return 0;
	hits++;
	value = *recursion;
	runqueues_at = (__u64)bpf_per_cpu_ptr(&runqueues, 0);
	recursion_at = (__u64)bpf_per_cpu_ptr(&nf_dup_skb_recursion, 0);
	function_at = (__u64)&br_validate_ipv6;
	if (!&brnf_frag_data_storage)
		return 0;
	storage = bpf_this_cpu_ptr(&brnf_frag_data_storage);
	value += storage->mac[1];
	storage_at = (__u64)bpf_per_cpu_ptr(&brnf_frag_data_storage, 0);
	return 0;
}

SEC("?raw_tp/sys_enter")
int other_type(void *ctx)
{
	return (long)&xt_recseq;
}

/* The variable ends before. */
SEC("?raw_tp/sys_enter")
int refused(void *ctx)
{
	return *(const __u64 *)bpf_this_cpu_ptr(&nf_dup_skb_recursion);
}

/* There are no connections of protocol 0. */
SEC("?tc")
int functions(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct ct_opts opts = { .netns = -1 };
	struct nf_conn *conn;

	conn = bpf_skb_ct_lookup(skb, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
	if (conn)
		bpf_ct_release(conn);
	error = opts.error;
	return 0;
}
