// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/libbpf.h>
#include <string.h>

#include "core/core.h"
#include "info.h"
#include "layout.h"
#include "needs.h"

/* A name of the object may hold what confuses a terminal */
static void print_name(FILE *out, const char *name, int width)
{
	int n = 0;

	for (; *name; name++, n++)
		putc(*name >= ' ' && *name < 0x7f ? *name : '?', out);
	for (; n < width; n++)
		putc(' ', out);
}

static const char *known(const char *name)
{
	return name ? name : "?";
}

/* A table of operations: what is in it, the rest is the target's */
static void print_table(FILE *out, const struct spec *spec, const struct spec_map *map)
{
	const struct spec_member *member;

	fputs(" struct_ops, a table: struct ", out);
	print_name(out, map->ops->name, 0);
	fputs(map->ops->link ? ", with a link\n" : "\n", out);
	vec_for_each(member, &map->ops->members) {
		if (member->prog == SPEC_NONE)
			continue;
		fputs("    ", out);
		print_name(out, member->name, 22);
		fputs(" program ", out);
		print_name(out, spec->progs.items[member->prog].name, 0);
		putc('\n', out);
	}
}

static void print_map(FILE *out, const struct spec *spec, const struct spec_map *map)
{
	static const char *const entries[] = {
		[ENTRIES_FIXED] = "",
		[ENTRIES_CPUS] = " (one per processor)",
		[ENTRIES_PAGES] = " (rounded up to the target's pages)",
	};

	fputs("  ", out);
	print_name(out, map->name, 24);
	if (map->ops) {
		print_table(out, spec, map);
		return;
	}
	fprintf(out, " %s, key %u, value %u, entries %u%s", known(libbpf_bpf_map_type_str(map->type)),
		map->key_size, map->value_size, map->max_entries,
		map->entries == ENTRIES_CPUS && map->max_entries ? "" : entries[map->entries]);
	if (map->flags)
		fprintf(out, ", flags 0x%x", map->flags);
	if (map->inner_only)
		fputs(", a prototype", out);
	if (map->slots.n)
		fprintf(out, ", %zu slots filled", map->slots.n);
	if (map->pin_by_name)
		fputs(", pinned", out);
	if (spec_map_is_frozen(map))
		fputs(", frozen", out);
	putc('\n', out);
}

static void print_prog(FILE *out, const struct skel_prog *prog)
{
	const struct spec_prog *spec = prog->prog;

	fputs("  ", out);
	print_name(out, spec->name, 24);
	fputs(" SEC(\"", out);
	print_name(out, spec->section, 0);
	fprintf(out, "\") %s, %u instructions, %s%s%s%s\n",
		known(libbpf_bpf_prog_type_str(spec->type)), spec->insn_cnt, prog->attach->says,
		prog->where.given || !prog->attach->kind ? "" : " given then",
		prog->called ? ", called through a prog array" : "",
		spec->autoload ? "" : ", not loaded unless asked");
}

static void print_extern(FILE *out, const struct skel_extern *ext)
{
	static const char *const kinds[] = {
		[EXTERN_KCONFIG] = "value of the configuration",
		[EXTERN_VAR] = "variable in the kernel's BTF",
		[EXTERN_FUNC] = "function in the kernel's BTF",
		[EXTERN_ADDRESS] = "address of a symbol",
	};
	static const char *const values[] = {
		[KCONFIG_BOOL] = "bool", [KCONFIG_TRISTATE] = "tristate", [KCONFIG_CHAR] = "char",
		[KCONFIG_INT] = "integer", [KCONFIG_STRING] = "string",
	};
	const struct spec_extern *spec = ext->ext;

	fputs("  ", out);
	print_name(out, spec->name, 24);
	fprintf(out, " %s", kinds[spec->kind]);
	if (ext->type_name[0]) {
		fputs(", ", out);
		print_name(out, ext->type_name, 0);
	}
	if (spec->kind == EXTERN_KCONFIG)
		fprintf(out, ", %s of %u bytes", values[spec->value], spec->size);
	fprintf(out, "%s%s\n", spec->weak ? ", weak" : "", ext->users ? "" : ", not used");
}

