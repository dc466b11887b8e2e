// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* libFuzzer's target: the CO-RE engine on two random BTFs, an access string, and a
 * table of records for a few instructions
 *
 * What the bytes of an input say is bent into BTF that libbpf's reader lets
 * through: whole types, but of any id, name and size.
 */
#include <assert.h>
#include <bpf/btf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

#define TYPES		12	/* ids that members and records refer to */
#define CANDS		64
#define INSNS		6
#define RECORDS		8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Few names, so that they meet; then comes the access string. */
static const char names[] = "\0a\0b\0c\0x\0x___y\0x___z\0" "0\0" "0:0\0" "0:1\0" "1:0:0";

struct input {
	const uint8_t *data;
	size_t left;
};

static uint8_t byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

/* Mostly small, rarely anything */
static uint32_t number(struct input *in, uint32_t limit)
{
	uint32_t n = byte(in);

	if (n < 0xf8)
		return n % limit;
	while (n-- > 0xf8)
		limit = limit << 8 | byte(in);
	return limit;
}

static uint32_t *put_type(struct input *in, uint32_t *to)
{
	static const uint8_t words[BTF_KIND_ENUM64 + 1] = {	/* of what follows each */
		[BTF_KIND_STRUCT] = 3, [BTF_KIND_UNION] = 3, [BTF_KIND_ENUM] = 2,
		[BTF_KIND_FUNC_PROTO] = 2, [BTF_KIND_DATASEC] = 3, [BTF_KIND_ENUM64] = 3,
	};
	uint8_t kind = 1 + byte(in) % BTF_KIND_ENUM64;
	uint32_t n = byte(in) % 5, i, fixed = 0;

	if (kind == BTF_KIND_INT || kind == BTF_KIND_VAR || kind == BTF_KIND_DECL_TAG)
		fixed = 1;
	if (kind == BTF_KIND_ARRAY)
		fixed = 3;
	*to++ = number(in, sizeof(names));
	*to++ = kind << 24 | (uint32_t)(byte(in) & 1) << 31 | n;
	*to++ = number(in, TYPES);	/* a type, or a size */
	for (i = 0; i < fixed; i++)
		*to++ = number(in, TYPES);
	for (i = 0; i < n * words[kind]; i++)
		*to++ = number(in, i % words[kind] ? TYPES : sizeof(names));
	return to;
}

static struct btf *make_types(struct input *in, const char *string, size_t len)
{
	static uint32_t buf[4096];
	struct btf_header *header = (void *)buf;
	uint32_t *to = (uint32_t *)(header + 1);
	uint32_t n = byte(in) % TYPES;
	char *strings;

	while (n--)
		to = put_type(in, to);
	*header = (struct btf_header){
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(*header),
		.type_len = (char *)to - (char *)(header + 1),
		.str_len = sizeof(names) + len + 1,
	};
	header->str_off = header->type_len;
	strings = (char *)to;
	memcpy(strings, names, sizeof(names));
	memcpy(strings + sizeof(names), string, len);
	strings[sizeof(names) + len] = '\0';
	return btf__new(header, strings + header->str_len - (char *)header);
}

/* All that is printed is formatted, with what it refers to. */
static void print(struct core_log *log, enum core_log_level level, const char *format,
		  va_list args)
{
	char line[512];

	(void)log;
	(void)level;
	assert(vsnprintf(line, sizeof(line), format, args) <= 256);
}

static void apply(struct input *in, struct core *core, const struct bpf_core_relo *relo,
		  struct core_cands *cands)
{
	struct bpf_insn *insns = malloc(INSNS * sizeof(*insns)), before[INSNS];
	struct core_result res;
	uint32_t idx, cnt = cands->cnt;
	int err;

	err = core_resolve(core, relo, cands, &res);
	assert(err == 0 || err == -EINVAL || err == -E2BIG || err == -EOPNOTSUPP);
	assert(cands->cnt <= cnt && !cnt == !cands->cnt);
	if (err)
		goto out;
	assert(!res.poison || !res.new_val);

	memset(before, 0, sizeof(before));
	idx = number(in, INSNS);
	for (int i = 0; i < INSNS; i++) {
		before[i].code = byte(in);
		before[i].off = byte(in);
		before[i].imm = i == (int)idx && before[i].off & 1 ? res.orig_val : byte(in);
	}
	memcpy(insns, before, sizeof(before));
	err = core_patch(insns, INSNS, idx, &res, core->log);
	assert(err == 0 || err == -EINVAL || err == -ERANGE);
	for (uint32_t i = 0; i < INSNS; i++)
		if (err || i < idx || i > idx + 1)
			assert(!memcmp(&insns[i], &before[i], sizeof(*insns)));
	if (!err && before[idx].code != (BPF_LD | BPF_IMM | BPF_DW) && idx + 1 < INSNS)
		assert(!memcmp(&insns[idx + 1], &before[idx + 1], sizeof(*insns)));
out:
	free(insns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	static struct core_log log = { .print = print };
	static struct core core;
	static struct core_cand items[TYPES][CANDS];
	struct core_cands cands[TYPES] = { 0 };
	size_t len = byte(&in) % 16;
	const char *string;
	struct btf *target;

	if (len > in.left)
		len = in.left;
	string = (const char *)in.data;
	in.data += len;
	in.left -= len;
	core.local = make_types(&in, string, len);
	target = make_types(&in, string, len);
	core.log = byte(&in) & 1 ? &log : NULL;
	core.big_endian = byte(&in) & 1;

	for (int i = 0; core.local && target && i < RECORDS && in.left; i++) {
		struct bpf_core_relo relo = {
			.type_id = number(&in, TYPES),
			.access_str_off = number(&in, sizeof(names) + 1),
			.kind = number(&in, BPF_CORE_TYPE_MATCHES + 1),
		};
		uint32_t id = relo.type_id < TYPES ? relo.type_id : 0, cand = 0;

		if (!cands[id].items) {
			cands[id].items = items[id];
			while (cands[id].cnt < CANDS &&
			       (cand = core_next_candidate(core.local, relo.type_id, target, cand)))
				items[id][cands[id].cnt++] = (struct core_cand){ target, cand };
		}
		apply(&in, &core, &relo, &cands[id]);
	}
	btf__free((struct btf *)core.local);
	btf__free(target);
	return 0;
}
