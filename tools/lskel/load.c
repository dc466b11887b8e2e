// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tables that a skeleton has in its source are made in memory here; what
 * works on them is the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "layout.h"
#include "load.h"
#include "needs.h"
#include "replay.h"
#include "skel/runtime.h"
#include "skel/parts/info.h"
#include "skel/parts/attach.h"
#include "skel/parts/btf.h"
#include "skel/parts/extern.h"
#include "skel/parts/kallsyms.h"
#include "skel/parts/externs.h"
#include "skel/parts/addresses.h"
#include "skel/parts/kernel_btf.h"
#include "skel/parts/extern_types.h"
#include "skel/parts/kconfig.h"
#include "skel/parts/config.h"
#include "skel/parts/core.h"
#include "skel/parts/entries.h"
#include "skel/parts/kernels.h"
#include "skel/parts/module.h"
#include "skel/parts/map_info.h"
#include "skel/parts/maps.h"
#include "skel/parts/bind.h"
#include "skel/parts/pin.h"
#include "skel/parts/elem.h"
#include "skel/parts/struct_ops.h"
#include "skel/parts/young.h"
#include "skel/parts/data.h"

enum {
	PART_ADDRESSES, PART_EXTERNS, PART_EXTERN_TYPES, PART_KCONFIG, PART_MODULE, PART_MAPS, PART_PIN,
	PART_BIND, PART_CORE, PART_KERNELS, PART_STRUCT_OPS, PART_YOUNG, PART_DATA, NR_PARTS
};

struct loading {
	struct lskel_object object;	/* first: leads from a skeleton to the rest */
	const struct skel *skel;
	const struct load_options *options;
	const struct lskel_part *parts[NR_PARTS];
	struct lskel *lskel;
	int *slots, *before;

	bool made[4];		/* of the folders for pins, see pin_dirs() */
	struct timespec start;
	bool begun;

	/* Of a replay: attributes, where those of each step begin, and as much
	 * behind them those that say nothing of BTF
	 */
	struct replay replay;
	char *attr;
	uint32_t *at;
	struct resolved resolved;
};

_Static_assert((int)LSKEL_STEP_BTF_LOAD == PLAN_BTF_LOAD &&
	       (int)LSKEL_STEP_RAW_TP_OPEN == PLAN_RAW_TP_OPEN, "the steps of the plan");
_Static_assert((int)LSKEL_EXTERN_ADDRESS == EXTERN_ADDRESS &&
	       (int)LSKEL_VALUE_STRING == KCONFIG_STRING, "the externs of the model");
_Static_assert(LSKEL_SLOT_UNSET == SLOT_UNSET && LSKEL_SLOT_SKIP == SLOT_SKIP, "the slots");

static int nomem(const struct loading *l)
{
	return sink_nomem(l->skel->spec->sink);
}

/* Room for a member at the end of the skeleton's struct. Returns its offset. */
static uint32_t add_member(struct loading *l, size_t size)
{
	uint32_t offset = (l->object.size + 7) & ~7u;

	l->object.size = offset + (uint32_t)size;
	return offset;
}

static struct lskel_image image(struct lskel_piece *piece, const void *bytes, uint32_t size)
{
	*piece = (struct lskel_piece){ 0, size, bytes };
	return (struct lskel_image){ piece, 1, size };
}

static int make_loaders(struct loading *l)
{
	const struct loaders *loaders = l->skel->loaders;
	struct arena *arena = l->skel->spec->arena;
	size_t n = loaders->loader.n, i;
	struct lskel_loader *table = arena_array(arena, n, sizeof(*table));
	struct lskel_piece *pieces = arena_array(arena, 3 * n, sizeof(*pieces));

	if (!table || !pieces)
		return nomem(l);
	for (i = 0; i < n; i++, pieces += 3) {
		const struct loader *loader = &loaders->loader.items[i];
		const uint32_t size = sizeof(struct bpf_insn);

		table[i] = (struct lskel_loader){
			.blob = image(&pieces[0], loader->blob, loader->blob_len),
			.any = image(&pieces[1], loader->any.insns, loader->any.insn_cnt * size),
			.usual = image(&pieces[2], loader->usual.insns, loader->usual.insn_cnt * size),
			.twin = loader->twin, .first = loader->first, .nr_steps = loader->steps,
		};
		table[i].blob.size = loader->blob_size;
	}
	l->object.loaders = table;
	l->object.nr_loaders = n;
	return 0;
}

