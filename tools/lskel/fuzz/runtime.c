// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* libFuzzer's target: what a skeleton reads of the machine that it runs on: a
 * compressed configuration, its lines, the kernel's types, ELF symbols, and notes
 * about tracepoints. The first byte says which. zlib judges the inflate.
 */
#include <assert.h>
#include <zlib.h>

#include "skel/runtime.h"
#include "skel/parts/info.h"
#include "skel/parts/attach.h"
#include "skel/parts/btf.h"
#include "skel/parts/extern.h"
#include "skel/parts/kallsyms.h"
#include "skel/parts/externs.h"
#include "skel/parts/kernel_btf.h"
#include "skel/parts/kconfig.h"
#include "skel/parts/config.h"
#include "skel/parts/link.h"
#include "skel/parts/perf_open.h"
#include "skel/parts/perf.h"
#include "skel/parts/tracefs.h"
#include "skel/parts/tracepoint.h"
#include "skel/parts/probe.h"
#include "skel/parts/file.h"
#include "skel/parts/uprobe.h"
#include "skel/parts/elf.h"
#include "skel/parts/symbol.h"
#include "skel/parts/map_info.h"
#include "skel/parts/maps.h"
#include "skel/parts/elem.h"
#include "skel/parts/usdt_note.h"
#include "skel/parts/usdt.h"
#include "skel/parts/struct_ops.h"

#define OUT_MAX	(1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What zlib takes comes out the same. It is stricter about codes that nobody uses. */
static void try_inflate(const uint8_t *data, size_t size)
{
	unsigned char *ours = malloc(OUT_MAX), *theirs = malloc(OUT_MAX);
	z_stream z = { 0 };
	int status;

	inflateInit2(&z, -15);
	z.next_in = (unsigned char *)data;
	z.avail_in = size;
	z.next_out = theirs;
	z.avail_out = OUT_MAX;
	status = inflate(&z, Z_FINISH);
	if (status == Z_STREAM_END) {
		assert(lskel_inflate_all(data, size, ours, z.total_out));
		assert(!memcmp(ours, theirs, z.total_out));
	} else {
		lskel_inflate_all(data, size, ours, OUT_MAX);
	}
	inflateEnd(&z);
	free(ours);
	free(theirs);
	free(lskel_gunzip(data, size));
}

static void try_text(const char *text)
{
	static const struct lskel_extern externs[] = {
		{ "CONFIG_BOOL", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_BOOL, false, 0, 1 },
		{ "CONFIG_CHAR", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_CHAR, true, 1, 1 },
		{ "CONFIG_S", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_STRING, false, 2, 5 },
		{ "CONFIG_TRI", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_TRISTATE, false, 8, 4 },
		{ "CONFIG_I", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_INT, true, 12, 2 },
		{ "CONFIG_U", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_INT, false, 16, 8 },
	};
	static const struct lskel_object object = {
		.name = "fuzz", .externs = externs, .nr_externs = 6,
	};
	struct lskel skel = { .object = &object };
	bool set[6] = { false }, wanted[6] = { true, true, true, true, true, true };
	char *value = calloc(1, 24);
	struct lskel_values values = { .data = value, .set = set, .wanted = wanted };

	lskel_kconfig_text(&skel, &values, text, "input");
	assert(value[0] == 0 || value[0] == 1);
	assert(value[6] == 0 && value[8] < 3);
	free(value);
}

/* What is found of a table of operations is inside of the value. */
static void try_layout(const struct lskel_kernel_btf *kernel)
{
	static const struct lskel_ops_member members[] = {
		{ "first", 0, 8, 2, 0 }, { "flags", 8, 4, 1, LSKEL_NONE },
		{ "name", 12, 8, 3, LSKEL_NONE }, { "none", 20, 8, 3, LSKEL_NONE },
	};
	static const struct lskel_ops ops = {
		.type = "handler_ops", .members = members, .nr_members = 4,
	};
	struct lskel_place places[4];
	struct lskel_layout layout;
	struct lskel_why why;
	int i;

	if (lskel_find_layout(kernel, &ops, &layout, places, &why))
		return;
	for (i = 0; i < 4; i++)
		assert(places[i].index == LSKEL_NONE ||
		       (__u64)places[i].offset + members[i].size <= layout.value_size);
}

/* An index of some of the types only is an error. */
static void try_types(const char *data, size_t size)
{
	struct lskel_kernel_btf kernel = { 0 };
	__u32 id;
	int err;

	if (lskel_btf_init(&kernel.btf, data, size))
		return;
	err = lskel_kernel_btf_index(&kernel);
	assert(err == (kernel.at[kernel.nr] == kernel.btf.end ? 0 : -EOPNOTSUPP));
	for (id = 0; id <= kernel.nr + 1; id++)
		assert(lskel_kind_name(lskel_essence(&kernel, id)));
	if (!err)
		try_layout(&kernel);
	free(kernel.at);
}

static void try_symbols(char *data, size_t size)
{
	struct lskel_elf elf;
	__u64 offset;

	if (lskel_elf_open(&elf, fmemopen(data, size, "r")))
		return;
	lskel_elf_function(&elf, "main", &offset);
	lskel_elf_close(&elf);
}

static void try_arguments(const char *text)
{
	struct lskel_usdt_spec spec;
	int arm64;

	for (arm64 = 0; arm64 < 2; arm64++) {
		memset(&spec, 0, sizeof(spec));
		lskel_usdt_args(text, arm64, &spec);
		assert(spec.count <= 12);
	}
}

static void try_notes(char *data, size_t size)
{
	struct lskel_usdt usdt = { .provider = "lskel", .name = "n" };
	__u32 i;

	if (lskel_elf_open(&usdt.elf, fmemopen(data, size, "r")))
		return;
	if (!lskel_usdt_find(&usdt))
		assert(usdt.nr_places && usdt.nr_specs && usdt.nr_specs <= usdt.nr_places);
	for (i = 0; i < usdt.nr_places; i++)
		assert(usdt.places[i].spec < usdt.nr_specs);
	for (i = 0; i < usdt.nr_specs; i++)
		try_arguments(usdt.args[i]);
	lskel_usdt_end(&usdt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy;

	if (!size)
		return 0;
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	copy[size - 1] = 0;
	switch (data[0]) {
	case 'z':
		try_inflate((const uint8_t *)copy, size - 1);
		break;
	case 'c':
		try_text(copy);
		break;
	case 'b':
		/* Without the byte behind it, to see what reads it */
		copy = realloc(copy, size > 1 ? size - 1 : 1);
		try_types(copy, size - 1);
		break;
	case 'e':
		try_symbols(copy, size - 1);
		break;
	case 'u':
		try_notes(copy, size - 1);
		break;
	case 'a':
		try_arguments(copy);
		break;
	}
	free(copy);
	return 0;
}
