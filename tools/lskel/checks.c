// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "checks.h"
#include "refuse.h"

static int refuse_map(const struct spec *spec, enum refusal why,
		      const struct spec_map *map, const char *what)
{
	return refuse(spec, why,
		      AT(map->section, map->name, map->offset), "%s", what);
}

static int refuse_prog(const struct spec *spec, enum refusal why,
		       const struct spec_prog *prog, const char *what)
{
	return refuse(spec, why,
		      AT(prog->section, prog->name, prog->offset), "%s", what);
}

/* The kernel makes a map of maps after the pattern of a map. */
static int map_inner(const struct spec *spec, const struct spec_map *map)
{
	if ((map->type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	     map->type == BPF_MAP_TYPE_HASH_OF_MAPS) && map->inner == SPEC_NONE)
		return refuse_map(spec, REFUSE_map_inner, map,
				  "a map of maps without a prototype of these");
	return 0;
}

/* The kernel knows what such a program is from the table. */
static int ops_unused(const struct spec *spec, const struct spec_prog *prog)
{
	if (prog->type == BPF_PROG_TYPE_STRUCT_OPS && prog->table == SPEC_NONE)
		return refuse_prog(spec, REFUSE_ops_unused, prog,
				   "in no table of operations");
	return 0;
}

/* What to trace must be known when a program is loaded. */
static int attach_target(const struct spec *spec, const struct spec_prog *prog)
{
	bool needs = prog->type == BPF_PROG_TYPE_TRACING ||
		     prog->type == BPF_PROG_TYPE_LSM;

	if (needs && !prog->btf_target && !prog->target_prog)
		return refuse_prog(spec, REFUSE_attach_target, prog,
				   "the section's name does not say what to attach to");
	if (prog->btf_target_module && !prog->btf_target_module[0])
		return refuse_prog(spec, REFUSE_attach_target, prog,
				   "the name of the module is empty");
	return 0;
}

/* Kernels look at CO-RE records only if there are others, and otherwise load the
 * program as it is.
 */
static int core_without_lines(const struct spec *spec, const struct spec_prog *prog)
{
	if (prog->core.n && !prog->func_info.n && !prog->line_info.n)
		return refuse_prog(spec, REFUSE_core_without_lines, prog,
				   "CO-RE relocations need function or line records, for every function that it calls");
	return 0;
}

static int (*const map_checks[])(const struct spec *, const struct spec_map *) = {
	map_inner,
};

static int (*const prog_checks[])(const struct spec *, const struct spec_prog *) = {
	ops_unused,
	attach_target,
	core_without_lines,
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

int checks_run(const struct spec *spec)
{
	const struct spec_map *map;
	const struct spec_prog *prog;
	int err = 0;

	vec_for_each(map, &spec->maps)
		for (size_t i = 0; i < N(map_checks) && !err; i++)
			err = map_checks[i](spec, map);
	vec_for_each(prog, &spec->progs)
		for (size_t i = 0; i < N(prog_checks) && !err; i++)
			err = prog_checks[i](spec, prog);
	return err;
}
