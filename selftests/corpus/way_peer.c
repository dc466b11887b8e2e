// SPDX-License-Identifier: GPL-2.0-only
/* The peer: the loader out of the light skeleton that bpftool made. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/skel_internal.h>

#include "../lib/t.h"
#include "ways.h"

#define MAX_FDS 512

struct lskel {
	char *insns, *data;
	__u32 insns_sz, data_sz;
	int nr_maps, nr_progs;
};

/* Decodes the C string literal after `mark`; it has \0, \xNN and \newline only. */
static char *literal(const char *text, const char *mark, __u32 size)
{
	const char *p = strstr(text, mark);
	char *bytes = calloc(1, size + 1);
	__u32 n = 0;

	if (!p || !bytes)
		return NULL;
	for (p += strlen(mark); *p && *p != '"'; p++) {
		if (*p != '\\' || n > size)
			return NULL;
		p++;
		if (*p == '0') {
			bytes[n++] = 0;
		} else if (*p == 'x') {
			const char digits[] = { p[1], p[2], 0 };

			bytes[n++] = strtoul(digits, NULL, 16);
			p += 2;
		} else if (*p != '\n') {
			return NULL;
		}
	}
	return n == size ? bytes : NULL;
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

static bool parse_lskel(const char *text, struct lskel *s)
{
	s->nr_maps = occurrences(text, "\tstruct bpf_map_desc ");
	s->nr_progs = occurrences(text, "\tstruct bpf_prog_desc ");
	s->insns_sz = number(text, "opts.insns_sz = ");
	s->data_sz = number(text, "opts.data_sz = ");
	s->insns = literal(text, "opts.insns = (void *)\"", s->insns_sz);
	s->data = literal(text, "opts.data = (void *)\"", s->data_sz);
	return s->insns && s->data && s->nr_maps <= MAX_FDS && s->nr_progs <= MAX_FDS;
}

/* A skeleton's context up to its links. */
struct context {
	struct bpf_loader_ctx ctx;
	char descs[];
};

static int run_loader(const struct lskel *s, struct context *c, size_t size, char *log,
		      struct outcome *out)
{
	struct bpf_load_and_run_opts opts = {
		.ctx = &c->ctx,
		.insns = s->insns,
		.insns_sz = s->insns_sz,
		.data = s->data,
		.data_sz = s->data_sz,
	};
	int err;

	memset(c, 0, size);
	c->ctx.sz = size;
	if (log) {
		c->ctx.log_level = 1;
		c->ctx.log_size = LOG_SIZE;
		c->ctx.log_buf = (unsigned long)log;
	}
	err = bpf_load_and_run(&opts);
	if (err < 0 && !log)
		because_of(out, opts.errstr);
	return err;
}

void way_peer(const char *path, struct outcome *out)
{
	char file[4096], *text, *log = calloc(1, LOG_SIZE);
	int maps[MAX_FDS], progs[MAX_FDS], i;
	const struct bpf_map_desc *map;
	const struct bpf_prog_desc *prog;
	struct t_live before;
	struct lskel s = {};
	struct context *c;
	const char *line;
	size_t size;

	snprintf(file, sizeof(file), "%s.lskel.h", path);
	text = read_file(file, NULL);
	if (!text || !log || !parse_lskel(text, &s)) {
		out->err = -EINVAL;
		because_of(out, "the light skeleton cannot be read");
		return;
	}
	out->insns = s.insns_sz / sizeof(struct bpf_insn);
	out->blob = s.data_sz;
	size = sizeof(*c) + s.nr_maps * sizeof(*map) + s.nr_progs * sizeof(*prog);
	c = calloc(1, size);
	if (!c) {
		out->err = -ENOMEM;
		return;
	}
	t_live_count(&before);
	out->err = run_loader(&s, c, size, NULL, out);
	if (out->err < 0) {
		if (run_loader(&s, c, size, log, out) < 0) {
			line = last_line(log);
			if (line)
				because_of(out, line);
		}
		out->leaked = !t_live_back_to(&before);
		return;
	}
	/* What the context does not name must not exist. */
	map = (void *)c->descs;
	prog = (void *)&map[s.nr_maps];
	for (i = 0; i < s.nr_maps; i++)
		maps[i] = map[i].map_fd ?: -1;
	for (i = 0; i < s.nr_progs; i++)
		progs[i] = prog[i].prog_fd ?: -1;
	keep_state(out, progs, s.nr_progs, maps, s.nr_maps);
	for (i = 0; i < s.nr_maps; i++)
		skel_closenz(map[i].map_fd);
	for (i = 0; i < s.nr_progs; i++)
		skel_closenz(prog[i].prog_fd);
	out->leaked = !t_live_back_to(&before);
}
