// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Records, of the user's bytes, for every getpgid() */
#include "progs.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} one SEC(".maps"), two SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

enum { TO_ONE, TO_TWO, DISCARD, TO_EVENTS };

int pid, where;
__u32 size;
__u64 lost;
char bytes[1024];

SEC("tracepoint/syscalls/sys_enter_getpgid")
int write_record(void *ctx)
{
	__u32 n = size;
	long err = 0;
	void *place;

	if (!IS_MINE || n > sizeof(bytes))
		return 0;
	switch (where) {
	case TO_ONE:
		err = bpf_ringbuf_output(&one, bytes, n, 0);
		break;
	case TO_TWO:
		err = bpf_ringbuf_output(&two, bytes, n, 0);
		break;
	case DISCARD:
		place = bpf_ringbuf_reserve(&one, 24, 0);
		if (place)
			bpf_ringbuf_discard(place, 0);
		break;
	case TO_EVENTS:
		err = bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, bytes, n);
		break;
	}
	if (err)
		lost++;
	return 0;
}
