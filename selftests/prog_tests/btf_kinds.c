// SPDX-License-Identifier: GPL-2.0-only
/*
 * BTF_LOAD: kinds of types that are younger than 5.10, each in all places where
 * it may and may not be. The verdicts are mainline's.
 */
#include "test.h"

#include <fcntl.h>
#include <linux/btf.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* The header of the distribution has them as an enumeration, ours as macros */
enum {
	FLOAT = 16, DECL_TAG, TYPE_TAG, ENUM64,
};

#define TYPES_MAX	128	/* words of a case */

static const char strings[] = "\0A\0B\0nine\0" "9\0any text, even this";

enum {
	NONE, A = 1, B = 3, NINE = 5, BAD = 10, TEXT = 12, OUTSIDE = 1000,
};

#define INFO(kind, vlen)	((kind) << 24 | (vlen))
#define KFLAG			(1U << 31)
#define TYPE(name, kind, vlen, size)	name, INFO(kind, vlen), size
#define KTYPE(name, kind, vlen, size)	name, KFLAG | INFO(kind, vlen), size

/* What every case begins with, so that its own types start with 9 */
enum {
	INT = 1, STRUCT, PROTO, FUNC, VAR, TYPEDEF, PTR, ENUM, OWN,
};

#define COMMON							\
	TYPE(A, BTF_KIND_INT, 0, 4), BTF_INT_SIGNED << 24 | 32,	\
	TYPE(B, BTF_KIND_STRUCT, 1, 16), A, INT, 0,		\
	TYPE(NONE, BTF_KIND_FUNC_PROTO, 2, INT), A, INT, B, INT,	\
	TYPE(A, BTF_KIND_FUNC, 0, PROTO),			\
	TYPE(A, BTF_KIND_VAR, 0, INT), 0,			\
	TYPE(A, BTF_KIND_TYPEDEF, 0, INT),			\
	TYPE(NONE, BTF_KIND_PTR, 0, INT),			\
	TYPE(A, BTF_KIND_ENUM, 1, 4), A, 1

struct kind_case {
	const char *what;
	__u32 types[TYPES_MAX];
	unsigned int words;
	int result;
	const char *only_ours;
};

#define TYPES(...)						\
	.types = { __VA_ARGS__ },				\
	.words = sizeof((__u32[]){ __VA_ARGS__ }) / sizeof(__u32)
#define GOOD(text, ...)	{ .what = text, TYPES(__VA_ARGS__) }
#define REFUSED(text, ...)	\
	{ .what = text, .result = -EINVAL, TYPES(__VA_ARGS__) }
#define LOOP(text, ...)	\
	{ .what = text, .result = -EEXIST, TYPES(__VA_ARGS__) }

/* Frames for a type that is number 9: what refers to it comes behind */
#define MEMBER_IN(size, offset)	TYPE(B, BTF_KIND_STRUCT, 1, size), A, OWN, offset
#define KMEMBER_IN(size, bits, offset)	\
	KTYPE(B, BTF_KIND_STRUCT, 1, size), A, OWN, (bits) << 24 | (offset)
#define SECTION(var, size, varsize)	\
	TYPE(A, BTF_KIND_DATASEC, 1, size), var, 0, varsize

/* Load BTF of these types behind the common ones; its fd or what went wrong */
static int load(const __u32 *types, unsigned int words, char *log, size_t log_size)
{
	static const __u32 common[] = { COMMON };
	struct {
		struct btf_header hdr;
		__u8 data[sizeof(common) + TYPES_MAX * 4 + sizeof(strings)];
	} raw = {
		.hdr = {
			.magic = BTF_MAGIC,
			.version = BTF_VERSION,
			.hdr_len = sizeof(raw.hdr),
			.type_len = sizeof(common) + words * 4,
			.str_off = sizeof(common) + words * 4,
			.str_len = sizeof(strings),
		},
	};
	union t_attr attr = {};

	memcpy(raw.data, common, sizeof(common));
	memcpy(raw.data + sizeof(common), types, words * 4);
	memcpy(raw.data + raw.hdr.str_off, strings, sizeof(strings));
	attr.bpf.btf = t_ptr(&raw);
	attr.bpf.btf_size = sizeof(raw.hdr) + raw.hdr.str_off + sizeof(strings);
	if (log) {
		attr.bpf.btf_log_buf = t_ptr(log);
		attr.bpf.btf_log_size = log_size;
		attr.bpf.btf_log_level = 1;
	}
	return t_bpf(BPF_BTF_LOAD, &attr, t_attr_end(bpf.btf_log_level));
}