/* For a replay, something that looks like a loader: all steps, and for a blob all
 * their attributes
 */
static int make_replay(struct loading *l)
{
	const struct plan *plan = l->skel->plan;
	struct arena *arena = l->skel->spec->arena;
	struct lskel_loader *table = arena_alloc(arena, sizeof(*table));
	struct lskel_piece *piece = arena_alloc(arena, sizeof(*piece));
	uint32_t *at = arena_array(arena, plan->steps.n, sizeof(*at));
	uint32_t size = 0, i;
	char *bytes;
	int err;

	err = replay_init(&l->replay, plan);
	if (err)
		return err;
	for (i = 0; at && i < plan->steps.n; i++) {
		at[i] = size;
		size += (plan->steps.items[i].attr_size + 7) & ~7u;
	}
	l->attr = arena_array(arena, 2, size);
	bytes = arena_array(arena, 2, size);
	if (!table || !piece || !at || !l->attr || !bytes)
		return nomem(l);
	for (i = 0; i < plan->steps.n; i++) {
		const struct plan_step *step = &plan->steps.items[i];

		if (!step->attr)
			continue;
		memcpy(bytes + at[i], step->attr, step->attr_size);
		l->replay.attr[i] = (uint8_t *)l->attr + at[i];
		if (!step->attr_no_btf)
			continue;
		memcpy(bytes + size + at[i], step->attr_no_btf, step->attr_size);
		l->replay.attr_no_btf[i] = (uint8_t *)l->attr + size + at[i];
	}
	memcpy(l->attr, bytes, 2 * (size_t)size);
	*table = (struct lskel_loader){
		.blob = image(piece, bytes, 2 * size), .twin = size, .nr_steps = plan->steps.n,
	};
	l->at = at;
	l->object.loaders = table;
	l->object.nr_loaders = 1;
	return 0;
}

/* The places that are poisoned for a kernel */
static int make_missing(struct loading *l, const struct resolved *resolved,
			struct lskel_patch *patch)
{
	struct lskel_missing *table;
	const struct missing *missing;

	table = arena_array(l->skel->spec->arena, resolved->missing.n, sizeof(*table));
	if (!table)
		return nomem(l);
	patch->missing = table;
	patch->nr_missing = resolved->missing.n;
	vec_for_each(missing, &resolved->missing)
		*table++ = (struct lskel_missing){
			.step = l->skel->progs.items[missing->prog].step,
			.insn = missing->insn, .what = missing->what,
		};
	return 0;
}

static int make_patch(struct loading *l, const struct patch *from, struct lskel_patch *patch)
{
	struct arena *arena = l->skel->spec->arena;
	size_t n = l->skel->loaders->loader.n, i;
	struct lskel_image *images = arena_array(arena, n, sizeof(*images));

	patch->loaders = images;
	for (i = 0; images && i < n; i++) {
		const struct patch_piece *piece;
		struct lskel_piece *to;

		to = arena_array(arena, from->loaders[i].n, sizeof(*to));
		if (!to)
			return nomem(l);
		images[i] = (struct lskel_image){ to, from->loaders[i].n, 0 };
		vec_for_each(piece, &from->loaders[i])
			*to++ = (struct lskel_piece){ piece->offset, piece->size,
						      (const char *)piece->bytes };
	}
	return images ? make_missing(l, from->resolved, patch) : nomem(l);
}

