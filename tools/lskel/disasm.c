// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "disasm.h"

static const char *const alu_ops[] = {
	[BPF_ADD >> 4] = "+=", [BPF_SUB >> 4] = "-=", [BPF_MUL >> 4] = "*=",
	[BPF_DIV >> 4] = "/=", [BPF_OR >> 4] = "|=", [BPF_AND >> 4] = "&=",
	[BPF_LSH >> 4] = "<<=", [BPF_RSH >> 4] = ">>=", [BPF_MOD >> 4] = "%=",
	[BPF_XOR >> 4] = "^=", [BPF_MOV >> 4] = "=", [BPF_ARSH >> 4] = "s>>=",
	[0xf] = NULL,
};

static const char *const jump_ops[] = {
	[BPF_JEQ >> 4] = "==", [BPF_JGT >> 4] = ">", [BPF_JGE >> 4] = ">=",
	[BPF_JSET >> 4] = "&", [BPF_JNE >> 4] = "!=", [BPF_JSGT >> 4] = "s>",
	[BPF_JSGE >> 4] = "s>=", [BPF_JLT >> 4] = "<", [BPF_JLE >> 4] = "<=",
	[BPF_JSLT >> 4] = "s<", [BPF_JSLE >> 4] = "s<=",
	[0xf] = NULL,
};

static const char *size_of(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return "u8";
	case BPF_H:
		return "u16";
	case BPF_W:
		return "u32";
	default:
		return "u64";
	}
}

static const char *helper(int id, char *buf, size_t size)
{
	switch (id) {
	case BPF_FUNC_sys_bpf:
		return "bpf_sys_bpf";
	case BPF_FUNC_btf_find_by_name_kind:
		return "bpf_btf_find_by_name_kind";
	case BPF_FUNC_kallsyms_lookup_name:
		return "bpf_kallsyms_lookup_name";
	default:
		snprintf(buf, size, "%d", id);
		return buf;
	}
}

/* What an ALU instruction or a jump takes from @insn as its second operand */
static const char *second(const struct bpf_insn *insn, char reg, char *buf,
			  size_t size)
{
	if (BPF_SRC(insn->code) == BPF_X)
		snprintf(buf, size, "%c%d", reg, insn->src_reg);
	else
		snprintf(buf, size, "%d", insn->imm);
	return buf;
}

static int alu(char *line, const struct bpf_insn *insn)
{
	char reg = BPF_CLASS(insn->code) == BPF_ALU ? 'w' : 'r', buf[16];
	const char *op = alu_ops[BPF_OP(insn->code) >> 4];

	if (BPF_OP(insn->code) == BPF_NEG)
		return snprintf(line, DISASM_MAX, "%c%d = -%c%d", reg, insn->dst_reg, reg,
				insn->dst_reg);
	if (!op)
		return -1;
	return snprintf(line, DISASM_MAX, "%c%d %s %s", reg, insn->dst_reg, op,
			second(insn, reg, buf, sizeof(buf)));
}

static int jump(char *line, const struct bpf_insn *insn, uint32_t pos)
{
	char reg = BPF_CLASS(insn->code) == BPF_JMP32 ? 'w' : 'r', buf[16];
	const char *op = jump_ops[BPF_OP(insn->code) >> 4];
	int64_t target = (int64_t)pos + 1 + insn->off;

	switch (insn->code) {
	case BPF_JMP | BPF_JA:
		return snprintf(line, DISASM_MAX, "goto %lld", (long long)target);
	case BPF_JMP | BPF_CALL:
		return snprintf(line, DISASM_MAX, "call %s",
				helper(insn->imm, buf, sizeof(buf)));
	case BPF_JMP | BPF_EXIT:
		return snprintf(line, DISASM_MAX, "exit");
	}
	if (!op)
		return -1;
	return snprintf(line, DISASM_MAX, "if %c%d %s %s goto %lld", reg,
			insn->dst_reg, op, second(insn, reg, buf, sizeof(buf)),
			(long long)target);
}

static int memory(char *line, const struct bpf_insn *insn)
{
	const char *size = size_of(insn->code);

	if (BPF_MODE(insn->code) != BPF_MEM)
		return -1;
	switch (BPF_CLASS(insn->code)) {
	case BPF_LDX:
		return snprintf(line, DISASM_MAX, "r%d = *(%s *)(r%d %+d)",
				insn->dst_reg, size, insn->src_reg, insn->off);
	case BPF_STX:
		return snprintf(line, DISASM_MAX, "*(%s *)(r%d %+d) = r%d", size,
				insn->dst_reg, insn->off, insn->src_reg);
	default:
		return snprintf(line, DISASM_MAX, "*(%s *)(r%d %+d) = %d", size,
				insn->dst_reg, insn->off, insn->imm);
	}
}

static int load_imm64(char *line, const struct bpf_insn *insn)
{
	uint64_t value = (uint64_t)(uint32_t)insn[1].imm << 32 |
			 (uint32_t)insn[0].imm;

	switch (insn->src_reg) {
	case 0:
		return snprintf(line, DISASM_MAX, "r%d = 0x%llx", insn->dst_reg,
				(unsigned long long)value);
	case BPF_PSEUDO_MAP_IDX:
		return snprintf(line, DISASM_MAX, "r%d = map[%d]",
				insn->dst_reg, insn[0].imm);
	case BPF_PSEUDO_MAP_IDX_VALUE:
		return snprintf(line, DISASM_MAX, "r%d = value of map[%d] %+d",
				insn->dst_reg, insn[0].imm, insn[1].imm);
	default:
		return -1;
	}
}

uint32_t disasm(char line[DISASM_MAX], const struct bpf_insn *insns, uint32_t pos)
{
	const struct bpf_insn *insn = &insns[pos];
	uint32_t size = 1;
	int len = -1;

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		len = alu(line, insn);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		len = jump(line, insn, pos);
		break;
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		len = memory(line, insn);
		break;
	case BPF_LD:
		if (insn->code == (BPF_LD | BPF_IMM | BPF_DW)) {
			len = load_imm64(line, insn);
			size = 2;
		}
		break;
	}
	if (len < 0)
		snprintf(line, DISASM_MAX, "(%02x) r%d r%d %+d %d", insn->code,
			 insn->dst_reg, insn->src_reg, insn->off, insn->imm);
	return size;
}
