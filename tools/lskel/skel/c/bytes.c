// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "skel/c/print.h"

/* Names in messages need not be longer */
#define NAME_MAX_LEN	200
/* Zeroes between two pieces that cost more as a piece of their own */
#define GAP_MIN		16
#define LINE_WIDTH	92

void c_print_bytes(struct printer *p, const uint8_t *bytes, size_t size, const char *indent)
{
	/* '?' for the sake of trigraphs */
	static const char special[] = "\a\b\t\n\v\f\r\"\\?", letters[] = "abtnvfr\"\\?";
	int column = 0;
	size_t i;

	P("\"");
	for (i = 0; i < size; i++) {
		uint8_t c = bytes[i];
		const char *at = c ? strchr(special, c) : NULL;

		if (column > LINE_WIDTH) {
			P("\"\n%s\"", indent);
			column = 0;
		}
		if (at)
			column += P("\\%c", letters[at - special]);
		else if (c >= ' ' && c < 0x7f)
			column += P("%c", c);
		else if (i + 1 < size && bytes[i + 1] >= '0' && bytes[i + 1] <= '7')
			column += P("\\%03o", c);
		else
			column += P("\\%o", c);
	}
	P("\"");
}

void c_print_name(struct printer *p, const char *name)
{
	uint8_t shown[NAME_MAX_LEN];
	size_t len = strnlen(name, sizeof(shown)), i;

	for (i = 0; i < len; i++)
		shown[i] = name[i] >= ' ' && name[i] < 0x7f ? name[i] : '?';
	c_print_bytes(p, shown, len, "\t\t");
}

void c_print_string(struct printer *p, const char *name)
{
	if (name)
		c_print_bytes(p, (const uint8_t *)name, strnlen(name, PIECE_MAX), "\t\t");
	else
		P("0");
}

uint32_t c_print_pieces(struct printer *p, const char *table, size_t nr,
			const uint8_t *bytes, size_t size)
{
	size_t at = 0, end, next;
	uint32_t n = 0;

	for (;;) {
		while (at < size && !bytes[at])
			at++;
		if (at == size)
			break;
		for (end = next = at; next < size && next - at < PIECE_MAX; next++) {
			if (bytes[next])
				end = next + 1;
			else if (next - end >= GAP_MIN)
				break;
		}
		if (!n++)
			P("static const struct lskel_piece %s__%s%zu[] = {\n", p->skel->name, table, nr);
		P("\t{ %zu, %zu,\n\t\t", at, end - at);
		c_print_bytes(p, bytes + at, end - at, "\t\t");
		P(" },\n");
		at = end;
	}
	if (n)
		P("};\n\n");
	return n;
}

void c_print_image(struct printer *p, const char *table, size_t nr, uint32_t pieces,
		   size_t size)
{
	if (pieces)
		P("{ %s__%s%zu, %u, %zu }", p->skel->name, table, nr, pieces, size);
	else
		P("{ 0, 0, %zu }", size);
}
