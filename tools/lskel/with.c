// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "skel.h"

/* Whether the user of the skeleton can reach a map of @type */
static bool has_map(const struct skel *skel, uint32_t type)
{
	const struct skel_map *map;

	vec_for_each(map, &skel->maps)
		if (map->ident && map->map->type == type)
			return true;
	return false;
}

static bool has_ringbuf(const struct skel *skel)
{
	return has_map(skel, BPF_MAP_TYPE_RINGBUF);
}

static bool has_perfbuf(const struct skel *skel)
{
	return has_map(skel, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
}

static bool has_iter(const struct skel *skel)
{
	const struct skel_prog *prog;

	vec_for_each(prog, &skel->progs)
		if (prog->attach->parts & PART_ITER)
			return true;
	return false;
}

static bool has_any_map(const struct skel *skel)
{
	const struct skel_map *map;

	vec_for_each(map, &skel->maps)
		if (map->ident)
			return true;
	return false;
}

static bool has_prog(const struct skel *skel)
{
	return skel->progs.n;
}

static const struct helpers {
	const char *word;
	enum skel_with with;
	bool (*usable)(const struct skel *skel);
	const char *needs;
} helpers[] = {
	{ "ringbuf", WITH_RINGBUF, has_ringbuf, "map of BPF_MAP_TYPE_RINGBUF" },
	{ "perfbuf", WITH_PERFBUF, has_perfbuf, "map of BPF_MAP_TYPE_PERF_EVENT_ARRAY" },
	{ "iter", WITH_ITER, has_iter, "program in SEC(\"iter/...\")" },
	{ "mapops", WITH_MAPOPS, has_any_map, "map" },
	{ "stats", WITH_STATS, has_prog, "program" },
};

static const size_t nr_helpers = sizeof(helpers) / sizeof(helpers[0]);

const char *skel_helper_words(struct arena *arena)
{
	const char *all = "";
	size_t i;

	for (i = 0; all && i < nr_helpers; i++)
		all = arena_printf(arena, "%s%s%s", all, i ? ", " : "", helpers[i].word);
	return all;
}

static int unknown(const struct skel *skel, const char *word, size_t len)
{
	const char *all = skel_helper_words(skel->spec->arena);

	if (!all)
		return sink_nomem(skel->spec->sink);
	return sink_fail(skel->spec->sink, -EINVAL, "--with: there is no '%.*s', but %s",
			 (int)len, word, all);
}

int skel_add_helpers(struct skel *skel, const char *list)
{
	const struct helpers *h;
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		for (h = helpers; h < helpers + nr_helpers; h++)
			if (strlen(h->word) == len && !memcmp(h->word, list, len))
				break;
		if (h == helpers + nr_helpers)
			return unknown(skel, list, len);
		if (!h->usable(skel))
			return sink_fail(skel->spec->sink, -EINVAL, "%s: --with=%s is for a %s, and there is none",
					 skel->spec->file, h->word, h->needs);
		skel->with |= h->with;
		if (!list[len])
			return 0;
	}
}
