// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// ours: -DPART=1
// linked: -DPART=2
/* Functions, variables and a map of another file; bpftool links the files. Where
 * a map was an extern it leaves an offset in the types that libbpf stumbles over.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counters {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
};

extern int variable;
extern struct counters counters SEC(".maps");
int function(int x);
int weak(int x);

#if PART != 2
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} hash SEC(".maps");

int initialised = 1;

__noinline __weak int weak(int x)
{
	return function(x) + initialised;
}

SEC("tc") int prog(struct __sk_buff *skb)
{
	__u32 key = skb->mark;

	return weak(skb->len) + variable + !bpf_map_lookup_elem(&counters, &key) +
	       !bpf_map_lookup_elem(&hash, &key);
}

char _license[] SEC("license") = "GPL";
#endif

#if PART != 1
int variable = 2;
struct counters counters SEC(".maps");

static __noinline int of_the_file(int x)
{
	return x * variable;
}

__noinline int function(int x)
{
	return of_the_file(x) ^ variable;
}
#endif

#if PART == 2
/* Overridden by the other: nothing of it remains in use */
__noinline __weak int weak(int x)
{
	return of_the_file(x) - 1;
}
#endif