/* The kernels that --target-btf named */
static int make_kernels(struct loading *l)
{
	const struct patches *patches = l->skel->patches;
	struct arena *arena = l->skel->spec->arena;
	struct lskel_kernels *kernels = arena_alloc(arena, sizeof(*kernels));
	const struct patch_target *target;
	struct lskel_kernel *items;
	struct lskel_patch *patch;
	size_t i;
	int err;

	items = arena_array(arena, patches->targets.n, sizeof(*items));
	patch = arena_array(arena, patches->patches.n, sizeof(*patch));
	if (!kernels || !items || !patch)
		return nomem(l);
	for (i = 0; i < patches->patches.n; i++) {
		err = make_patch(l, &patches->patches.items[i], &patch[i]);
		if (err)
			return err;
	}
	*kernels = (struct lskel_kernels){ items, patches->targets.n };
	vec_for_each(target, &patches->targets)
		*items++ = (struct lskel_kernel){ target->key, &patch[target->patch], target->layouts };
	l->object.kernels = kernels;
	l->parts[PART_KERNELS] = &lskel_kernels_part;
	return 0;
}

/* What --target-btf gave for the kernel that runs, or NULL */
static const struct patch_target *find_target(const struct loading *l)
{
	const struct patches *patches = l->skel->patches;
	const struct lskel running = { .object = &l->object };
	const struct lskel_kernel *kernel = patches ? lskel_find_kernel(&running) : NULL;

	return kernel ? &patches->targets.items[kernel - l->object.kernels->items] : NULL;
}

/* For a replay, CO-RE relocations are applied here and now */
static int apply_now(struct loading *l)
{
	/* Nothing is left to be done for it */
	static const struct lskel_part part = {
		.begin = lskel_choose_kernel, .tell = lskel_kernels_tell,
	};
	const struct spec *spec = l->skel->spec;
	const struct patch_target *target = find_target(l);
	const struct resolved *resolved = target ?
		l->skel->patches->patches.items[target->patch].resolved : &l->resolved;
	struct lskel_kernels *kernels = arena_alloc(spec->arena, sizeof(*kernels));
	struct lskel_kernel *kernel = arena_alloc(spec->arena, sizeof(*kernel));
	struct lskel_patch *patch = arena_alloc(spec->arena, sizeof(*patch));
	int err = 0;

	if (!spec->core.n)
		return 0;
	if (!kernels || !kernel || !patch)
		return nomem(l);
	if (!target) {
		err = target_running(&l->replay.kernel, spec);
		if (err)
			return sink_fail(spec->sink, err,
					 "%s: it has CO-RE relocations, and the types of the kernel cannot be read: %s",
					 spec->file, strerror(-err));
		err = resolve(&l->resolved, spec, &l->replay.kernel);
	}
	if (!err)
		err = replay_apply(&l->replay, resolved);
	if (err)
		return err;
	*kernel = (struct lskel_kernel){
		target ? target->key : resolved->target->key, patch, target ? target->layouts : NULL,
	};
	*kernels = (struct lskel_kernels){ kernel, 1 };
	l->object.kernels = kernels;
	l->parts[PART_KERNELS] = &part;
	return make_missing(l, resolved, patch);
}

static int make_steps(struct loading *l)
{
	const struct plan *plan = l->skel->plan;
	struct lskel_step *table = arena_array(l->skel->spec->arena, plan->steps.n, sizeof(*table));
	const struct loader *loader;
	uint32_t i;

	if (!table)
		return nomem(l);
	vec_for_each(loader, &l->skel->loaders->loader)
		for (i = loader->first; i < loader->first + loader->steps; i++) {
			const struct plan_step *step = &plan->steps.items[i];

			table[i] = (struct lskel_step){
				.kind = (enum lskel_kind)step->kind, .may_fail = step->may_fail,
				.twin = step->attr_no_btf, .slot = step->slot,
				.attr = l->at ? l->at[i] : loader->attr[i],
				.object = step->object,
				.needs = needs_word(step_needs(l->skel->spec, step)),
			};
		}
	l->object.steps = table;
	l->object.nr_steps = plan->steps.n;
	l->object.nr_slots = plan->slots;
	return 0;
}

