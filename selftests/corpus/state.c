// SPDX-License-Identifier: GPL-2.0-only
#include "state.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Static slots are few; a map that a program fills is empty after the load. */
#define MAX_SLOTS 4096

static bool lenient;

static __u64 fnv(const void *data, size_t size)
{
	const unsigned char *p = data;
	__u64 hash = 0xcbf29ce484222325;

	while (size--)
		hash = (hash ^ *p++) * 0x100000001b3;
	return hash;
}

static void put_btf(FILE *out, __u32 id)
{
	struct bpf_btf_info info = {};
	__u32 len = sizeof(info);
	void *raw;
	int fd;

	if (!id || lenient)
		return;
	fd = bpf_btf_get_fd_by_id(id);
	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		goto out;
	raw = malloc(info.btf_size);
	if (raw) {
		info = (struct bpf_btf_info){
			.btf = (unsigned long)raw, .btf_size = info.btf_size
		};
		len = sizeof(info);
		if (!bpf_obj_get_info_by_fd(fd, &info, &len))
			fprintf(out, "\tBTF of %u bytes, hash %016llx\n",
				info.btf_size, fnv(raw, info.btf_size));
		free(raw);
	}
out:
	if (fd >= 0)
		close(fd);
}

static void put_map_name(FILE *out, __u32 id)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	int fd = bpf_map_get_fd_by_id(id);

	if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len))
		fprintf(out, "map '%s' of type %u", info.name, info.type);
	else
		fputs("an unknown map", out);
	if (fd >= 0)
		close(fd);
}

static void put_prog_name(FILE *out, __u32 id)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len))
		fprintf(out, "program '%s'", info.name);
	else
		fputs("an unknown program", out);
	if (fd >= 0)
		close(fd);
}

static bool is_frozen(int fd)
{
	char path[64], line[256];
	int frozen = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "frozen: %d", &frozen);
	if (f)
		fclose(f);
	return frozen;
}

struct slot {
	__u32 key, id;
};

static int compare_slots(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* Programs and inner maps that the load put into a map */
static void put_slots(FILE *out, int fd, const struct bpf_map_info *info)
{
	struct slot *slots = calloc(MAX_SLOTS, sizeof(*slots));
	__u32 key, next, *prev = NULL;
	int n = 0, i;

	while (slots && n < MAX_SLOTS && !bpf_map_get_next_key(fd, prev, &next)) {
		key = next;
		prev = &key;
		slots[n].key = key;
		if (!bpf_map_lookup_elem(fd, &key, &slots[n].id))
			n++;
	}
	/* The order of a hash is that of a random seed. */
	qsort(slots, n, sizeof(*slots), compare_slots);
	for (i = 0; i < n; i++) {
		fprintf(out, "\tslot %u: ", slots[i].key);
		if (info->type == BPF_MAP_TYPE_PROG_ARRAY)
			put_prog_name(out, slots[i].id);
		else
			put_map_name(out, slots[i].id);
		fputc('\n', out);
	}
	free(slots);
}

static void put_value(FILE *out, int fd, const struct bpf_map_info *info)
{
	__u32 key = 0;
	void *value;

	/* The peer's kernel version and configuration are its build machine's. */
	if (lenient && strstr(info->name, ".kco"))
		return;
	value = malloc(info->value_size);
	if (value && !bpf_map_lookup_elem(fd, &key, value))
		fprintf(out, "\tvalue's hash %016llx\n", fnv(value, info->value_size));
	free(value);
}

static int put_map(FILE *out, int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	/* The peer stores its build machine's number of processors, and which
	 * data sections can be mapped is a matter of libbpf's version.
	 */
	if (lenient) {
		info.map_flags &= ~BPF_F_MMAPABLE;
		if (info.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			info.max_entries = 0;
	}
	fprintf(out, "map '%s'\n\ttype %u, key %u, value %u, entries %u, flags %#x\n",
		info.name, info.type, info.key_size, info.value_size,
		info.max_entries, info.map_flags);
	if (!lenient)
		fprintf(out, "\textra %llu, frozen %d, BTF key %u, value %u, kernel's %u\n",
			(unsigned long long)info.map_extra, is_frozen(fd),
			info.btf_key_type_id, info.btf_value_type_id,
			info.btf_vmlinux_value_type_id);
	put_btf(out, info.btf_id);
	if (info.type == BPF_MAP_TYPE_PROG_ARRAY ||
	    (info.key_size == 4 && (info.type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
				    info.type == BPF_MAP_TYPE_HASH_OF_MAPS)))
		put_slots(out, fd, &info);
	else if (info.type == BPF_MAP_TYPE_ARRAY && info.max_entries == 1)
		put_value(out, fd, &info);
	return 0;
}

/* The verifier hands to bpf_timer_set_callback() where in memory the program is. */
static bool is_own_address(const struct bpf_insn *insn, __u32 left)
{
	return left > 2 && insn[0].code == (BPF_LD | BPF_IMM | BPF_DW) && !insn[0].src_reg &&
	       insn[0].dst_reg == BPF_REG_3 && insn[2].code == (BPF_JMP | BPF_CALL) &&
	       (__u32)insn[1].imm >> 24 == 0xff && (__u32)insn[1].imm < 0xffffff00;
}

static void put_insns(FILE *out, const struct bpf_insn *insn, __u32 n)
{
	__u32 i;

	for (i = 0; i < n; i++) {
		fprintf(out, "\t%4u: %02x %x%x %04x ", i, insn[i].code, insn[i].dst_reg,
			insn[i].src_reg, (__u16)insn[i].off);
		/* The kernel shows the id of a map that an instruction loads. */
		if (insn[i].code == (BPF_LD | BPF_IMM | BPF_DW) &&
		    (insn[i].src_reg == BPF_PSEUDO_MAP_FD ||
		     insn[i].src_reg == BPF_PSEUDO_MAP_VALUE))
			put_map_name(out, insn[i].imm);
		else if (is_own_address(insn + i, n - i))
			fprintf(out, "its own address");
		else if (!i || !is_own_address(insn + i - 1, n - i + 1))
			fprintf(out, "%08x", (__u32)insn[i].imm);
		fputc('\n', out);
	}
}

/* libbpf binds every .rodata to every program, by a command that loaders cannot
 * give; a skeleton of the peer's does not do it either. Where the instructions name
 * a map, put_insns() shows it.
 */
static void put_used_maps(FILE *out, const __u32 *ids, __u32 n)
{
	struct bpf_map_info info;
	__u32 i, len;
	int fd;

	for (i = 0; i < n; i++) {
		info = (struct bpf_map_info){};
		len = sizeof(info);
		fd = bpf_map_get_fd_by_id(ids[i]);
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) &&
		    !(lenient && info.map_flags & BPF_F_RDONLY_PROG))
			fprintf(out, "\tuses map '%s'\n", info.name);
		if (fd >= 0)
			close(fd);
	}
}

