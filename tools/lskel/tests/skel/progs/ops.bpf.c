// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A congestion control: TCP's own Reno, counted. The table has some of the kernel's
 * members in another order, and others that no kernel has.
 */
#include "progs.h"
#include <bpf/bpf_tracing.h>

#ifndef TABLE
#define TABLE ".struct_ops"
#endif

struct sock {
	int unused;
};

struct tcp_sock {
	__u32 snd_cwnd, snd_ssthresh, prior_cwnd, rcv_nxt;
} __attribute__((preserve_access_index));

struct list_head {
	struct list_head *next, *prev;
};

struct module;

struct tcp_congestion_ops {
	char name[16];
	__u32 no_such_number;
	void (*no_such_function)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	struct list_head list;
	__u32 (*ssthresh)(struct sock *sk);
	void (*init)(struct sock *sk);
	struct module *owner;
	__u32 flags;
	void (*release)(struct sock *sk);
};

int started, ended, avoided, acks_left, acks;

/* One of each kind of subprogram */
static __noinline void count(int *counter)
{
	__sync_fetch_and_add(counter, 1);
}

__noinline __u32 half(__u32 window)
{
	return window > 4 ? window / 2 : 2;
}

SEC("struct_ops/start")
void BPF_PROG(start, struct sock *sk)
{
	count(&started);
}

SEC("struct_ops/end")
void BPF_PROG(end, struct sock *sk)
{
	count(&ended);
}

SEC("struct_ops/threshold")
__u32 BPF_PROG(threshold, struct tcp_sock *sk)
{
	return half(sk->snd_cwnd);
}

SEC("struct_ops/undo")
__u32 BPF_PROG(undo, struct tcp_sock *sk)
{
	return sk->snd_cwnd > sk->prior_cwnd ? sk->snd_cwnd : sk->prior_cwnd;
}

SEC("struct_ops/avoid")
void BPF_PROG(avoid, struct tcp_sock *sk, __u32 ack, __u32 acked)
{
	count(&avoided);
	if (sk->snd_cwnd < 100)
		sk->snd_cwnd += 1;
	if (acks_left > 0) {
		acks_left--;
		if (!bpf_tcp_send_ack(sk, sk->rcv_nxt))
			count(&acks);
	}
}

SEC("?struct_ops/gone")
void BPF_PROG(gone, struct sock *sk)
{
}

SEC(TABLE)
struct tcp_congestion_ops reno = {
	.name = "bpf_lskel",
	.init = (void *)start,
	.release = (void *)end,
	.ssthresh = (void *)threshold,
	.undo_cwnd = (void *)undo,
	.cong_avoid = (void *)avoid,
	.no_such_function = (void *)gone,
};

/* The same programs once more */
SEC(TABLE)
struct tcp_congestion_ops twin = {
	.name = "bpf_lskel_twin",
	.ssthresh = (void *)threshold,
	.undo_cwnd = (void *)undo,
	.cong_avoid = (void *)avoid,
};