static int make_maps(struct loading *l)
{
	static __u32 (*const entries[])(__u32 max_entries) = {
		[ENTRIES_CPUS] = lskel_entries_cpus, [ENTRIES_PAGES] = lskel_entries_pages,
	};
	struct lskel_map_desc *table;
	const struct skel_map *map;

	table = arena_array(l->skel->spec->arena, l->skel->maps.n, sizeof(*table));
	if (!table)
		return nomem(l);
	l->object.maps = table;
	vec_for_each(map, &l->skel->maps) {
		*table++ = (struct lskel_map_desc){
			.name = map->map->name,
			.member = map->map->inner_only ? 0 : add_member(l, sizeof(struct lskel_map)),
			.step = map->step, .max_entries = map->map->max_entries,
			.entries = entries[map->map->entries],
			.pin = map->map->pin_by_name,
			.read_only = spec_map_is_frozen(map->map), .data_offset = LSKEL_NONE,
		};
		if (map->map->kind == MAP_KCONFIG) {
			/* Of other sections nobody can change the content here. */
			l->object.kconfig = table[-1].data = add_member(l, sizeof(void *));
			l->object.config = add_member(l, sizeof(const char *));
			table[-1].data_size = map->map->value_size;
			if (!l->options->direct) {
				table[-1].data_loader = map->loader;
				table[-1].data_offset = map->data;
			}
		}
		if (map->map->pin_by_name && !l->object.pin_dir) {
			l->object.pin_dir = add_member(l, sizeof(const char *));
			l->parts[PART_PIN] = &lskel_pin_part;
		}
	}
	l->object.nr_maps = l->skel->maps.n;
	return 0;
}

static int make_progs(struct loading *l)
{
	struct lskel_prog_desc *table;
	const struct skel_prog *prog;
	const struct skel_map *map;

	table = arena_array(l->skel->spec->arena, l->skel->progs.n + l->skel->tables, sizeof(*table));
	if (!table)
		return nomem(l);
	l->object.progs = table;
	vec_for_each(prog, &l->skel->progs)
		*table++ = (struct lskel_prog_desc){
			.name = prog->prog->name, .ident = prog->ident, .sec = prog->sec,
			.slot = l->skel->plan->prog_slot[prog->prog - l->skel->spec->progs.items],
			.step = prog->step,
			.fd = add_member(l, sizeof(int)), .link = add_member(l, sizeof(int)),
			.autoload = prog->choice ? add_member(l, sizeof(bool)) : 0,
			.optional = !prog->prog->autoload,
			.target = prog->prog->target_prog ? add_member(l, sizeof(int)) : 0,
			.target_func = prog->prog->target_func,
		};
	vec_for_each(map, &l->skel->maps)
		if (map->link)
			*table++ = (struct lskel_prog_desc){
				.name = map->map->name, .ident = map->link,
				.fd = l->object.maps[map - l->skel->maps.items].member,
				.link = add_member(l, sizeof(int)),
			};
	l->object.nr_progs = l->skel->progs.n;
	l->object.nr_attach = l->skel->progs.n + l->skel->tables;
	return 0;
}

static int make_tables(struct loading *l)
{
	struct lskel_ops *ops = layout_ops(l->skel->spec);
	uint32_t i;

	if (!ops)
		return nomem(l);
	for (i = 0; i < l->skel->tables; i++)
		ops[i].value = add_member(l, sizeof(void *));
	l->object.ops = ops;
	if (l->skel->tables)
		l->parts[PART_STRUCT_OPS] = &lskel_struct_ops_part;
	return 0;
}

static int make_externs(struct loading *l)
{
	const struct skel *skel = l->skel;
	struct lskel_extern *table;
	const struct skel_extern *e;

	table = arena_array(skel->spec->arena, skel->externs.n, sizeof(*table));
	if (!table)
		return nomem(l);
	l->object.externs = table;
	vec_for_each(e, &skel->externs)
		*table++ = (struct lskel_extern){
			.name = e->ext->name, .kind = (enum lskel_extern_kind)e->ext->kind,
			.weak = e->ext->weak, .user = e->user, .nr_users = e->users,
			.slot = e->slot, .type = e->type, .type_name = e->type_name,
			.value = (enum lskel_value)e->ext->value, .is_signed = e->ext->is_signed,
			.offset = e->ext->offset, .size = e->ext->size,
		};
	l->object.nr_externs = skel->externs.n;
	l->object.users = skel->users.items;
	l->object.read_config = lskel_read_config;
	return 0;
}