/* Of externs that a program refers to, weak ones too: that there is none must be
 * found out. But without a function that is weak the program does something else.
 */
static void print_extern_needs(FILE *out, const struct skel *skel)
{
	bool addresses = false, config = false, functions = false;
	const struct skel_extern *ext;

	vec_for_each(ext, &skel->externs) {
		const struct spec_extern *spec = ext->ext;

		if (!ext->users)
			continue;
		addresses |= spec->kind == EXTERN_ADDRESS;
		config |= spec->kind == EXTERN_KCONFIG && !strncmp(spec->name, "CONFIG_", 7);
		functions |= spec->kind == EXTERN_FUNC && !spec->weak;
	}
	if (functions)
		fputs("  functions of the kernel to call: Linux 5.14, of a module 5.16; not 5.10 with the series\n",
		      out);
	if (addresses)
		fputs("  addresses of symbols: bpf_kallsyms_lookup_name() of Linux 5.16, or of 5.10 with the series,\n"
		      "    or else /proc/kallsyms; and CAP_SYSLOG to see them\n", out);
	if (config)
		fputs("  its configuration: /boot/config-RELEASE, /proc/config.gz, or lines given before the load\n",
		      out);
}

/* Since when there is what map or program @name is */
static void print_release(FILE *out, const char *what, const char *name, uint32_t release)
{
	if (!release)
		return;
	fprintf(out, "  the kind of %s ", what);
	print_name(out, name, 0);
	fprintf(out, ": Linux %u.%u\n", release >> 8, release & 255);
}

/* What a target must have beside BPF syscall programs. A program that is only
 * loaded when asked may need it as well.
 */
static void print_needs(FILE *out, const struct skel *skel)
{
	bool kernel_btf = false, target = false, pins = false, core = false, net = false;
	const struct spec *spec = skel->spec;
	const struct spec_extern *ext;
	const struct spec_prog *prog;
	const struct spec_map *map;

	vec_for_each(prog, &spec->progs) {
		kernel_btf |= prog->btf_target && !prog->target_prog;
		target |= prog->target_prog;
		core |= prog->core.n;
		net |= prog_needs(prog).net_admin || prog_needs(prog).net_or_sys;
	}
	vec_for_each(ext, &spec->externs)
		kernel_btf |= ext->kind == EXTERN_VAR || ext->kind == EXTERN_FUNC;
	vec_for_each(map, &spec->maps) {
		pins |= map->pin_by_name;
		net |= map_needs(map).net_admin;
		kernel_btf |= map->kind == MAP_OPS;
	}

	fprintf(out, "needs\n  BPF syscall programs: Linux 5.14, or 5.10 with the series\n"
		"  CAP_BPF, CAP_PERFMON%s\n", net ? ", CAP_NET_ADMIN" : "");
	vec_for_each(map, &spec->maps)
		print_release(out, "map", map->name, map_needs(map).release);
	vec_for_each(prog, &spec->progs)
		print_release(out, "program", prog->name, prog_needs(prog).release);
	if (core)
		fprintf(out, "  CO-RE: Linux 5.17, or 5.10 with the series, with CONFIG_DEBUG_INFO_BTF%s\n",
			skel->patches ? "; or a kernel below" : "");
	if (kernel_btf)
		fputs("  the kernel's own BTF: CONFIG_DEBUG_INFO_BTF\n", out);
	vec_for_each(prog, &spec->progs) {
		if (!prog->btf_target || prog->target_prog)
			continue;
		fputs("  in it: ", out);
		print_name(out, prog->btf_target, 0);
		if (prog->btf_target_module) {
			fputs(" of the module ", out);
			print_name(out, prog->btf_target_module, 0);
		}
		putc('\n', out);
	}
	vec_for_each(map, &spec->maps) {
		if (!map->ops)
			continue;
		fputs("  in it: struct ", out);
		print_name(out, map->ops->name, 0);
		fputs(", for table ", out);
		print_name(out, map->name, 0);
		fputs(", and struct bpf_struct_ops_", out);
		print_name(out, map->ops->name, 0);
		putc('\n', out);
	}
	print_extern_needs(out, skel);
	if (target)
		fputs("  a BPF program to extend or trace, given before the load\n", out);
	if (pins)
		fputs("  a BPF file system for its pinned maps\n", out);
}

