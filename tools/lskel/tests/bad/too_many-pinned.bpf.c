// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: symbol outer: 5002 steps depend on whether it exists; a loader has 4096
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} inner SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 5000);
	__type(key, __u32);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = { [0 ... 4999] = &inner },
};
