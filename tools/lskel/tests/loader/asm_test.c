// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Labels, relays and the blob */
#include <errno.h>
#include <string.h>

#include "asm.h"
#include "kselftest_harness.h"
#include "plan.h"

#define NOP	insn_mov(0, 0)
#define JUMP	insn(BPF_JMP | BPF_JA, 0, 0, 0, 0)
#define BRANCH	insn(BPF_JMP | BPF_JEQ, 1, 0, 0, 0)

FIXTURE(asm)
{
	struct arena arena;
	struct asm_buf a;
	struct asm_code code;
};

FIXTURE_SETUP(asm)
{
	self->arena.chunks = NULL;
	asm_init(&self->a, &self->arena);
}

FIXTURE_TEARDOWN(asm)
{
	arena_free(&self->arena);
}

/* Where control is after the jump at @pos and those that carry it on */
static uint32_t follow(const struct asm_code *code, uint32_t pos)
{
	do
		pos += 1 + code->insns[pos].off;
	while (pos < code->insn_cnt && code->insns[pos].code == JUMP.code);
	return pos;
}

TEST_F(asm, jumps_to_a_label)
{
	uint32_t label = asm_label(&self->a);

	asm_jump(&self->a, JUMP, label);
	asm_insn(&self->a, NOP);
	asm_jump(&self->a, BRANCH, label);
	asm_bind(&self->a, label);
	asm_insn(&self->a, insn_exit());
	ASSERT_EQ(0, asm_finish(&self->a, &self->code));
	ASSERT_EQ(4, self->code.insn_cnt);
	EXPECT_EQ(2, self->code.insns[0].off);
	EXPECT_EQ(0, self->code.insns[2].off);
}

TEST_F(asm, unbound_label)
{
	asm_jump(&self->a, JUMP, asm_label(&self->a));
	EXPECT_EQ(-EINVAL, asm_finish(&self->a, &self->code));
}

TEST_F(asm, jump_backwards)
{
	uint32_t label = asm_label(&self->a);

	asm_bind(&self->a, label);
	asm_jump(&self->a, JUMP, label);
	EXPECT_EQ(-EINVAL, asm_finish(&self->a, &self->code));
}

TEST_F(asm, longest_jump)
{
	uint32_t label = asm_label(&self->a), i;

	asm_jump(&self->a, JUMP, label);
	for (i = 0; i < INT16_MAX; i++)
		asm_insn(&self->a, NOP);
	asm_bind(&self->a, label);
	ASSERT_EQ(0, asm_finish(&self->a, &self->code));
	EXPECT_EQ(INT16_MAX, self->code.insns[0].off);
}

TEST_F(asm, too_long_jump)
{
	uint32_t label = asm_label(&self->a), i;

	asm_jump(&self->a, JUMP, label);
	for (i = 0; i < INT16_MAX + 1; i++)
		asm_insn(&self->a, NOP);
	asm_bind(&self->a, label);
	EXPECT_EQ(-ERANGE, asm_finish(&self->a, &self->code));
}

/* Branches to one end and to many others, over a distance of many relays: all
 * arrive, and what falls through meets every instruction once.
 */