static void run_cases(struct __test_metadata *_metadata,
		      const struct kind_case *cases, size_t nr)
{
	const struct kind_case *c;
	char log[4096];
	int got;

	for (c = cases; c < cases + nr; c++) {
		if (c->only_ours && !t_kernel_is_ours()) {
			TH_LOG("%s: not compared, mainline differs: %s",
			       c->what, c->only_ours);
			continue;
		}
		log[0] = '\0';
		got = t_drop(load(c->types, c->words, NULL, 0));
		if (got != c->result)
			load(c->types, c->words, log, sizeof(log));
		EXPECT_EQ(c->result, got) TH_LOG("%s: %s", c->what, log);
	}
}

#define RUN(cases)	run_cases(_metadata, cases, ARRAY_SIZE(cases))

/* What the other cases are made of is right */
TEST(common_types)
{
	EXPECT_EQ(0, t_drop(load(NULL, 0, NULL, 0)));
}

TEST(float_itself)
{
	static const struct kind_case cases[] = {
		GOOD("half", TYPE(A, FLOAT, 0, 2)),
		GOOD("float", TYPE(A, FLOAT, 0, 4)),
		GOOD("double", TYPE(A, FLOAT, 0, 8)),
		GOOD("12 bytes", TYPE(A, FLOAT, 0, 12)),
		GOOD("16 bytes", TYPE(A, FLOAT, 0, 16)),
		GOOD("no name", TYPE(NONE, FLOAT, 0, 4)),
		REFUSED("0 bytes", TYPE(A, FLOAT, 0, 0)),
		REFUSED("1 byte", TYPE(A, FLOAT, 0, 1)),
		REFUSED("3 bytes", TYPE(A, FLOAT, 0, 3)),
		REFUSED("6 bytes", TYPE(A, FLOAT, 0, 6)),
		REFUSED("10 bytes", TYPE(A, FLOAT, 0, 10)),
		REFUSED("32 bytes", TYPE(A, FLOAT, 0, 32)),
		REFUSED("vlen", TYPE(A, FLOAT, 1, 4)),
		REFUSED("kind_flag", KTYPE(A, FLOAT, 0, 4)),
		REFUSED("name outside", TYPE(OUTSIDE, FLOAT, 0, 4)),
	};

	RUN(cases);
}

TEST(float_as_member)
{
	static const struct kind_case cases[] = {
		GOOD("at 0", TYPE(A, FLOAT, 0, 8), MEMBER_IN(16, 0)),
		GOOD("at the end", TYPE(A, FLOAT, 0, 8), MEMBER_IN(16, 64)),
		GOOD("float at 4", TYPE(A, FLOAT, 0, 4), MEMBER_IN(8, 32)),
		GOOD("half at 2", TYPE(A, FLOAT, 0, 2), MEMBER_IN(4, 16)),
		GOOD("long double at 8", TYPE(A, FLOAT, 0, 16),
		     MEMBER_IN(24, 64)),
		GOOD("no bit field", TYPE(A, FLOAT, 0, 4), KMEMBER_IN(8, 0, 32)),
		REFUSED("double at 4", TYPE(A, FLOAT, 0, 8), MEMBER_IN(16, 32)),
		REFUSED("long double at 4", TYPE(A, FLOAT, 0, 16),
			MEMBER_IN(24, 32)),
		REFUSED("float at 2", TYPE(A, FLOAT, 0, 4), MEMBER_IN(8, 16)),
		REFUSED("within a byte", TYPE(A, FLOAT, 0, 2), MEMBER_IN(8, 4)),
		REFUSED("past the end", TYPE(A, FLOAT, 0, 8), MEMBER_IN(12, 64)),
		REFUSED("behind the end", TYPE(A, FLOAT, 0, 4),
			MEMBER_IN(8, 64)),
		REFUSED("far behind the end", TYPE(A, FLOAT, 0, 4),
			MEMBER_IN(8, 0xffffffe0)),
		REFUSED("bit field", TYPE(A, FLOAT, 0, 4), KMEMBER_IN(8, 8, 0)),
	};

	RUN(cases);
}

