// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The layout of a table of operations in the types of a kernel, sound or not */
#include <bpf/btf.h>

#include "skel/runtime.h"
#include "skel/parts/info.h"
#include "skel/parts/attach.h"
#include "skel/parts/btf.h"
#include "skel/parts/kernel_btf.h"
#include "skel/parts/elem.h"
#include "skel/parts/map_info.h"
#include "skel/parts/maps.h"
#include "skel/parts/struct_ops.h"
#include "kselftest_harness.h"

#define BITS(bytes)	((bytes) * 8)

enum { NAME, LIST, MODE, FIRST, NOWHERE, MEMBERS };

static const struct lskel_ops_member members[MEMBERS] = {
	[NAME]		= { "name", 0, 16, BTF_KIND_ARRAY, LSKEL_NONE },
	[LIST]		= { "list", 16, 16, BTF_KIND_STRUCT, LSKEL_NONE },
	[MODE]		= { "mode", 32, 4, BTF_KIND_ENUM, LSKEL_NONE },
	[FIRST]		= { "first", 40, 8, BTF_KIND_PTR, 0 },
	[NOWHERE]	= { "nowhere", 48, 8, BTF_KIND_PTR, LSKEL_NONE },
};

static const struct lskel_ops ops = {
	.type = "handler_ops", .members = members, .nr_members = MEMBERS,
};

/* The types of a kernel whose members are in another order, behind names and qualifiers.
 * The value has @size bytes.
 */
static struct btf *kernel_types(__u32 size)
{
	struct btf *btf = btf__new_empty();
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int letter = btf__add_int(btf, "char", 1, BTF_INT_CHAR);
	int word = btf__add_typedef(btf, "word", btf__add_array(btf, number, letter, 16));
	int any = btf__add_ptr(btf, 0);
	int list, mode, proto, pointer, constant, handler;

	list = btf__add_struct(btf, "list", 16);
	btf__add_field(btf, "next", any, 0, 0);
	btf__add_field(btf, "prev", any, BITS(8), 0);
	mode = btf__add_enum(btf, "mode", 4);
	btf__add_enum_value(btf, "MODE", 1);
	proto = btf__add_func_proto(btf, number);
	btf__add_func_param(btf, "thing", any);
	pointer = btf__add_typedef(btf, "handler", btf__add_ptr(btf, proto));
	constant = btf__add_const(btf, pointer);
	handler = btf__add_struct(btf, "handler_ops", 64);
	btf__add_field(btf, "more", number, 0, 0);
	btf__add_field(btf, "mode", mode, BITS(4), 0);
	btf__add_field(btf, "first", constant, BITS(8), 0);
	btf__add_field(btf, "list", list, BITS(16), 0);
	btf__add_field(btf, "name", word, BITS(32), 0);
	btf__add_struct(btf, "bpf_struct_ops_handler_ops", size);
	btf__add_field(btf, "state", number, 0, 0);
	btf__add_field(btf, "data", handler, BITS(64), 0);
	return btf;
}

/* What @size bytes of types say; in memory that ends with them */
static int find(const void *bytes, size_t size, struct lskel_layout *layout,
		struct lskel_place *places, struct lskel_why *why)
{
	struct lskel_kernel_btf kernel = { .data = malloc(size ?: 1) };
	int err;

	memcpy(kernel.data, bytes, size);
	err = lskel_btf_init(&kernel.btf, kernel.data, size) ?: lskel_kernel_btf_index(&kernel);
	if (!err)
		err = lskel_find_layout(&kernel, &ops, layout, places, why);
	lskel_kernel_btf_close(&kernel);
	return err;
}

TEST(found)
{
	struct lskel_place places[MEMBERS];
	struct btf *btf = kernel_types(128);
	struct lskel_layout layout;
	struct lskel_why why;
	const void *bytes;
	__u32 size;

	bytes = btf__raw_data(btf, &size);
	ASSERT_EQ(0, find(bytes, size, &layout, places, &why))
		TH_LOG("%s", why.text);
	EXPECT_EQ(btf__find_by_name(btf, "handler_ops"), (int)layout.type);
	EXPECT_EQ(btf__find_by_name(btf, "bpf_struct_ops_handler_ops"), (int)layout.value_type);
	EXPECT_EQ(128, layout.value_size);
	EXPECT_EQ(1, places[MODE].index);
	EXPECT_EQ(68, places[MODE].offset);
	EXPECT_EQ(2, places[FIRST].index);
	EXPECT_EQ(72, places[FIRST].offset);
	EXPECT_EQ(3, places[LIST].index);
	EXPECT_EQ(80, places[LIST].offset);
	EXPECT_EQ(4, places[NAME].index);
	EXPECT_EQ(96, places[NAME].offset);
	EXPECT_EQ(LSKEL_NONE, places[NOWHERE].index);
	btf__free(btf);
}

/* Of a value that no memory has room for */
TEST(absurd_size)
{
	struct lskel_place places[MEMBERS];
	struct btf *btf = kernel_types(UINT32_MAX);
	struct lskel_layout layout;
	struct lskel_why why;
	const void *bytes;
	__u32 size;

	bytes = btf__raw_data(btf, &size);
	EXPECT_EQ(-EINVAL, find(bytes, size, &layout, places, &why));
	EXPECT_STREQ("struct bpf_struct_ops_handler_ops is not what it was", why.text);
	btf__free(btf);
}

/* Of a value that is smaller than what is in it */
TEST(small_size)
{
	struct lskel_place places[MEMBERS];
	struct btf *btf = kernel_types(32);
	struct lskel_layout layout;
	struct lskel_why why;
	const void *bytes;
	__u32 size;

	bytes = btf__raw_data(btf, &size);
	EXPECT_EQ(-EINVAL, find(bytes, size, &layout, places, &why));
	EXPECT_STREQ("struct handler_ops exceeds what it is in", why.text);
	btf__free(btf);
}

/* Whatever is in the types, no byte beside them is read, and what is found is inside
 * of the value.
 */
TEST(unsound)
{
	static const unsigned char values[] = { 0, 1, 2, 3, 7, 0x10, 0x7f, 0x80, 0xfe, 0xff };
	struct lskel_place places[MEMBERS];
	struct btf *btf = kernel_types(128);
	unsigned int found = 0, refused = 0;
	struct lskel_layout layout;
	unsigned char *bytes;
	struct lskel_why why;
	const void *sound;
	__u32 size, at, i, j;

	sound = btf__raw_data(btf, &size);
	bytes = malloc(size);
	for (at = 0; at < size; at++)
		EXPECT_NE(0, find(sound, at, &layout, places, &why));
	for (at = 0; at < size; at++)
		for (i = 0; i < sizeof(values); i++) {
			memcpy(bytes, sound, size);
			bytes[at] = values[i];
			if (find(bytes, size, &layout, places, &why)) {
				refused++;
				continue;
			}
			found++;
			for (j = 0; j < MEMBERS; j++)
				if (places[j].index != LSKEL_NONE)
					ASSERT_LE((__u64)places[j].offset + members[j].size,
						  layout.value_size);
		}
	EXPECT_LT(0, found);
	EXPECT_LT(0, refused);
	free(bytes);
	btf__free(btf);
}

TEST_HARNESS_MAIN
