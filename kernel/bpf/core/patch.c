// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Values into instructions */
#include "types.h"

#define LDIMM64	(BPF_LD | BPF_IMM | BPF_DW)

/* Where an instruction has a value that can be relocated */
enum slot {
	SLOT_NONE,
	SLOT_IMM,
	SLOT_IMM64,
	SLOT_OFF,
};

static enum slot slot_of(const struct bpf_insn *insn, u32 left)
{
	u8 op = BPF_OP(insn->code);

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		/* Of these two the bit that says "immediate" says something else. */
		if (BPF_SRC(insn->code) != BPF_K || op == BPF_NEG || op == BPF_END)
			return SLOT_NONE;
		return SLOT_IMM;
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		return SLOT_OFF;
	case BPF_LD:
		if (insn->code != LDIMM64 || left < 2 || insn[0].src_reg ||
		    insn[0].off || insn[1].code || insn[1].dst_reg ||
		    insn[1].src_reg || insn[1].off)
			return SLOT_NONE;
		return SLOT_IMM64;
	default:
		return SLOT_NONE;
	}
}

static u64 get(const struct bpf_insn *insn, enum slot slot)
{
	switch (slot) {
	case SLOT_IMM:
		return (s64)insn->imm;
	case SLOT_IMM64:
		return (u32)insn[0].imm | (u64)(u32)insn[1].imm << 32;
	default:
		return (s64)insn->off;
	}
}

/* An operation on 32 bits does not care how its immediate is extended. */
static bool fits(const struct bpf_insn *insn, enum slot slot, u64 val)
{
	switch (slot) {
	case SLOT_IMM:
		return (u64)(s64)(s32)val == val ||
		       (BPF_CLASS(insn->code) == BPF_ALU && val <= UINT_MAX);
	case SLOT_IMM64:
		return true;
	default:
		return val <= SHRT_MAX;
	}
}

static void put(struct bpf_insn *insn, enum slot slot, u64 val)
{
	switch (slot) {
	case SLOT_IMM:
		insn->imm = val;
		break;
	case SLOT_IMM64:
		insn[0].imm = val;
		insn[1].imm = val >> 32;
		break;
	default:
		insn->off = val;
	}
}

/* Bytes that each size in an opcode stands for */
static u32 bytes_of(u8 code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

/* Change the size in an opcode. False if there is none of @size bytes. */
static bool put_size(u8 *code, u32 size)
{
	static const u8 sizes[] = { BPF_B, BPF_H, BPF_W, BPF_DW };
	u32 i;

	for (i = 0; i < sizeof(sizes); i++) {
		if (bytes_of(sizes[i]) != size)
			continue;
		*code = (*code & ~BPF_SIZE(0xff)) | sizes[i];
		return true;
	}
	return false;
}

static int poison(struct bpf_insn *insn, enum slot slot, u32 idx,
		  struct core_log *log, const char *why)
{
	u32 n = slot == SLOT_IMM64 ? 2 : 1;

	while (n--)
		insn[n] = (struct bpf_insn){
			.code = BPF_JMP | BPF_CALL,
			.imm = CORE_POISON,
		};
	core_print(log, CORE_LOG_WARN, "insn %u is poisoned: %s\n", idx, why);
	return 0;
}

static int refuse(struct core_log *log, u32 idx, const struct bpf_insn *insn,
		  const char *why, int err)
{
	core_print(log, CORE_LOG_ERROR,
		   "insn %u (code 0x%02x) cannot be relocated: %s\n", idx,
		   insn->code, why);
	return err;
}

int core_patch(struct bpf_insn *insns, u32 insn_cnt, u32 idx,
	       const struct core_result *res, struct core_log *log)
{
	struct bpf_insn *insn;
	enum slot slot;
	u8 code;

	if (idx >= insn_cnt) {
		core_print(log, CORE_LOG_ERROR,
			   "insn %u cannot be relocated: there are only %u\n",
			   idx, insn_cnt);
		return -EINVAL;
	}
	insn = &insns[idx];
	code = insn->code;
	slot = slot_of(insn, insn_cnt - idx);
	if (slot == SLOT_NONE)
		return refuse(log, idx, insn, "it has no place for a value", -EINVAL);
	if (res->poison)
		return poison(insn, slot, idx, log, "nothing to relocate it to");

	if (res->validate && get(insn, slot) != res->orig_val) {
		core_print(log, CORE_LOG_ERROR,
			   "insn %u cannot be relocated: it has %lld, not %lld\n",
			   idx, (s64)get(insn, slot), (s64)res->orig_val);
		return -EINVAL;
	}
	if (!fits(insn, slot, res->new_val))
		return refuse(log, idx, insn, "the value is too large", -ERANGE);

	if (slot == SLOT_OFF && res->bad_size)
		return poison(insn, slot, idx, log,
			      "the field has another size, and is no pointer or unsigned number");
	if (slot == SLOT_OFF && res->new_size != res->orig_size) {
		if (bytes_of(insn->code) != res->orig_size)
			return refuse(log, idx, insn, "it has an unexpected size", -EINVAL);
		if (!put_size(&code, res->new_size))
			return refuse(log, idx, insn, "no load has the new size", -EINVAL);
	}
	core_print(log, CORE_LOG_INFO, "insn %u: %lld -> %lld\n", idx,
		   (s64)get(insn, slot), (s64)res->new_val);
	insn->code = code;
	put(insn, slot, res->new_val);
	return 0;
}
