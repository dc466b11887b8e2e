// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stddef.h>
#include <string.h>

#include "machine.h"

uint64_t machine_load(const struct machine *m, const void *at, uint32_t size)
{
	bool big = m->big_endian;
	const uint8_t *bytes = at;
	uint64_t value = 0;
	uint32_t i;

	for (i = 0; i < size; i++)
		value = value << 8 | bytes[big ? i : size - 1 - i];
	return value;
}

void machine_store(const struct machine *m, void *at, uint32_t size, uint64_t value)
{
	bool big = m->big_endian;
	uint8_t *bytes = at;
	uint32_t i;

	for (i = 0; i < size; i++, value >>= 8)
		bytes[big ? size - 1 - i : i] = (uint8_t)value;
}

void machine_expect(struct machine *m, const char *what, bool is)
{
	if (!is && !m->wrong)
		m->wrong = what;
}

void *machine_memory(struct machine *m, uint64_t address, uint32_t size)
{
	uint64_t blob = address - (uintptr_t)m->blob;
	uint64_t slots = address - (uintptr_t)m->slots;
	uint32_t slots_size = m->nr_slots * sizeof(*m->slots);

	if (address % size)
		machine_expect(m, "access that is not aligned", false);
	else if ((blob < m->blob_size && size <= m->blob_size - blob) ||
		 (slots < slots_size && size <= slots_size - slots))
		return (void *)(uintptr_t)address;
	else
		machine_expect(m, "access out of bounds", false);
	return NULL;
}

static void alu32(struct machine *m, const struct bpf_insn *insn)
{
	uint32_t dst = m->r[insn->dst_reg], src = insn->imm;

	if (BPF_SRC(insn->code) == BPF_X)
		src = m->r[insn->src_reg];
	switch (BPF_OP(insn->code)) {
	case BPF_AND:
		dst &= src;
		break;
	case BPF_OR:
		dst |= src;
		break;
	case BPF_XOR:
		dst ^= src;
		break;
	case BPF_NEG:
		dst = -dst;
		break;
	case BPF_ARSH:
		dst = (int32_t)dst >> src;
		break;
	default:
		machine_expect(m, "arithmetic", false);
	}
	m->r[insn->dst_reg] = dst;
}

static void alu(struct machine *m, const struct bpf_insn *insn)
{
	uint64_t *dst = &m->r[insn->dst_reg], src = insn->imm;

	if (BPF_SRC(insn->code) == BPF_X)
		src = m->r[insn->src_reg];
	switch (BPF_OP(insn->code)) {
	case BPF_MOV:
		*dst = src;
		break;
	case BPF_ADD:
		*dst += src;
		break;
	case BPF_AND:
		*dst &= src;
		break;
	case BPF_LSH:
		*dst <<= src;
		break;
	case BPF_RSH:
		*dst >>= src;
		break;
	case BPF_ARSH:
		*dst = (int64_t)*dst >> src;
		break;
	default:
		machine_expect(m, "arithmetic", false);
	}
}

static bool taken(struct machine *m, const struct bpf_insn *insn)
{
	int64_t dst = m->r[insn->dst_reg];

	switch (insn->code) {
	case BPF_JMP | BPF_JA:
		return true;
	case BPF_JMP | BPF_JSLT:
		return dst < insn->imm;
	case BPF_JMP32 | BPF_JSLT:
		return (int)dst < insn->imm;
	case BPF_JMP32 | BPF_JSGE:
		return (int)dst >= insn->imm;
	case BPF_JMP32 | BPF_JNE:
		return (int)dst != insn->imm;
	}
	machine_expect(m, "jump", false);
	return false;
}

int machine_run(struct machine *m, const struct bpf_insn *insns, uint32_t insn_cnt)
{
	const struct bpf_insn *insn = insns, *end = insns + insn_cnt;
	static const uint32_t sizes[] = { 4, 2, 1, 8 };	/* BPF_W, BPF_H, ... */
	uint32_t size;
	void *at;

	memset(m->r, 0xa5, sizeof(m->r));
	m->r[1] = (uintptr_t)m->slots;
	for (; insn < end && !m->wrong; insn++) {
		size = sizes[BPF_SIZE(insn->code) >> 3];
		switch (BPF_CLASS(insn->code)) {
		case BPF_LD:
			m->r[insn->dst_reg] = (uintptr_t)m->blob + insn[1].imm;
			insn++;
			break;
		case BPF_ALU:
			alu32(m, insn);
			break;
		case BPF_ALU64:
			alu(m, insn);
			break;
		case BPF_LDX:
			at = machine_memory(m, m->r[insn->src_reg] + insn->off, size);
			if (at)
				m->r[insn->dst_reg] = machine_load(m, at, size);
			break;
		case BPF_STX:
			at = machine_memory(m, m->r[insn->dst_reg] + insn->off, size);
			if (at)
				machine_store(m, at, size, m->r[insn->src_reg]);
			break;
		case BPF_JMP:
		case BPF_JMP32:
			if (BPF_OP(insn->code) == BPF_EXIT)
				return m->r[0];
			if (BPF_OP(insn->code) == BPF_CALL)
				m->call(m, insn->imm);
			else if (taken(m, insn))
				insn += insn->off;
			break;
		default:
			machine_expect(m, "instruction", false);
		}
	}
	machine_expect(m, "no exit", false);
	return 0;
}