TEST(float_elsewhere)
{
	static const struct kind_case cases[] = {
		GOOD("pointer", TYPE(A, FLOAT, 0, 4),
		     TYPE(NONE, BTF_KIND_PTR, 0, OWN)),
		GOOD("const", TYPE(A, FLOAT, 0, 4),
		     TYPE(NONE, BTF_KIND_CONST, 0, OWN)),
		GOOD("typedef as a member", TYPE(A, BTF_KIND_TYPEDEF, 0, OWN + 2),
		     MEMBER_IN(8, 32), TYPE(A, FLOAT, 0, 4)),
		GOOD("array", TYPE(A, FLOAT, 0, 4),
		     TYPE(NONE, BTF_KIND_ARRAY, 0, 0), OWN, INT, 3),
		GOOD("argument and result", TYPE(A, FLOAT, 0, 4),
		     TYPE(NONE, BTF_KIND_FUNC_PROTO, 1, OWN), A, OWN,
		     TYPE(B, BTF_KIND_FUNC, 0, OWN + 1)),
		GOOD("variable", TYPE(A, FLOAT, 0, 8),
		     TYPE(B, BTF_KIND_VAR, 0, OWN), 1, SECTION(OWN + 1, 8, 8)),
		REFUSED("smaller in a section", TYPE(A, FLOAT, 0, 8),
			TYPE(B, BTF_KIND_VAR, 0, OWN), 1,
			SECTION(OWN + 1, 8, 4)),
		REFUSED("array index", TYPE(A, FLOAT, 0, 4),
			TYPE(NONE, BTF_KIND_ARRAY, 0, 0), INT, OWN, 3),
		REFUSED("in a section", TYPE(A, FLOAT, 0, 8), SECTION(OWN, 8, 8)),
		REFUSED("function's prototype", TYPE(A, FLOAT, 0, 8),
			TYPE(B, BTF_KIND_FUNC, 0, OWN)),
	};

	RUN(cases);
}

#define TAG(target, component)	TYPE(TEXT, DECL_TAG, 0, target), component

TEST(decl_tag)
{
	static const struct kind_case cases[] = {
		GOOD("struct", TAG(STRUCT, -1)),
		GOOD("member", TAG(STRUCT, 0)),
		GOOD("variable", TAG(VAR, -1)),
		GOOD("typedef", TAG(TYPEDEF, -1)),
		GOOD("function", TAG(FUNC, -1)),
		GOOD("first argument", TAG(FUNC, 0)),
		GOOD("last argument", TAG(FUNC, 1)),
		GOOD("several", TAG(STRUCT, 0), TAG(STRUCT, 0), TAG(STRUCT, -1)),
		GOOD("name as of an identifier", TYPE(A, DECL_TAG, 0, VAR), -1),
		REFUSED("no such member", TAG(STRUCT, 1)),
		REFUSED("no such argument", TAG(FUNC, 2)),
		REFUSED("far member", TAG(STRUCT, 0x7fffffff)),
		REFUSED("member -2", TAG(STRUCT, -2)),
		REFUSED("member, the lowest", TAG(STRUCT, 0x80000000)),
		REFUSED("member of a variable", TAG(VAR, 0)),
		REFUSED("member of a typedef", TAG(TYPEDEF, 0)),
		REFUSED("void", TAG(0, -1)),
		REFUSED("int", TAG(INT, -1)),
		REFUSED("pointer", TAG(PTR, -1)),
		REFUSED("enum", TAG(ENUM, -1)),
		REFUSED("prototype", TAG(PROTO, -1)),
		REFUSED("itself", TAG(OWN, -1)),
		REFUSED("another tag", TAG(STRUCT, -1), TAG(OWN, -1)),
		REFUSED("no such type", TAG(100, -1)),
		REFUSED("no type at all", TAG(0xffffffff, -1)),
		REFUSED("section", TAG(OWN + 1, -1), SECTION(VAR, 4, 4)),
		REFUSED("no text", TYPE(NONE, DECL_TAG, 0, VAR), -1),
		REFUSED("text outside", TYPE(OUTSIDE, DECL_TAG, 0, VAR), -1),
		REFUSED("vlen", TYPE(TEXT, DECL_TAG, 1, VAR), -1),
		REFUSED("kind_flag", KTYPE(TEXT, DECL_TAG, 0, VAR), -1),
		REFUSED("cut off", TYPE(TEXT, DECL_TAG, 0, VAR)),
	};

	RUN(cases);
}

