// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Notes about tracepoints of programs, and the arguments in them, as compilers write
 * them for two architectures; and what is left when any byte of a note is missing
 */
#include "skel/runtime.h"
#include "skel/parts/elf.h"
#include "skel/parts/usdt_note.h"
#include "kselftest_harness.h"

static const struct {
	const char *text;
	bool arm64;
	struct lskel_usdt_arg arg;
} fine[] = {
	{ "-4@%eax", false, { 0, LSKEL_USDT_REGISTER, 80, 1, 32 } },
	{ "8@%rdi", false, { 0, LSKEL_USDT_REGISTER, 112, 0, 0 } },
	{ "-2@%r15w", false, { 0, LSKEL_USDT_REGISTER, 0, 1, 48 } },
	{ "1@%r9b", false, { 0, LSKEL_USDT_REGISTER, 64, 0, 56 } },
	{ "1@%bpl", false, { 0, LSKEL_USDT_REGISTER, 32, 0, 56 } },
	{ "8@%rip", false, { 0, LSKEL_USDT_REGISTER, 128, 0, 0 } },
	{ "-4@-1204(%rbp)", false, { -1204ULL, LSKEL_USDT_MEMORY, 32, 1, 32 } },
	{ "8@16(%rsp)", false, { 16, LSKEL_USDT_MEMORY, 152, 0, 0 } },
	{ "2@(%rcx)", false, { 0, LSKEL_USDT_MEMORY, 88, 0, 48 } },
	{ "-4@$-9", false, { -9ULL, LSKEL_USDT_CONST, 0, 1, 32 } },
	{ "8@$18446744073709551615", false, { ~0ULL, LSKEL_USDT_CONST, 0, 0, 0 } },
	{ "  8 @ $ 5", false, { 5, LSKEL_USDT_CONST, 0, 0, 0 } },
	{ "-8@x4", true, { 0, LSKEL_USDT_REGISTER, 32, 1, 0 } },
	{ "4@w30", true, { 0, LSKEL_USDT_REGISTER, 240, 0, 32 } },
	{ "8@sp", true, { 0, LSKEL_USDT_REGISTER, 248, 0, 0 } },
	{ "-4@[sp, 96]", true, { 96, LSKEL_USDT_MEMORY, 248, 1, 32 } },
	{ "-4@[x29, -8]", true, { -8ULL, LSKEL_USDT_MEMORY, 232, 1, 32 } },
	{ "8@[x0]", true, { 0, LSKEL_USDT_MEMORY, 0, 0, 0 } },
	{ "4@5", true, { 5, LSKEL_USDT_CONST, 0, 0, 32 } },
};

TEST(arguments)
{
	struct lskel_usdt_spec spec;
	char text[200];
	size_t i;

	for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		/* Alone, and between others */
		memset(&spec, 0, sizeof(spec));
		EXPECT_EQ(NULL, lskel_usdt_args(fine[i].text, fine[i].arm64, &spec))
			TH_LOG("%s", fine[i].text);
		EXPECT_EQ(1, spec.count);
		EXPECT_EQ(0, memcmp(&spec.args[0], &fine[i].arg, sizeof(fine[i].arg)))
			TH_LOG("%s: value %lld kind %u reg %d signed %u shift %u", fine[i].text,
			       (long long)spec.args[0].value, spec.args[0].kind, spec.args[0].reg,
			       spec.args[0].is_signed, spec.args[0].shift);
		memset(&spec, 0, sizeof(spec));
		snprintf(text, sizeof(text), "%s %s %s ", fine[i].arm64 ? "8@x1" : "8@%rsi", fine[i].text,
			 fine[i].arm64 ? "1@1" : "1@$1");
		EXPECT_EQ(NULL, lskel_usdt_args(text, fine[i].arm64, &spec));
		EXPECT_EQ(3, spec.count);
		EXPECT_EQ(0, memcmp(&spec.args[1], &fine[i].arg, sizeof(fine[i].arg)));
		EXPECT_EQ(1, spec.args[2].value);
	}
	memset(&spec, 0, sizeof(spec));
	EXPECT_EQ(NULL, lskel_usdt_args("", false, &spec));
	EXPECT_EQ(NULL, lskel_usdt_args(":8@%rax", false, &spec));
	EXPECT_EQ(0, spec.count);
}

TEST(no_arguments)
{
	static const char *const bad[] = {
		"8@", "@%rax", "8%rax", "8@%", "8@%rax8", "8@%xmm0", "8f@%xmm0", "3@%rax", "0@%rax",
		"16@%rax", "-3@$5", "8@$", "8@5", "8@4(%rax", "8@4(rax)", "8@4(%rax,%rbx,8)",
		"8@counter(%rip)", "8@$5,", "8@%raxx", "8@%r16", "8@%x1", "8@$counter", "8@%rax%rbx", "x",
	};
	static const char *const bad_arm64[] = {
		"8@x31", "8@x01", "8@%x1", "8@[x0, ", "8@[x0, 8", "8@[x0, x1]", "8@[8]", "8@x", "8@v0", "8@[x0",
		"8@q0", "8@$5",
	};
	const char *twelve = "1@$1 1@$2 1@$3 1@$4 1@$5 1@$6 1@$7 1@$8 1@$9 1@$10 1@$11 1@$12";
	struct lskel_usdt_spec spec;
	char text[200];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&spec, 0, sizeof(spec));
		EXPECT_EQ(bad[i], lskel_usdt_args(bad[i], false, &spec))
			TH_LOG("'%s' is taken", bad[i]);
	}
	for (i = 0; i < sizeof(bad_arm64) / sizeof(bad_arm64[0]); i++) {
		memset(&spec, 0, sizeof(spec));
		EXPECT_EQ(bad_arm64[i], lskel_usdt_args(bad_arm64[i], true, &spec))
			TH_LOG("'%s' is taken", bad_arm64[i]);
	}
	memset(&spec, 0, sizeof(spec));
	EXPECT_EQ(NULL, lskel_usdt_args(twelve, false, &spec));
	EXPECT_EQ(12, spec.count);
	memset(&spec, 0, sizeof(spec));
	snprintf(text, sizeof(text), "%s 1@$13", twelve);
	EXPECT_STREQ("1@$13", lskel_usdt_args(text, false, &spec));
}