static int make_object(struct loading *l)
{
	static const struct lskel_part nothing;
	struct arena *arena = l->skel->spec->arena;
	int err;

	l->object = (struct lskel_object){
		.name = l->skel->spec->file, .size = sizeof(struct lskel),
		.parts = l->parts, .nr_parts = NR_PARTS,
	};
	l->parts[PART_EXTERNS] = &lskel_externs_part;
	l->parts[PART_ADDRESSES] = &lskel_addresses_part;
	l->parts[PART_EXTERN_TYPES] = &lskel_extern_types_part;
	l->parts[PART_KCONFIG] = &lskel_kconfig_part;
	l->parts[PART_MODULE] = &lskel_module_part;
	l->parts[PART_MAPS] = &lskel_maps_part;
	l->parts[PART_PIN] = &nothing;
	l->parts[PART_BIND] = &lskel_bind_part;
	l->parts[PART_CORE] = &lskel_core_part;
	l->parts[PART_KERNELS] = &nothing;
	l->parts[PART_STRUCT_OPS] = &nothing;
	l->parts[PART_YOUNG] = &lskel_young_part;
	l->parts[PART_DATA] = &lskel_data_part;
	err = l->options->direct ? make_replay(l) : make_loaders(l);
	if (!err && l->skel->patches)
		err = make_kernels(l);
	if (!err && l->options->direct)
		err = apply_now(l);
	if (!err)
		err = make_steps(l) ?: make_maps(l) ?: make_progs(l) ?: make_tables(l) ?: make_externs(l);
	if (err)
		return err;
	l->slots = arena_array(arena, l->object.nr_slots, sizeof(*l->slots));
	l->before = arena_array(arena, l->object.nr_slots, sizeof(*l->before));
	l->lskel = l->slots && l->before ? lskel_open(&l->object) : NULL;
	if (!l->lskel)
		return nomem(l);
	if (l->object.config)
		memcpy(lskel_member(l->lskel, l->object.config), &l->options->config,
		       sizeof(l->options->config));
	return 0;
}

/* The next line of -v begins with the time since the load began, if @now, and with as
 * much room if not: nobody saw when it was.
 */
static void begin_line(const struct loading *l, bool now)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	if (now)
		printf("%10.3f ms  ", (t.tv_sec - l->start.tv_sec) * 1e3 +
		       (t.tv_nsec - l->start.tv_nsec) / 1e6);
	else
		printf("%15s", "");
}

static void print_step(const struct plan_step *step, int result)
{
	printf("%-11s %-24s", plan_words[step->kind].kind, step->object);
	if (result == SLOT_UNSET || result == SLOT_SKIP)
		printf(" left out\n");
	else if (result < 0)
		printf(" %s\n", strerror(-result));
	else
		printf(" %d\n", result);
	fflush(stdout);
}

/* Something was changed, and all is done once more */
static void tell_again(const struct loading *l)
{
	begin_line(l, true);
	printf("again\n");
}

static void tell_step(struct replay *replay, uint32_t step, int result)
{
	const struct loading *l = (const void *)((const char *)replay - offsetof(struct loading, replay));

	begin_line(l, true);
	print_step(&replay->plan->steps.items[step], result);
}

/* What lskel_steps() is without a word */
static int verbose_steps(struct lskel *lskel, const struct lskel_loader *loader, int *slots, int *before)
{
	struct loading *l = (struct loading *)lskel->object;
	const struct plan_step *step = &l->skel->plan->steps.items[loader->first];
	const struct plan_step *end = step + loader->nr_steps;
	struct lskel_ready ready;
	int err;

	if (l->begun && loader == l->object.loaders)
		tell_again(l);
	l->begun = true;
	err = lskel_ready_begin(lskel, &ready, loader, slots);
	if (err)
		goto end;
	begin_line(l, true);
	printf("the loader's map has %u bytes\n", loader->blob.size);
	err = lskel_ready_load(lskel, &ready);
	if (err)
		goto end;
	begin_line(l, true);
	printf("the loader is loaded\n");
	fflush(stdout);
	err = lskel_ready_run(lskel, &ready, slots, before);
	begin_line(l, true);
	printf("its run is over: %s\n", err ? strerror(-err) : "success");
	/* Behind the step that failed there are none. */
	for (; step < end; step++) {
		begin_line(l, false);
		print_step(step, slots[step->slot]);
		if (err && !step->may_fail && slots[step->slot] == err)
			break;
	}
end:
	lskel_ready_end(&ready);
	return err;
}

