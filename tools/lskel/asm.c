// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "asm.h"

void asm_init(struct asm_buf *a, struct arena *arena)
{
	*a = (struct asm_buf){ .arena = arena, .reach = INT16_MAX };
}

static void fail(struct asm_buf *a, int err)
{
	if (!a->err)
		a->err = err;
}

void asm_insn(struct asm_buf *a, struct bpf_insn insn)
{
	struct bpf_insn *next;

	if (a->err)
		return;
	next = vec_push(a->arena, &a->insns);
	if (!next)
		return fail(a, -ENOMEM);
	*next = insn;
}

uint32_t asm_label(struct asm_buf *a)
{
	if (!a->err && !vec_push(a->arena, &a->labels))
		fail(a, -ENOMEM);
	return a->labels.n - 1;
}

/* Have the jumps that wait for @label go to the next instruction. */
static void land(struct asm_buf *a, struct asm_label *label)
{
	uint32_t *jump;

	vec_for_each(jump, &label->jumps) {
		if (a->insns.n - *jump - 1 > a->reach)
			return fail(a, -ERANGE);
		a->insns.items[*jump].off = a->insns.n - *jump - 1;
	}
	label->jumps.n = 0;
}

void asm_bind(struct asm_buf *a, uint32_t label)
{
	if (a->err)
		return;
	land(a, &a->labels.items[label]);
	a->labels.items[label].bound = true;
}

void asm_jump(struct asm_buf *a, struct bpf_insn jump, uint32_t label)
{
	uint32_t *waiting;

	if (a->err)
		return;
	if (a->labels.items[label].bound)
		return fail(a, -EINVAL);
	waiting = vec_push(a->arena, &a->labels.items[label].jumps);
	if (!waiting)
		return fail(a, -ENOMEM);
	*waiting = a->insns.n;
	asm_insn(a, jump);
}

void asm_relay(struct asm_buf *a)
{
	const struct bpf_insn always = { .code = BPF_JMP | BPF_JA };
	struct asm_label *label;
	uint32_t over = 0;
	bool began = false;
	size_t i, n = a->labels.n;

	for (i = 0; !a->err && i < n; i++) {
		label = &a->labels.items[i];
		if (!label->jumps.n ||
		    a->insns.n - label->jumps.items[0] < a->reach / 2)
			continue;
		if (!began) {
			over = asm_label(a);
			asm_jump(a, always, over);
			began = true;
		}
		if (a->err)
			return;
		land(a, &a->labels.items[i]);
		asm_jump(a, always, i);
	}
	if (began)
		asm_bind(a, over);
}

uint32_t asm_room(struct asm_buf *a, uint32_t size, uint32_t align)
{
	size_t offset = (a->blob_size + align - 1) & -(size_t)align;

	if (a->err)
		return 0;
	if (offset + size > UINT32_MAX) {
		fail(a, -EFBIG);
		return 0;
	}
	a->blob_size = offset + size;
	return offset;
}

static void grow(struct asm_buf *a, size_t len)
{
	size_t cap = a->blob_cap ? a->blob_cap : 4096;
	uint8_t *blob;

	while (cap < len)
		cap *= 2;
	blob = arena_alloc(a->arena, cap);
	if (!blob)
		return fail(a, -ENOMEM);
	if (a->blob_len)
		memcpy(blob, a->blob, a->blob_len);
	a->blob = blob;
	a->blob_cap = cap;
}

void asm_put(struct asm_buf *a, uint32_t offset, const void *bytes,
	     uint32_t size)
{
	size_t end = (size_t)offset + size;

	if (a->err)
		return;
	if (end > a->blob_size)
		return fail(a, -EINVAL);
	if (end > a->blob_cap)
		grow(a, end);
	if (a->err)
		return;
	memcpy(a->blob + offset, bytes, size);
	if (a->blob_len < end)
		a->blob_len = end;
}

int asm_finish(struct asm_buf *a, struct asm_code *code)
{
	const struct asm_label *label;

	vec_for_each(label, &a->labels)
		if (label->jumps.n)
			fail(a, -EINVAL);
	if (!a->blob_cap)
		grow(a, 0);
	if (a->err)
		return a->err;
	*code = (struct asm_code){
		.insns = a->insns.items,
		.insn_cnt = a->insns.n,
		.blob = a->blob,
		.blob_len = a->blob_len,
		.blob_size = a->blob_size,
	};
	return 0;
}
