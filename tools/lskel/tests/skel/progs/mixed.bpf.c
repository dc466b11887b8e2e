// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A prog array takes programs of one type only */
#include "progs.h"

int first(void *ctx);
int second(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int (void *));
} table SEC(".maps") = {
	.values = { (void *)&first, (void *)&second },
};

SEC("raw_tp")
int first(void *ctx)
{
	return 0;
}

SEC("xdp")
int second(struct xdp_md *ctx)
{
	return XDP_PASS;
}