/* A tag that comes before what it is for */
TEST(decl_tag_forward)
{
	static const struct kind_case cases[] = {
		GOOD("struct", TAG(OWN + 1, 0),
		     TYPE(B, BTF_KIND_STRUCT, 1, 4), A, INT, 0),
		GOOD("function", TAG(OWN + 1, 1),
		     TYPE(B, BTF_KIND_FUNC, 0, PROTO)),
		GOOD("function and prototype", TAG(OWN + 1, 0),
		     TYPE(B, BTF_KIND_FUNC, 0, OWN + 2),
		     TYPE(NONE, BTF_KIND_FUNC_PROTO, 1, 0), A, INT),
		GOOD("typedef of a struct", TAG(OWN + 1, -1),
		     TYPE(A, BTF_KIND_TYPEDEF, 0, OWN + 2),
		     TYPE(B, BTF_KIND_STRUCT, 1, 4), A, INT, 0),
		REFUSED("function without prototype", TAG(OWN + 1, 0),
			TYPE(B, BTF_KIND_FUNC, 0, STRUCT)),
		REFUSED("function of nothing", TAG(OWN + 1, 0),
			TYPE(B, BTF_KIND_FUNC, 0, 100)),
		REFUSED("struct of what is not there", TAG(OWN + 1, 0),
			TYPE(B, BTF_KIND_STRUCT, 1, 4), A, 100, 0),
		LOOP("struct of itself", TAG(OWN + 1, 0),
		     TYPE(B, BTF_KIND_STRUCT, 1, 4), A, OWN + 1, 0),
	};

	RUN(cases);
}

/* It is for others to refer to a declaration, not to its tag */
TEST(decl_tag_as_a_type)
{
	static const struct kind_case cases[] = {
		REFUSED("pointer", TAG(VAR, -1),
			TYPE(NONE, BTF_KIND_PTR, 0, OWN)),
		REFUSED("const", TAG(VAR, -1),
			TYPE(NONE, BTF_KIND_CONST, 0, OWN)),
		REFUSED("typedef", TAG(VAR, -1),
			TYPE(A, BTF_KIND_TYPEDEF, 0, OWN)),
		REFUSED("type tag", TAG(VAR, -1), TYPE(TEXT, TYPE_TAG, 0, OWN)),
		REFUSED("member", TAG(VAR, -1), MEMBER_IN(8, 0)),
		REFUSED("array", TAG(VAR, -1),
			TYPE(NONE, BTF_KIND_ARRAY, 0, 0), OWN, INT, 1),
		REFUSED("index", TAG(VAR, -1),
			TYPE(NONE, BTF_KIND_ARRAY, 0, 0), INT, OWN, 1),
		REFUSED("variable", TAG(VAR, -1),
			TYPE(A, BTF_KIND_VAR, 0, OWN), 0),
		REFUSED("section", TAG(VAR, -1), SECTION(OWN, 4, 4)),
		REFUSED("argument", TAG(VAR, -1),
			TYPE(NONE, BTF_KIND_FUNC_PROTO, 1, 0), A, OWN),
		REFUSED("result", TAG(VAR, -1),
			TYPE(NONE, BTF_KIND_FUNC_PROTO, 0, OWN)),
		REFUSED("function", TAG(VAR, -1),
			TYPE(A, BTF_KIND_FUNC, 0, OWN)),
	};

	RUN(cases);
}