/* What lskel_steps() is with a loader */
static int replay_steps(struct lskel *lskel, const struct lskel_loader *loader, int *slots, int *before)
{
	struct loading *l = (struct loading *)lskel->object;
	struct lskel_ready ready = { .loader = loader, .slots = slots, .blob = l->attr };
	const struct plan_data *data;
	int err, cause = 0;

	if (l->begun && l->options->verbose)
		tell_again(l);
	l->begun = true;
	err = lskel_prepare(lskel, &ready, slots);
	if (err)
		return err;
	l->replay.slots = slots;
	vec_for_each(data, &l->skel->plan->data)
		if (data->map != SPEC_NONE && l->object.maps[data->map].data)
			memcpy(&l->replay.data[data - l->skel->plan->data.items],
			       lskel_member(lskel, l->object.maps[data->map].data), sizeof(void *));
	memcpy(before, slots, l->object.nr_slots * sizeof(*slots));
	while ((err = replay_run(&l->replay))) {
		const struct lskel_step *step = &l->object.steps[l->replay.step];

		if (!lskel_retry(lskel, &ready, step, err, &cause)) {
			lskel_tell(lskel, &ready, step, cause ? cause : err);
			break;
		}
		lskel_undo(&l->object, loader, slots, before);
		if (l->options->verbose)
			tell_again(l);
	}
	return err;
}

/* Make the folders for pins, or remove those that were made */
static int pin_dirs(struct loading *l, bool undo)
{
	static const char *const names[] = { "", "/progs", "/maps", "/links" };
	const int n = l->skel->plan->links == PLAN_NO_SLOT ? 3 : 4;
	char *paths[4];
	int i;

	for (i = 0; i < n; i++) {
		paths[i] = arena_printf(l->skel->spec->arena, "%s%s", l->options->pin, names[i]);
		if (!paths[i])
			return nomem(l);
		if (!undo)
			l->made[i] = !mkdir(paths[i], 0700);
	}
	while (undo && i--)
		if (l->made[i])
			rmdir(paths[i]);
	return 0;
}

struct pins {
	VEC(struct pin {
		const char *path;
		int fd;
	}) list;
};

/* @fd is to be pinned as DIR/@kind/@name, if there is one */
static int add_pin(const struct loading *l, struct pins *pins, const char *kind, const char *name, int fd)
{
	struct arena *arena = l->skel->spec->arena;
	struct pin *pin = fd >= 0 ? vec_push(arena, &pins->list) : NULL;

	if (fd < 0)
		return 0;
	if (!pin)
		return nomem(l);
	*pin = (struct pin){ arena_printf(arena, "%s/%s/%s", l->options->pin, kind, name), fd };
	return pin->path ? 0 : nomem(l);
}

static int list_pins(const struct loading *l, struct pins *pins)
{
	const struct plan *plan = l->skel->plan;
	const struct skel_prog *prog;
	const struct skel_map *map;
	int err = 0;

	vec_for_each(prog, &l->skel->progs) {
		size_t nr = prog - l->skel->progs.items;

		err = err ?: add_pin(l, pins, "progs", prog->ident, l->slots[plan->prog_slot[nr]]);
		if (plan->links != PLAN_NO_SLOT)
			err = err ?: add_pin(l, pins, "links", prog->ident, l->slots[plan->links + nr]);
	}
	vec_for_each(map, &l->skel->maps)
		if (map->ident)
			err = err ?: add_pin(l, pins, "maps", map->ident, l->slots[map - l->skel->maps.items]);
	return err;
}

