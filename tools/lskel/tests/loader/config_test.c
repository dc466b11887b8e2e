// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The inflate of skeletons against zlib, with blocks of every type; and the lines of
 * a configuration
 */
#include <zlib.h>

#include "skel/runtime.h"
#include "skel/parts/extern.h"
#include "skel/parts/kallsyms.h"
#include "skel/parts/externs.h"
#include "skel/parts/kconfig.h"
#include "skel/parts/config.h"
#include "kselftest_harness.h"

#define TEXT_MAX	300000

struct stream {
	unsigned char *bytes;
	size_t size;
};

/* Something like a configuration: words that come again near and far, and noise */
static void make_text(char *text, size_t size, unsigned int kind)
{
	unsigned int seed = kind + 1;
	size_t i;

	for (i = 0; i < size; i++) {
		seed = seed * 1103515245 + 12345;
		if (kind == 0)
			text[i] = 'n';
		else if (kind == 1)
			text[i] = (char)(seed >> 16);
		else
			text[i] = "CONFIG_ABCDEFGH=y\n"[(i + (seed >> 28 == 3)) % 18];
	}
}

static struct stream compress_text(const char *text, size_t size, int level, int strategy,
				   gz_header *header)
{
	struct stream s = { .size = size + size / 100 + 1000 };
	z_stream z = { 0 };

	s.bytes = malloc(s.size);
	deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, strategy);
	if (header)
		deflateSetHeader(&z, header);
	z.next_in = (unsigned char *)text;
	z.avail_in = size;
	z.next_out = s.bytes;
	z.avail_out = s.size;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	s.size = z.total_out;
	deflateEnd(&z);
	return s;
}

static bool comes_back(const struct stream *s, const char *text, size_t size)
{
	char *back = lskel_gunzip(s->bytes, s->size);
	bool same = back && !memcmp(back, text, size) && !back[size];

	free(back);
	return same;
}

TEST(every_kind_of_block)
{
	static const int strategies[] = {
		Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED
	};
	static const size_t sizes[] = { 0, 1, 2, 257, 258, 259, 32768, 65535, 65536, TEXT_MAX };
	bool types[3] = { false };
	unsigned int kind, i, j;
	char *text = malloc(TEXT_MAX);
	int level;

	for (kind = 0; kind < 3; kind++)
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			make_text(text, sizes[i], kind);
			for (level = 0; level <= 9; level += 3)
				for (j = 0; j < 5; j++) {
					struct stream s = compress_text(text, sizes[i], level,
									strategies[j], NULL);

					types[s.bytes[10] >> 1 & 3] = true;
					EXPECT_TRUE(comes_back(&s, text, sizes[i]))
						TH_LOG("kind %u, size %zu, level %d, strategy %d",
						       kind, sizes[i], level, strategies[j]);
					free(s.bytes);
				}
		}
	EXPECT_TRUE(types[0] && types[1] && types[2]);
	free(text);
}

TEST(optional_fields_of_the_header)
{
	unsigned char extra[] = { 1, 2, 0, 4 };
	gz_header header = {
		.extra = extra, .extra_len = sizeof(extra), .name = (unsigned char *)"config",
		.comment = (unsigned char *)"of a kernel", .hcrc = 1,
	};
	static const char text[] = "CONFIG_HZ=250\n";
	struct stream s = compress_text(text, sizeof(text), 9, Z_DEFAULT_STRATEGY, &header);

	EXPECT_EQ(0x1e, s.bytes[3]);
	EXPECT_TRUE(comes_back(&s, text, sizeof(text)));
	free(s.bytes);
}

/* Anything cut off is no text, and nothing is read behind the end. */
TEST(cut_off)
{
	char text[3000];
	int strategy;

	make_text(text, sizeof(text), 2);
	for (strategy = 0; strategy <= Z_FIXED; strategy += Z_FIXED) {
		struct stream s = compress_text(text, sizeof(text), 9, strategy, NULL);
		size_t size;

		for (size = 0; size < s.size; size++) {
			unsigned char *part = malloc(size);

			memcpy(part, s.bytes, size);
			EXPECT_EQ(NULL, lskel_gunzip(part, size));
			free(part);
		}
		free(s.bytes);
	}
}

/* A size in the file that nobody would allocate, and one that is wrong */
TEST(wrong_size)
{
	static const char text[] = "CONFIG_HZ=250\n";
	struct stream s = compress_text(text, sizeof(text), 9, Z_DEFAULT_STRATEGY, NULL);
	unsigned char *size = s.bytes + s.size - 4;

	size[0]++;
	EXPECT_EQ(NULL, lskel_gunzip(s.bytes, s.size));
	size[0] -= 2;
	EXPECT_EQ(NULL, lskel_gunzip(s.bytes, s.size));
	size[0]++;
	size[3] = 1;
	EXPECT_EQ(NULL, lskel_gunzip(s.bytes, s.size));
	free(s.bytes);
}

/* Codes that have more words than there can be, and distances to before the start */
TEST(bad_blocks)
{
	static const struct {
		unsigned char bytes[16];
		size_t size;
	} bad[] = {
		{ { 0x07 }, 1 },			/* a type that does not exist */
		{ { 0x01, 5, 0, 5, 0 }, 5 },		/* a stored length without its check */
		{ { 0x03, 0x02 }, 2 },			/* a copy of what is not there */
		{ { 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 7 },
	};
	unsigned char out[64];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_FALSE(lskel_inflate_all(bad[i].bytes, bad[i].size, out, sizeof(out)));
}

/* Of several lines the first counts; what is no line of an option does not. */
TEST(lines)
{
	static const struct lskel_extern externs[] = {
		{ "CONFIG_A", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_INT, true, 0, 4 },
		{ "CONFIG_AB", LSKEL_EXTERN_KCONFIG, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_CHAR, true, 4, 1 },
		{ "CONFIG_B", LSKEL_EXTERN_VAR, true, 0, 0, LSKEL_NONE, 0, "",
		  LSKEL_VALUE_INT, true, 0, 4 },
	};
	static const struct lskel_object object = {
		.name = "lines", .externs = externs, .nr_externs = 3,
	};
	struct lskel skel = { .object = &object };
	char data[5] = "";
	bool set[3] = { false }, wanted[3] = { true, true, true };
	struct lskel_values values = { .data = data, .set = set, .wanted = wanted };
	int a;

	EXPECT_EQ(0, lskel_kconfig_text(&skel, &values, "#CONFIG_A=1\nCONFIG_=2\n\nCONFIG_A\n"
					"CONFIG_AB=m\nCONFIG_A=0x10\nCONFIG_A=n\nCONFIG_B=y\n=\n", ""));
	memcpy(&a, data, sizeof(a));
	EXPECT_EQ(0x10, a);
	EXPECT_EQ('m', data[4]);
	EXPECT_TRUE(set[0] && set[1] && !set[2]);
}

TEST_HARNESS_MAIN