TEST(type_tag)
{
	static const struct kind_case cases[] = {
		GOOD("int", TYPE(TEXT, TYPE_TAG, 0, INT)),
		GOOD("void", TYPE(TEXT, TYPE_TAG, 0, 0)),
		GOOD("pointer to it", TYPE(TEXT, TYPE_TAG, 0, STRUCT),
		     TYPE(NONE, BTF_KIND_PTR, 0, OWN)),
		GOOD("two", TYPE(TEXT, TYPE_TAG, 0, INT),
		     TYPE(A, TYPE_TAG, 0, OWN)),
		GOOD("before const", TYPE(NONE, BTF_KIND_CONST, 0, INT),
		     TYPE(TEXT, TYPE_TAG, 0, OWN)),
		GOOD("before typedef", TYPE(TEXT, TYPE_TAG, 0, TYPEDEF)),
		GOOD("before a later one", TYPE(TEXT, TYPE_TAG, 0, OWN + 1),
		     TYPE(NONE, BTF_KIND_VOLATILE, 0, INT)),
		GOOD("member", TYPE(TEXT, TYPE_TAG, 0, INT), MEMBER_IN(4, 0)),
		GOOD("bit field", TYPE(TEXT, TYPE_TAG, 0, INT),
		     KMEMBER_IN(4, 3, 5)),
		GOOD("array", TYPE(TEXT, TYPE_TAG, 0, INT),
		     TYPE(NONE, BTF_KIND_ARRAY, 0, 0), OWN, INT, 2),
		GOOD("variable", TYPE(TEXT, TYPE_TAG, 0, INT),
		     TYPE(A, BTF_KIND_VAR, 0, OWN), 0, SECTION(OWN + 1, 4, 4)),
		GOOD("argument and result", TYPE(TEXT, TYPE_TAG, 0, INT),
		     TYPE(NONE, BTF_KIND_FUNC_PROTO, 1, OWN), A, OWN),
		GOOD("const pointer", TYPE(TEXT, TYPE_TAG, 0, INT),
		     TYPE(NONE, BTF_KIND_PTR, 0, OWN),
		     TYPE(NONE, BTF_KIND_CONST, 0, OWN + 1)),
		REFUSED("behind const", TYPE(TEXT, TYPE_TAG, 0, INT),
			TYPE(NONE, BTF_KIND_CONST, 0, OWN)),
		REFUSED("behind volatile", TYPE(TEXT, TYPE_TAG, 0, INT),
			TYPE(NONE, BTF_KIND_VOLATILE, 0, OWN)),
		REFUSED("behind restrict", TYPE(TEXT, TYPE_TAG, 0, INT),
			TYPE(NONE, BTF_KIND_RESTRICT, 0, OWN)),
		REFUSED("behind typedef", TYPE(TEXT, TYPE_TAG, 0, INT),
			TYPE(A, BTF_KIND_TYPEDEF, 0, OWN)),
		REFUSED("behind a const before it",
			TYPE(NONE, BTF_KIND_CONST, 0, OWN + 1),
			TYPE(TEXT, TYPE_TAG, 0, INT)),
		REFUSED("between", TYPE(NONE, BTF_KIND_CONST, 0, INT),
			TYPE(TEXT, TYPE_TAG, 0, OWN),
			TYPE(NONE, BTF_KIND_VOLATILE, 0, OWN + 1)),
		REFUSED("no text", TYPE(NONE, TYPE_TAG, 0, INT)),
		REFUSED("text outside", TYPE(OUTSIDE, TYPE_TAG, 0, INT)),
		REFUSED("vlen", TYPE(TEXT, TYPE_TAG, 1, INT)),
		REFUSED("kind_flag", KTYPE(TEXT, TYPE_TAG, 0, INT)),
		REFUSED("no such type", TYPE(TEXT, TYPE_TAG, 0, 100)),
		REFUSED("variable's", TYPE(TEXT, TYPE_TAG, 0, VAR)),
		LOOP("itself", TYPE(TEXT, TYPE_TAG, 0, OWN)),
		LOOP("each other", TYPE(TEXT, TYPE_TAG, 0, OWN + 1),
		     TYPE(TEXT, TYPE_TAG, 0, OWN)),
	};

	RUN(cases);
}

/* A chain that is too long to follow */
TEST(type_tag_depth)
{
	enum { DEEPEST = 32 };		/* MAX_RESOLVE_DEPTH */
	__u32 types[(DEEPEST + 1) * 3];
	int i, len;

	/* each refers to the next, the last to the int */
	for (len = DEEPEST - 1; len <= DEEPEST + 1; len++) {
		for (i = 0; i < len; i++) {
			types[i * 3] = TEXT;
			types[i * 3 + 1] = INFO(TYPE_TAG, 0);
			types[i * 3 + 2] = i < len - 1 ? OWN + i + 1 : INT;
		}
		EXPECT_EQ(len > DEEPEST ? -E2BIG : 0, t_drop(load(types, len * 3, NULL, 0)));
	}
}

