// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* An iterator that writes its number 64 times for every task */
#include "progs.h"

__u32 n, numbers[64];

struct bpf_iter__task {
	struct {
		void *seq;
	} *meta;
	void *task;
};

SEC("iter/task")
int walk_tasks(struct bpf_iter__task *ctx)
{
	int i;

	if (!ctx->task)
		return 0;
	for (i = 0; i < 64; i++)
		numbers[i] = n;
	/* It is asked again if there was no room */
	if (!bpf_seq_write(ctx->meta->seq, numbers, sizeof(numbers)))
		n++;
	return 0;
}
