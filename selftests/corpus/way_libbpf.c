// SPDX-License-Identifier: GPL-2.0-only
/* The judge: libbpf loads the object. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ways.h"

static struct outcome *outcome;

static void read_datasec(const struct btf *btf, const struct btf_type *t)
{
	const char *name = btf__name_by_offset(btf, t->name_off);

	if (!strcmp(name, ".kconfig"))
		outcome->kconfig = true;
}

static void read_properties(const char *path)
{
	struct btf *btf = btf__parse_elf(path, NULL);
	__u32 i;

	if (!btf)
		return;
	for (i = 1; i < btf__type_cnt(btf); i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);

		if (btf_is_datasec(t))
			read_datasec(btf, t);
	}
	btf__free(btf);
}

/* Whether the kernel takes the object's BTF as the peer's generator embeds it:
 * with the sizes filled in that libbpf computes when it opens the object, but
 * without libbpf's fall-backs for older kernels.
 */
static bool kernel_takes_btf(const struct bpf_object *obj)
{
	const struct btf *btf = bpf_object__btf(obj);
	const void *data;
	__u32 size;
	int fd;

	if (!btf)
		return true;
	data = btf__raw_data(btf, &size);
	fd = bpf_btf_load(data, size, NULL);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int keep_complaint(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[256];

	vsnprintf(line, sizeof(line), format, args);
	if (verbose)
		fprintf(stderr, "%s", line);
	/* The first complaint that is not about a fall-back */
	if (level == LIBBPF_WARN && !outcome->why[0] &&
	    !strstr(line, "BTF loading error") && !strstr(line, "Retrying without BTF"))
		because_of(outcome, line);
	return 0;
}

static void keep(const struct bpf_object *obj)
{
	int progs[1024], maps[1024], nr_progs = 0, nr_maps = 0;
	struct bpf_program *prog;
	struct bpf_map *map;

	bpf_object__for_each_program(prog, obj)
		if (bpf_program__fd(prog) >= 0 && nr_progs < 1024)
			progs[nr_progs++] = bpf_program__fd(prog);
	bpf_object__for_each_map(map, obj)
		if (bpf_map__fd(map) >= 0 && nr_maps < 1024)
			maps[nr_maps++] = bpf_map__fd(map);
	keep_state(outcome, progs, nr_progs, maps, nr_maps);
}

void way_libbpf(const char *path, struct outcome *out)
{
	struct bpf_object *obj;
	char file[4096];

	outcome = out;
	snprintf(file, sizeof(file), "%s.o", path);
	read_properties(file);
	libbpf_set_print(keep_complaint);
	obj = bpf_object__open_file(file, NULL);
	if (!obj) {
		out->err = -errno;
		return;
	}
	out->btf_refused = !kernel_takes_btf(obj);
	out->err = bpf_object__load(obj);
	if (!out->err) {
		out->why[0] = '\0';
		out->without_btf = bpf_object__btf(obj) && bpf_object__btf_fd(obj) < 0;
		keep(obj);
	}
	bpf_object__unpin_maps(obj, NULL);
	bpf_object__close(obj);
}