TEST(enum64)
{
	static const struct kind_case cases[] = {
		GOOD("8 bytes", TYPE(A, ENUM64, 1, 8), A, 1, 2),
		GOOD("4 bytes", TYPE(A, ENUM64, 1, 4), A, 1, 0),
		GOOD("2 bytes", TYPE(A, ENUM64, 1, 2), A, 1, 0),
		GOOD("1 byte", TYPE(A, ENUM64, 1, 1), A, 1, 0),
		GOOD("signed", KTYPE(A, ENUM64, 2, 8), A, -1, -1, B, 0, 0),
		GOOD("no name", TYPE(NONE, ENUM64, 1, 8), A, 1, 0),
		GOOD("no value", TYPE(A, ENUM64, 0, 8)),
		GOOD("three", TYPE(A, ENUM64, 3, 8), A, 0, 0, B, 0, 1, NINE,
		     0, 2),
		REFUSED("0 bytes", TYPE(A, ENUM64, 1, 0), A, 1, 0),
		REFUSED("3 bytes", TYPE(A, ENUM64, 1, 3), A, 1, 0),
		REFUSED("16 bytes", TYPE(A, ENUM64, 1, 16), A, 1, 0),
		REFUSED("no identifier", TYPE(BAD, ENUM64, 1, 8), A, 1, 0),
		REFUSED("a value's is none", TYPE(A, ENUM64, 1, 8), BAD, 1, 0),
		REFUSED("a value without", TYPE(A, ENUM64, 1, 8), NONE, 1, 0),
		REFUSED("a value's outside", TYPE(A, ENUM64, 1, 8), OUTSIDE, 1,
			0),
		REFUSED("second value without", TYPE(A, ENUM64, 2, 8), A, 1, 0,
			NONE, 2, 0),
		REFUSED("cut off", TYPE(A, ENUM64, 2, 8), A, 1, 0, B),
		REFUSED("records of an ENUM", TYPE(A, ENUM64, 1, 8), A, 1),
	};

	RUN(cases);
}

TEST(enum64_elsewhere)
{
	static const struct kind_case cases[] = {
		GOOD("at 0", TYPE(A, ENUM64, 0, 8), MEMBER_IN(16, 0)),
		GOOD("at the end", TYPE(A, ENUM64, 0, 8), MEMBER_IN(16, 64)),
		GOOD("not aligned", TYPE(A, ENUM64, 0, 8), MEMBER_IN(16, 32)),
		GOOD("no bit field", TYPE(A, ENUM64, 0, 8),
		     KMEMBER_IN(16, 0, 64)),
		GOOD("bit field", TYPE(A, ENUM64, 0, 8), KMEMBER_IN(16, 32, 0)),
		GOOD("bit field at the end", TYPE(A, ENUM64, 0, 8),
		     KMEMBER_IN(16, 8, 120)),
		GOOD("pointer", TYPE(A, ENUM64, 0, 8),
		     TYPE(NONE, BTF_KIND_PTR, 0, OWN)),
		GOOD("array", TYPE(A, ENUM64, 0, 8),
		     TYPE(NONE, BTF_KIND_ARRAY, 0, 0), OWN, INT, 2),
		GOOD("variable", TYPE(A, ENUM64, 0, 8),
		     TYPE(A, BTF_KIND_VAR, 0, OWN), 0, SECTION(OWN + 1, 8, 8)),
		GOOD("argument and result", TYPE(A, ENUM64, 0, 8),
		     TYPE(NONE, BTF_KIND_FUNC_PROTO, 1, OWN), A, OWN),
		REFUSED("within a byte", TYPE(A, ENUM64, 0, 8),
			MEMBER_IN(16, 4)),
		REFUSED("past the end", TYPE(A, ENUM64, 0, 8),
			MEMBER_IN(16, 96)),
		REFUSED("within a byte, no bit field", TYPE(A, ENUM64, 0, 8),
			KMEMBER_IN(16, 0, 4)),
		REFUSED("bit field of 33", TYPE(A, ENUM64, 0, 8),
			KMEMBER_IN(16, 33, 0)),
		REFUSED("bit field past the end", TYPE(A, ENUM64, 0, 8),
			KMEMBER_IN(16, 9, 120)),
		REFUSED("smaller in a section", TYPE(A, ENUM64, 0, 8),
			TYPE(A, BTF_KIND_VAR, 0, OWN), 0,
			SECTION(OWN + 1, 8, 4)),
		{
			.what = "no bit field, past the end", .result = -EINVAL,
			.only_ours = "only 4 bytes have to be in the struct",
			TYPES(TYPE(A, ENUM64, 0, 8), KMEMBER_IN(16, 0, 96)),
		},
	};

	RUN(cases);
}