/* Pin all, or nothing */
static int pin_all(const struct loading *l)
{
	const struct spec *spec = l->skel->spec;
	struct pins pins = {};
	size_t i;
	int err;

	err = list_pins(l, &pins);
	for (i = 0; !err && i < pins.list.n; i++) {
		const struct pin *pin = &pins.list.items[i];
		union bpf_attr attr = { .pathname = lskel_address(pin->path), .bpf_fd = (__u32)pin->fd };

		err = lskel_bpf(BPF_OBJ_PIN, &attr, sizeof(attr));
		if (err)
			sink_fail(spec->sink, err, "%s: cannot pin it: %s%s", pin->path, strerror(-err),
				  err == -EPERM ? "; is it in a BPF file system?" : "");
	}
	while (err && i > 1)
		unlink(pins.list.items[--i - 1].path);
	return err;
}

/* What a skeleton attaches after the load, if its loader could not, nobody does here. */
static int check_links(const struct loading *l)
{
	const struct plan *plan = l->skel->plan;
	const struct spec *spec = l->skel->spec;
	const struct spec_prog *prog;
	int err;

	vec_for_each(prog, &spec->progs) {
		err = plan->links == PLAN_NO_SLOT ? 0 : l->slots[plan->links + (prog - spec->progs.items)];
		if (err < 0 && err >= -4095)
			return sink_fail(spec->sink, err, "%s: cannot attach program '%s' (SEC(\"%s\")): %s (errno %d)%s",
					 spec->file, prog->name, prog->section, strerror(-err), -err,
					 !l->options->direct && (err == -EINVAL || err == -EFAULT) ?
					 "; perhaps a loader may not do it on this kernel: --direct does without" : "");
	}
	return 0;
}

static void report(const struct loading *l)
{
	const struct plan *plan = l->skel->plan;
	uint32_t progs = 0, attached = 0, maps = 0, i;
	const struct skel_map *map;

	for (i = 0; i < l->skel->progs.n; i++) {
		progs += l->slots[plan->prog_slot[i]] >= 0;
		attached += plan->links != PLAN_NO_SLOT && l->slots[plan->links + i] >= 0;
	}
	vec_for_each(map, &l->skel->maps)
		maps += map->ident != NULL;
	printf("%s: loaded: programs %u of %zu, maps %u; ", l->skel->spec->file, progs,
	       l->skel->progs.n, maps);
	if (plan->links != PLAN_NO_SLOT)
		printf("attached %u; ", attached);
	if (l->options->pin)
		printf("pinned in %s\n", l->options->pin);
	else
		printf("released again, --pin=DIR keeps them\n");
}

static int do_load(struct loading *l)
{
	const struct load_options *options = l->options;
	int err;

	clock_gettime(CLOCK_MONOTONIC, &l->start);
	l->replay.tell = options->verbose ? tell_step : NULL;
	err = lskel_load_slots(l->lskel, l->slots, l->before, options->direct ? replay_steps :
			       options->verbose ? verbose_steps : lskel_steps);
	if (!err)
		err = check_links(l);
	if (!err && options->pin) {
		err = pin_dirs(l, false) ?: pin_all(l);
		if (err)
			pin_dirs(l, true);
	}
	if (!err)
		report(l);
	return err;
}

int load_now(const struct skel *skel, const struct load_options *options)
{
	const struct spec *spec = skel->spec;
	struct loading l = { .skel = skel, .options = options };
	const struct spec_prog *prog;
	int err;

	if (spec->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		return sink_fail(spec->sink, -EINVAL, "%s: it is for a machine of the other byte order",
				 spec->file);
	vec_for_each(prog, &spec->progs)
		if (prog->target_prog && prog->autoload)
			return sink_fail(spec->sink, -EOPNOTSUPP,
					 "%s: program '%s' extends or traces another program, and only the user of a skeleton can say which",
					 spec->file, prog->name);
	err = make_object(&l);
	if (err)
		goto free;
	/* The kernel takes descriptor 0 for none here and there */
	if (options->direct && fcntl(0, F_GETFD) < 0)
		open("/dev/null", O_RDONLY | O_CLOEXEC);
	err = do_load(&l);
	if (err && l.lskel->error[0])
		sink_fail(spec->sink, err, "%s", l.lskel->error);
	if (err && lskel_log(l.lskel)[0])
		fprintf(stderr, "%s\n", lskel_log(l.lskel));
	lskel_abort(&l.object, l.slots, l.before);
	lskel_destroy(l.lskel);
free:
	replay_free(&l.replay);
	return err;
}
