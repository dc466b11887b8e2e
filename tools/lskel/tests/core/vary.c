// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What newer compilers write, made of what this one does:
 *
 * vary enum64 HIGH IN OUT	the types in the file IN (raw, or ELF) with all enums as
 *				ENUM64, HIGH in the upper half of their values
 * vary matches IN OUT		the section .BTF.ext with all relocations of the kind
 *				type_exists as type_matches
 */
#include <bpf/btf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what)
{
	fprintf(stderr, "vary: %s\n", what);
	exit(2);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(bytes, size, 1, file) != 1 || fclose(file))
		die(path);
}

/* One type as it is, or an enum as ENUM64. Returns the bytes. */
static size_t put_type(char *to, const struct btf_type *t, size_t size, __u64 high)
{
	struct btf_type *copy = (void *)to;
	struct btf_enum64 *values = (void *)(copy + 1);

	if (btf_kind(t) != BTF_KIND_ENUM) {
		memcpy(to, t, size);
		return size;
	}
	*copy = *t;
	copy->info = (t->info & ~(0x1fU << 24)) | BTF_KIND_ENUM64 << 24;
	for (__u32 i = 0; i < btf_vlen(t); i++) {
		const struct btf_enum *e = btf_enum(t) + i;

		values[i].name_off = e->name_off;
		values[i].val_lo32 = e->val;
		values[i].val_hi32 = high ? high : e->val < 0 ? ~0U : 0;
	}
	return sizeof(*copy) + btf_vlen(t) * sizeof(*values);
}

/* Ids and offsets of strings stay what they are, as .BTF.ext refers to them. */
static void enum64(const char *high, const char *in, const char *out)
{
	struct btf *types = btf__parse(in, NULL);
	const struct btf_header *old;
	struct btf_header *header;
	const char *raw, *end;
	__u32 size;
	char *to;

	if (!types)
		die(in);
	raw = btf__raw_data(types, &size);
	old = (void *)raw;
	header = malloc(2 * (size_t)size);
	if (!header)
		die("no memory");
	*header = *old;
	header->hdr_len = sizeof(*header);
	header->type_off = 0;
	to = (char *)(header + 1);
	end = raw + old->hdr_len + old->type_off + old->type_len;
	raw += old->hdr_len + old->type_off;
	for (__u32 id = 1; id < btf__type_cnt(types); id++) {
		const struct btf_type *t = btf__type_by_id(types, id);
		const struct btf_type *next = btf__type_by_id(types, id + 1);
		size_t n = next ? (size_t)((char *)next - (char *)t) : (size_t)(end - raw);

		to += put_type(to, t, n, strtoull(high, NULL, 0));
		raw += n;
	}
	header->type_len = to - (char *)(header + 1);
	header->str_off = header->type_len;
	raw = (const char *)old + old->hdr_len + old->str_off;
	memcpy(to, raw, old->str_len);
	write_file(out, header, to + old->str_len - (char *)header);
}

static void matches(const char *in, const char *out)
{
	static char bytes[1 << 20];
	FILE *file = fopen(in, "re");
	size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
	/* The third table; offsets are counted from behind the header. */
	__u32 *header = (__u32 *)bytes, *at, *end;
	unsigned int n = 0;

	if (size < 32 || header[1] < 32)
		die("no relocations");
	at = (__u32 *)(bytes + header[1] + header[6]);
	end = (__u32 *)((char *)at + header[7]);
	if ((char *)end > bytes + size || *at++ != sizeof(struct bpf_core_relo))
		die("no relocations");
	while (at < end) {
		__u32 left = at[1];
		struct bpf_core_relo *relo = (void *)(at + 2);

		for (; left--; relo++)
			if (relo->kind == BPF_CORE_TYPE_EXISTS) {
				relo->kind = BPF_CORE_TYPE_MATCHES;
				n++;
			}
		at = (__u32 *)relo;
	}
	if (!n)
		die("no relocations of types");
	write_file(out, bytes, size);
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "enum64"))
		enum64(argv[2], argv[3], argv[4]);
	else if (argc == 4 && !strcmp(argv[1], "matches"))
		matches(argv[2], argv[3]);
	else
		die("see vary.c");
	return 0;
}
