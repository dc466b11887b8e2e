// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reports every TCP connection that is begun. */
#include <linux/bpf.h>
#include <linux/in6.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
#include "connects.h"

#define AF_INET 2
#define AF_INET6 10

/* What we need of the kernel's types; where it is, is found out at the load. */
struct sock_common {
	unsigned short skc_family;
	__be16 skc_dport;
	__u16 skc_num;
	__be32 skc_daddr, skc_rcv_saddr;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
} __attribute__((preserve_access_index));

struct sock {
	struct sock_common __sk_common;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} connects SEC(".maps");

/* Only these ports, if it is not 0 */
const volatile __u16 port;

__u64 lost;

static __always_inline int report(struct sock *sock)
{
	__u16 family = BPF_CORE_READ(sock, __sk_common.skc_family);
	__u16 to_port = bpf_ntohs(BPF_CORE_READ(sock, __sk_common.skc_dport));
	struct connect *connect;

	if ((family != AF_INET && family != AF_INET6) || (port && port != to_port))
		return 0;
	connect = bpf_ringbuf_reserve(&connects, sizeof(*connect), 0);
	if (!connect) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	connect->pid = bpf_get_current_pid_tgid() >> 32;
	connect->family = family;
	connect->from_port = BPF_CORE_READ(sock, __sk_common.skc_num);
	connect->to_port = to_port;
	if (family == AF_INET) {
		BPF_CORE_READ_INTO((__be32 *)connect->from, sock, __sk_common.skc_rcv_saddr);
		BPF_CORE_READ_INTO((__be32 *)connect->to, sock, __sk_common.skc_daddr);
	} else {
		BPF_CORE_READ_INTO(&connect->from, sock, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&connect->to, sock, __sk_common.skc_v6_daddr);
	}
	bpf_get_current_comm(connect->comm, sizeof(connect->comm));
	bpf_ringbuf_submit(connect, 0);
	return 0;
}

/* Both are for the same function, where addresses and ports are known: one of
 * them is loaded.
 */
SEC("fentry/tcp_connect")
int BPF_PROG(by_fentry, struct sock *sock)
{
	return report(sock);
}

SEC("kprobe/tcp_connect")
int BPF_KPROBE(by_kprobe, struct sock *sock)
{
	return report(sock);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