static int put_prog(FILE *out, int fd)
{
	struct bpf_prog_info info = {}, sizes;
	struct bpf_func_info *funcs;
	struct bpf_line_info *lines;
	__u32 len = sizeof(info), i;
	struct bpf_insn *insns;
	__u32 *maps;
	int err = 0;

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	sizes = info;
	insns = calloc(1, info.xlated_prog_len ?: 1);
	maps = calloc(info.nr_map_ids ?: 1, sizeof(*maps));
	funcs = calloc(info.nr_func_info ?: 1, sizeof(*funcs));
	lines = calloc(info.nr_line_info ?: 1, sizeof(*lines));
	if (!insns || !maps || !funcs || !lines) {
		err = -ENOMEM;
		goto out;
	}
	info = (struct bpf_prog_info){
		.xlated_prog_len = sizes.xlated_prog_len,
		.xlated_prog_insns = (unsigned long)insns,
		.nr_map_ids = sizes.nr_map_ids,
		.map_ids = (unsigned long)maps,
		.nr_func_info = sizes.nr_func_info,
		.func_info_rec_size = sizeof(*funcs),
		.func_info = (unsigned long)funcs,
		.nr_line_info = sizes.nr_line_info,
		.line_info_rec_size = sizeof(*lines),
		.line_info = (unsigned long)lines,
	};
	len = sizeof(info);
	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		err = -errno;
		goto out;
	}

	fprintf(out, "program '%s'\n\ttype %u, %u bytes, GPL %u, attached to type %u of BTF %u\n",
		info.name, info.type, info.xlated_prog_len, info.gpl_compatible,
		info.attach_btf_id, info.attach_btf_obj_id);
	put_btf(out, info.btf_id);
	put_used_maps(out, maps, info.nr_map_ids);
	for (i = 0; i < info.nr_func_info; i++)
		fprintf(out, "\tfunction at %u, type %u\n", funcs[i].insn_off,
			lenient ? 0 : funcs[i].type_id);
	for (i = 0; i < info.nr_line_info; i++)
		fprintf(out, "\tline at %u: file %u, text %u, %#x\n", lines[i].insn_off,
			lines[i].file_name_off, lines[i].line_off, lines[i].line_col);
	put_insns(out, insns, info.xlated_prog_len / sizeof(*insns));
out:
	free(insns);
	free(maps);
	free(funcs);
	free(lines);
	return err;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int state_write(FILE *out, const int *progs, int nr_progs, const int *maps,
		int nr_maps, bool only_common)
{
	char **texts = calloc(nr_progs + nr_maps + 1, sizeof(*texts));
	int i, n = 0, err = texts ? 0 : -ENOMEM;
	FILE *text;
	size_t len;

	lenient = only_common;
	for (i = 0; !err && i < nr_maps + nr_progs; i++) {
		int fd = i < nr_maps ? maps[i] : progs[i - nr_maps];

		if (fd < 0)
			continue;
		text = open_memstream(&texts[n], &len);
		if (!text) {
			err = -ENOMEM;
			break;
		}
		err = i < nr_maps ? put_map(text, fd) : put_prog(text, fd);
		fclose(text);
		n++;
	}
	qsort(texts, n, sizeof(*texts), compare);
	for (i = 0; i < n; i++) {
		fputs(texts[i], out);
		free(texts[i]);
	}
	free(texts);
	return err;
}