TEST_F(asm, relays)
{
	uint32_t exit = asm_label(&self->a), near[500], from[1000], to[500];
	uint32_t i, pos, nops = 0;

	self->a.reach = 40;
	for (i = 0; i < 500; i++) {
		asm_relay(&self->a);
		near[i] = asm_label(&self->a);
		from[2 * i] = asm_pos(&self->a);
		asm_jump(&self->a, BRANCH, near[i]);
		from[2 * i + 1] = asm_pos(&self->a);
		asm_jump(&self->a, BRANCH, exit);
		asm_insn(&self->a, NOP);
		if (i >= 4) {
			asm_bind(&self->a, near[i - 4]);
			to[i - 4] = asm_pos(&self->a);
		}
		asm_insn(&self->a, NOP);
	}
	for (i = 496; i < 500; i++) {
		asm_bind(&self->a, near[i]);
		to[i] = asm_pos(&self->a);
	}
	asm_bind(&self->a, exit);
	asm_insn(&self->a, insn_exit());
	ASSERT_EQ(0, asm_finish(&self->a, &self->code));

	for (i = 0; i < 500; i++) {
		EXPECT_EQ(to[i], follow(&self->code, from[2 * i]));
		EXPECT_EQ(self->code.insn_cnt - 1,
			  follow(&self->code, from[2 * i + 1]));
	}
	for (pos = 0; self->code.insns[pos].code != insn_exit().code; pos++) {
		nops += self->code.insns[pos].code == NOP.code;
		if (self->code.insns[pos].code == JUMP.code)
			pos += self->code.insns[pos].off;
		ASSERT_LT(pos, self->code.insn_cnt);
	}
	EXPECT_EQ(1000, nops);
}

TEST_F(asm, blob)
{
	static const uint8_t bytes[5000] = { [0] = 1, [4999] = 2 };
	uint32_t at[3];

	at[0] = asm_room(&self->a, 3, 1);
	asm_put(&self->a, at[0], "abc", 3);
	at[1] = asm_room(&self->a, sizeof(bytes), 8);
	asm_put(&self->a, at[1], bytes, sizeof(bytes));
	at[2] = asm_room(&self->a, 1, 4);
	asm_insn(&self->a, insn_exit());
	ASSERT_EQ(0, asm_finish(&self->a, &self->code));
	EXPECT_EQ(0, at[0]);
	EXPECT_EQ(8, at[1]);
	EXPECT_EQ(5008, at[2]);
	EXPECT_EQ(5009, self->code.blob_size);
	ASSERT_EQ(5008, self->code.blob_len);
	EXPECT_EQ(0, memcmp(self->code.blob, "abc\0\0\0\0\0", 8));
	EXPECT_EQ(0, memcmp(self->code.blob + 8, bytes, sizeof(bytes)));
}

TEST_F(asm, outside_of_the_blob)
{
	asm_put(&self->a, asm_room(&self->a, 4, 4), "12345", 5);
	EXPECT_EQ(-EINVAL, asm_finish(&self->a, &self->code));
}

/* The first error is the one, and nothing happens after it. */
TEST_F(asm, errors_stick)
{
	asm_put(&self->a, 0, "1", 1);
	asm_jump(&self->a, JUMP, asm_label(&self->a));
	asm_insn(&self->a, NOP);
	EXPECT_EQ(0, asm_pos(&self->a));
	EXPECT_EQ(-EINVAL, asm_finish(&self->a, &self->code));
}

/* r1 += -2, and *(u32 *)(r3 + 0x102) = r4 */
TEST(encode)
{
	static const uint8_t little[] = {
		0x07, 0x01, 0x00, 0x00, 0xfe, 0xff, 0xff, 0xff,
		0x63, 0x43, 0x02, 0x01, 0x00, 0x00, 0x00, 0x00,
	};
	static const uint8_t big[] = {
		0x07, 0x10, 0x00, 0x00, 0xff, 0xff, 0xff, 0xfe,
		0x63, 0x34, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00,
	};
	const struct bpf_insn insns[] = {
		insn_alu(BPF_ADD, 1, -2), insn_store(BPF_W, 3, 0x102, 4),
	};
	uint8_t bytes[16];

	insn_encode(bytes, &insns[0], false);
	insn_encode(bytes + 8, &insns[1], false);
	EXPECT_EQ(0, memcmp(bytes, little, sizeof(bytes)));
	insn_encode(bytes, &insns[0], true);
	insn_encode(bytes + 8, &insns[1], true);
	EXPECT_EQ(0, memcmp(bytes, big, sizeof(bytes)));
}

TEST_HARNESS_MAIN
