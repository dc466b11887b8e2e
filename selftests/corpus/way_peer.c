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
#include "peer_header.h"
#include "ways.h"

#define MAX_FDS 512

/* A skeleton's context up to its links. */
struct context {
	struct bpf_loader_ctx ctx;
	char descs[];
};

static int run_loader(const struct peer_header *s, struct context *c, size_t size, char *log,
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
	struct peer_header s;
	struct context *c;
	const char *line;
	size_t size;

	snprintf(file, sizeof(file), "%s.lskel.h", path);
	text = read_file(file, NULL);
	if (!text || !log || !peer_header_read(&s, text) ||
	    s.nr_maps > MAX_FDS || s.nr_progs > MAX_FDS) {
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