/* Rules for older kinds that were relaxed, and one that was not */
TEST(older_kinds)
{
	static const struct kind_case cases[] = {
		GOOD("signed enum", KTYPE(A, BTF_KIND_ENUM, 1, 4), A, -1),
		GOOD("signed enum as a member", KTYPE(A, BTF_KIND_ENUM, 1, 4),
		     A, -1, KMEMBER_IN(4, 8, 0)),
		GOOD("empty section", TYPE(A, BTF_KIND_DATASEC, 0, 4)),
		REFUSED("section of 0 bytes", TYPE(A, BTF_KIND_DATASEC, 0, 0)),
		REFUSED("empty section's name", TYPE(NONE, BTF_KIND_DATASEC, 0,
						     4)),
		REFUSED("empty section's kind_flag",
			KTYPE(A, BTF_KIND_DATASEC, 0, 4)),
		/* libbpf makes them global */
		REFUSED("extern function", TYPE(A, BTF_KIND_FUNC, 2, PROTO)),
	};

	RUN(cases);
}

TEST(no_such_kind)
{
	static const __u32 infos[] = {
		INFO(0, 0), INFO(20, 0), INFO(31, 0), KFLAG | INFO(20, 0),
		/* bits that are not the kind's */
		1U << 29 | INFO(FLOAT, 0), 1U << 30 | INFO(FLOAT, 0),
		1U << 16 | INFO(FLOAT, 0), 1U << 23 | INFO(FLOAT, 0),
		1U << 29 | INFO(BTF_KIND_CONST, 0),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(infos); i++) {
		const __u32 types[] = { NONE, infos[i], 4 };

		EXPECT_EQ(-EINVAL, t_drop(load(types, 3, NULL, 0)))
			TH_LOG("info %#x", infos[i]);
	}
}

/* What the log says of each */
TEST(log_of_types)
{
	static const __u32 types[] = {
		TYPE(A, FLOAT, 0, 8),
		TYPE(TEXT, DECL_TAG, 0, STRUCT), 0,
		TYPE(TEXT, TYPE_TAG, 0, INT),
		KTYPE(B, ENUM64, 2, 8), A, -2, -1, B, 0, 1,
		TYPE(B, ENUM64, 1, 8), A, -1, -1,
	};
	static const char * const lines[] = {
		"[9] FLOAT A size=8\n",
		"[10] DECL_TAG any text, even this type=2 component_idx=0\n",
		"[11] TYPE_TAG any text, even this type_id=1\n",
		"[12] ENUM64 B size=8 vlen=2\n",
		"\tA val=-2\n", "\tB val=4294967296\n",
		"\tA val=18446744073709551615\n",
	};
	char log[4096] = "";
	size_t i;

	EXPECT_EQ(0, t_drop(load(types, ARRAY_SIZE(types), log, sizeof(log))));
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		EXPECT_NE(NULL, strstr(log, lines[i])) TH_LOG("%s", lines[i]);
}

/* A file for a map with values of @type, which is @size bytes in BTF @btf */
static bool show(int btf, __u32 type, const void *value, __u32 size, char *text,
		 size_t text_size)
{
	static const char dir[] = "/tmp/btf_kinds";
	char path[sizeof(dir) + 8];
	union t_attr attr = {};
	__u32 key = 0;
	int map, err;

	attr.bpf.map_type = BPF_MAP_TYPE_ARRAY;
	attr.bpf.key_size = 4;
	attr.bpf.value_size = size;
	attr.bpf.max_entries = 1;
	attr.bpf.btf_fd = btf;
	attr.bpf.btf_key_type_id = INT;
	attr.bpf.btf_value_type_id = type;
	map = t_bpf(BPF_MAP_CREATE, &attr, t_attr_end(bpf.btf_value_type_id));
	if (map < 0 || t_map_update(map, &key, value))
		return false;

	mkdir(dir, 0700);
	if (mount("bpf", dir, "bpf", 0, NULL))
		return false;
	snprintf(path, sizeof(path), "%s/map", dir);
	memset(&attr, 0, sizeof(attr));
	attr.bpf.pathname = t_ptr(path);
	attr.bpf.bpf_fd = map;
	err = t_bpf(BPF_OBJ_PIN, &attr, t_attr_end(bpf.bpf_fd)) ?:
	      t_read(path, text, text_size);
	close(map);
	umount(dir);
	return err >= 0;
}