/* One note; returns its size */
static size_t make_note(char *note, bool wide, __u32 type, const char *owner, const char *strings, size_t size)
{
	const __u32 width = wide ? 8 : 4;
	const __u32 header[3] = { (__u32)strlen(owner) + 1, 3 * width + (__u32)size, type };
	const __u64 addresses[3] = { 0x1234, 0x2345, 0x3456 };
	size_t at = sizeof(header), i;

	memcpy(note, header, sizeof(header));
	memset(note + at, 0, 100);
	memcpy(note + at, owner, header[0]);
	at += (header[0] + 3) / 4 * 4;
	for (i = 0; i < 3; i++, at += width)
		memcpy(note + at, &addresses[i], width);
	memcpy(note + at, strings, size);
	return at + (size + 3) / 4 * 4;
}

TEST(notes)
{
	static const char strings[] = "provider\0name\0-4@%eax";
	struct lskel_usdt_note note;
	struct lskel_elf elf = {};
	char notes[600], *cut;
	const size_t padding = (4 - sizeof(strings) % 4) % 4;
	__u64 size, all, at, ends[3];
	int wide, status, expected;

	for (wide = 0; wide < 2; wide++) {
		elf.wide = wide;
		ends[0] = make_note(notes, wide, 3, "other", strings, sizeof(strings));
		ends[1] = ends[0] + make_note(notes + ends[0], wide, 4, "stapsdt", strings, sizeof(strings));
		ends[2] = ends[1] + make_note(notes + ends[1], wide, 3, "stapsdt", strings, sizeof(strings));
		all = ends[2];
		at = ends[1];

		EXPECT_EQ(1, lskel_usdt_next(&elf, notes, all, &at, &note));
		EXPECT_EQ(all, at);
		EXPECT_EQ(0x1234, note.address);
		EXPECT_EQ(0x2345, note.base);
		EXPECT_EQ(0x3456, note.semaphore);
		EXPECT_STREQ("provider", note.provider);
		EXPECT_STREQ("name", note.name);
		EXPECT_STREQ("-4@%eax", note.args);
		EXPECT_EQ(0, lskel_usdt_next(&elf, notes, all, &at, &note));
		/* Two that are of no interest come before it */
		at = 0;
		EXPECT_EQ(1, lskel_usdt_next(&elf, notes, all, &at, &note));
		EXPECT_EQ(NULL, note.name);
		EXPECT_EQ(1, lskel_usdt_next(&elf, notes, all, &at, &note));
		EXPECT_EQ(NULL, note.name);
		EXPECT_EQ(1, lskel_usdt_next(&elf, notes, all, &at, &note));
		EXPECT_STREQ("name", note.name);

		/* A sanitizer sees what is read behind the end */
		for (size = 0; size < all; size++) {
			cut = malloc(size + 1);
			memcpy(cut, notes, size);
			at = 0;
			do
				status = lskel_usdt_next(&elf, cut, size, &at, &note);
			while (status > 0 && !note.name);
			/* What fills up the last one may be missing */
			expected = size >= ends[2] - padding ? 1 : !size || size - (ends[0] - padding) <= padding ||
				   size - (ends[1] - padding) <= padding ? 0 : -EBADMSG;
			EXPECT_EQ(expected, status)
				TH_LOG("%llu of %llu bytes", size, all);
			free(cut);
		}
	}
}

TEST(damaged_notes)
{
	static const struct {
		const char *strings;
		size_t size;
	} bad[] = {
		{ "", 0 }, { "p", 1 }, { "p\0n", 3 }, { "p\0n\0a", 5 }, { "p\0n\0", 4 },
	};
	struct lskel_usdt_note note;
	struct lskel_elf elf = { .wide = true };
	char notes[600];
	__u32 huge = ~0U;
	__u64 at;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		at = 0;
		EXPECT_EQ(-EBADMSG, lskel_usdt_next(&elf, notes, make_note(notes, true, 3, "stapsdt",
							bad[i].strings, bad[i].size), &at, &note));
	}
	for (i = 0; i < 2; i++) {
		make_note(notes, true, 3, "stapsdt", "p\0n\0", 5);
		memcpy(notes + 4 * i, &huge, sizeof(huge));
		at = 0;
		EXPECT_EQ(-EBADMSG, lskel_usdt_next(&elf, notes, sizeof(notes), &at, &note));
	}
	make_note(notes, true, 3, "stapsdt", "p\0n\0", 5);
	huge = 23;	/* less than three addresses */
	memcpy(notes + 4, &huge, sizeof(huge));
	at = 0;
	EXPECT_EQ(-EBADMSG, lskel_usdt_next(&elf, notes, sizeof(notes), &at, &note));
}

TEST_HARNESS_MAIN
