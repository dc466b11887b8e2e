// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "peer_header.h"

#include <stdlib.h>
#include <string.h>

/* Decodes the C string literal after @mark; it has \0, \xNN and \newline only. */
static char *literal(const char *text, const char *mark, __u32 size)
{
	const char *p = strstr(text, mark);
	char *bytes = calloc(1, size + 1);
	__u32 n = 0;

	if (!p || !bytes)
		goto fail;
	for (p += strlen(mark); *p && *p != '"'; p++) {
		if (*p != '\\' || n > size)
			goto fail;
		p++;
		if (*p == '0') {
			bytes[n++] = 0;
		} else if (*p == 'x') {
			const char digits[] = { p[1], p[2], 0 };

			bytes[n++] = strtoul(digits, NULL, 16);
			p += 2;
		} else if (*p != '\n') {
			goto fail;
		}
	}
	if (n == size)
		return bytes;
fail:
	free(bytes);
	return NULL;
}

static __u32 number(const char *text, const char *mark)
{
	const char *p = strstr(text, mark);

	return p ? strtoul(p + strlen(mark), NULL, 10) : 0;
}

static int occurrences(const char *text, const char *mark)
{
	int n = 0;

	while ((text = strstr(text, mark))) {
		text += strlen(mark);
		n++;
	}
	return n;
}

bool peer_header_read(struct peer_header *header, const char *text)
{
	header->nr_maps = occurrences(text, "\tstruct bpf_map_desc ");
	header->nr_progs = occurrences(text, "\tstruct bpf_prog_desc ");
	header->insns_sz = number(text, "opts.insns_sz = ");
	header->data_sz = number(text, "opts.data_sz = ");
	header->insns = literal(text, "opts.insns = (void *)\"", header->insns_sz);
	header->data = literal(text, "opts.data = (void *)\"", header->data_sz);
	return header->insns && header->data;
}

void peer_header_free(struct peer_header *header)
{
	free(header->insns);
	free(header->data);
}