/* The value as the kernel prints it: by its size, with its sign */
TEST(shown)
{
	/* A is the most negative, or the most positive, and B something else */
	static const __u32 types[] = {
		KTYPE(B, ENUM64, 1, 8), A, 0, 0x80000000,
		TYPE(B, ENUM64, 1, 8), A, -1, -1,
		TYPE(TEXT, TYPE_TAG, 0, OWN),
		KTYPE(B, BTF_KIND_STRUCT, 2, 20), A, OWN, 0, B, OWN + 2, 64,
	};
	static const struct {
		int type, size;
		__u64 value[2];
		const char *text;
	} shown[] = {
		{ OWN, 8, { 1ULL << 63 }, "0: A\n" },
		{ OWN, 8, { -2 }, "0: -2\n" },
		{ OWN + 1, 8, { -1 }, "0: A\n" },
		{ OWN + 1, 8, { -2 }, "0: 18446744073709551614\n" },
		{ OWN + 2, 8, { 1ULL << 63 }, "0: A\n" },
		{ OWN + 3, 20, { 7, -3 }, "0: {7,-3,}\n" },
	};
	int btf = load(types, ARRAY_SIZE(types), NULL, 0);
	char text[4096];
	size_t i;

	ASSERT_LE(0, btf);
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		__u8 value[24] = {};

		memcpy(value, shown[i].value, sizeof(shown[i].value));
		memset(text, 0, sizeof(text));
		ASSERT_TRUE(show(btf, shown[i].type, value, shown[i].size, text,
				 sizeof(text)));
		EXPECT_NE(NULL, strstr(text, shown[i].text))
			TH_LOG("%zu: %s", i, text);
	}
	close(btf);
}

/* A value of fewer bytes than the enumeration could have: no more are read */
TEST(small_enum64_shown)
{
	static const __u32 types[] = {
		TYPE(B, ENUM64, 1, 1), A, 5, 0,
		KTYPE(B, ENUM64, 1, 2), A, -5, -1,
		TYPE(B, BTF_KIND_STRUCT, 4, 8),
			A, OWN, 0, A, OWN, 8, A, OWN + 1, 16, B, INT, 32,
	};
	static const __u8 value[8] = { 5, 6, 0xfb, 0xff, 1, 0, 0, 0 };
	char text[4096] = "";
	int btf;

	T_ONLY_OURS("8 bytes are read of any");
	btf = load(types, ARRAY_SIZE(types), NULL, 0);
	ASSERT_LE(0, btf);
	ASSERT_TRUE(show(btf, OWN + 2, value, 8, text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "0: {A,6,A,1,}\n")) TH_LOG("%s", text);
	close(btf);
}

/* Arguments of a global function are checked by their types */
TEST(arguments)
{
	static const __u32 types[] = {
		TYPE(B, ENUM64, 0, 8),
		TYPE(TEXT, TYPE_TAG, 0, INT),
		TYPE(NONE, BTF_KIND_FUNC_PROTO, 2, OWN), A, OWN, B, OWN + 1,
		TYPE(NONE, BTF_KIND_FUNC_PROTO, 0, INT),
		TYPE(A, BTF_KIND_FUNC, 0, OWN + 3),		/* static */
		TYPE(B, BTF_KIND_FUNC, 1, OWN + 2),		/* global */
	};
	static const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_1, 1),
		BPF_MOV64_IMM(BPF_REG_2, 2),
		BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 1),
		BPF_EXIT_INSN(),
		BPF_MOV64_REG(BPF_REG_0, BPF_REG_1),
		BPF_ALU64_REG(BPF_ADD, BPF_REG_0, BPF_REG_2),
		BPF_EXIT_INSN(),
	};
	static const struct bpf_func_info funcs[] = {
		{ 0, OWN + 4 }, { 4, OWN + 5 },
	};
	union t_attr attr;
	int btf, fd;

	T_ONLY_OURS("an ENUM64 is not passed on");
	btf = load(types, ARRAY_SIZE(types), NULL, 0);
	ASSERT_LE(0, btf);
	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	attr.bpf.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.bpf.prog_flags = 0;
	attr.bpf.prog_btf_fd = btf;
	attr.bpf.func_info = t_ptr(funcs);
	attr.bpf.func_info_cnt = ARRAY_SIZE(funcs);
	attr.bpf.func_info_rec_size = sizeof(funcs[0]);
	fd = t_load_attr(&attr, t_attr_end(bpf.fd_array));
	EXPECT_LE(0, fd) TH_LOG("%s", t_log);
	close(fd);
	close(btf);
}

TEST_HARNESS_MAIN