/* How many CO-RE relocations there are of each kind, and what of them the kernels
 * do not have that --target-btf named
 */
static void print_core(FILE *out, const struct skel *skel)
{
	const struct spec *spec = skel->spec;
	uint32_t counts[BPF_CORE_TYPE_MATCHES + 2] = { 0 }, kind, n = 0;
	const struct patch_target *target;
	const struct missing *missing;
	const struct spec_core *core;

	vec_for_each(core, &spec->core) {
		if (!core->func)
			continue;
		kind = core->relo.kind;
		counts[kind > BPF_CORE_TYPE_MATCHES ? BPF_CORE_TYPE_MATCHES + 1 : kind]++;
		n++;
	}
	if (!n)
		return;
	fprintf(out, "CO-RE relocations\n ");
	for (kind = 0; kind < sizeof(counts) / sizeof(counts[0]); kind++)
		if (counts[kind])
			fprintf(out, " %u %s%s", counts[kind], core_kind_name(kind),
				(n -= counts[kind]) ? "," : "\n");
	if (!skel->patches)
		return;
	vec_for_each(target, &skel->patches->targets) {
		const struct resolved *resolved =
			skel->patches->patches.items[target->patch].resolved;

		fputs("  for ", out);
		print_name(out, target->key, 0);
		fputs(resolved->missing.n ? ": nothing that fits\n" : ": all resolved\n", out);
		vec_for_each(missing, &resolved->missing) {
			fputs("    ", out);
			print_name(out, spec->progs.items[missing->prog].name, 0);
			fprintf(out, ", instruction %u: ", missing->insn);
			print_name(out, missing->what, 0);
			putc('\n', out);
		}
	}
}

/* What of the members of tables the kernels do not have that --target-btf named */
static void print_layouts(FILE *out, const struct skel *skel)
{
	const struct patch_target *target;
	const struct spec_map *map;
	uint32_t i;

	fputs("tables of operations\n", out);
	vec_for_each(target, &skel->patches->targets)
		vec_for_each(map, &skel->spec->maps) {
			bool all = true;

			if (!map->ops)
				continue;
			fputs("  for ", out);
			print_name(out, target->key, 0);
			fputs(": ", out);
			print_name(out, map->name, 0);
			for (i = 0; i < map->ops->members.n; i++) {
				if (!layout_place(target->layouts, skel->spec,
						  map - skel->spec->maps.items, i).missing)
					continue;
				fputs(all ? " without " : ", ", out);
				print_name(out, map->ops->members.items[i].name, 0);
				all = false;
			}
			fputs(all ? " with all members\n" : "\n", out);
		}
}

void info_print(const struct skel *skel, FILE *out)
{
	const struct spec *spec = skel->spec;
	const struct skel_prog *prog;
	const struct skel_extern *ext;
	const struct spec_map *map;

	fputs("object ", out);
	print_name(out, spec->name, 0);
	fputs("\n  license ", out);
	print_name(out, spec->license && spec->license[0] ? spec->license : "(none)", 0);
	fprintf(out, "\n  %s-endian, %s%s\n", spec->big_endian ? "big" : "little",
		spec->btf ? "with BTF" : "without BTF",
		spec->reduced_btf ? " (kinds that older kernels refuse can be left out)" : "");
	fputs("programs\n", out);
	vec_for_each(prog, &skel->progs)
		print_prog(out, prog);
	fputs("maps\n", out);
	vec_for_each(map, &spec->maps)
		print_map(out, spec, map);
	fputs("externs\n", out);
	vec_for_each(ext, &skel->externs)
		print_extern(out, ext);
	if (!skel->externs.n)
		fputs("  none\n", out);
	print_needs(out, skel);
	print_core(out, skel);
	if (skel->tables && skel->patches)
		print_layouts(out, skel);
}
