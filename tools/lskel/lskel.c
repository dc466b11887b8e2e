// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* lskel: BPF object -> plan -> loader -> light skeleton.
 *
 * The table of commands, and the pipeline that all of them go through.
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect.h"
#include "emit.h"
#include "info.h"
#include "layout.h"
#include "load.h"
#include "plan.h"
#include "print.h"
#include "skel.h"

#define OBJECT_MAX	(1L << 30)	/* bytes */

struct request {
	const struct command *command;
	int first;		/* argument of the command's own, its name */
	struct arena *arena;
	const char *file, *out;
	const char *kconfig;	/* a file */
	const char *with;	/* helpers: see skel_add_helpers() */
	struct spec_options spec;
	struct load_options load;
	VEC(struct request_target {
		const char *key;	/* NULL: the file has to say it */
		const char *file;
	}) targets;
	bool attach;		/* in the loader */
	bool stats, json;
};

/* Everything that is made of the object file, left to right */
struct pipeline {
	struct arena arena;
	struct sink sink;
	struct spec spec;
	struct target *targets;
	struct resolved *resolved;	/* for each of them */
	size_t n_targets;
	struct plan plan;
	struct loaders loaders;
	struct patches patches;
	struct skel skel;
};

static int fail(struct pipeline *p, const char *name, const char *what)
{
	return sink_fail(&p->sink, -errno, "%s: %s: %s", name, what, strerror(errno));
}

/* The content of a file of any kind, a pipe too, and a 0 behind it; the caller frees it */
static int read_file(struct pipeline *p, const char *name, uint8_t **bytes, size_t *size)
{
	FILE *file = fopen(name, "rbe"), *copy = NULL;
	char buf[1 << 16], *text = NULL;
	int err = 0;
	size_t n;

	if (!file)
		return fail(p, name, "cannot open it");
	copy = open_memstream(&text, size);
	while (copy && (n = fread(buf, 1, sizeof(buf), file))) {
		if (ftell(copy) > OBJECT_MAX) {
			err = sink_fail(&p->sink, -EFBIG, "%s: longer than 1 GiB", name);
			break;
		}
		fwrite(buf, 1, n, copy);
	}
	if (!err && ferror(file))
		err = fail(p, name, "cannot read it");
	if (!copy || ferror(copy) || fclose(copy))
		err = sink_nomem(&p->sink);
	fclose(file);
	*bytes = (uint8_t *)text;
	return err;
}

/* CO-RE relocations and tables of operations, for the kernels that the user has named */
static int run_targets(struct pipeline *p, const struct request *r)
{
	const struct request_target *wanted;
	int err = 0;

	p->spec.core_open = r->targets.n || r->load.direct;
	p->spec.attach_in_loader = r->attach;
	p->targets = arena_array(&p->arena, r->targets.n, sizeof(*p->targets));
	p->resolved = arena_array(&p->arena, r->targets.n, sizeof(*p->resolved));
	if (!p->targets || !p->resolved)
		return sink_nomem(&p->sink);
	vec_for_each(wanted, &r->targets) {
		struct target *target = &p->targets[p->n_targets];

		p->n_targets++;
		err = target_open(target, &p->spec, wanted->key, wanted->file);
		for (const struct target *other = p->targets; !err && other < target; other++)
			if (!strcmp(other->key, target->key))
				err = sink_fail(&p->sink, -EINVAL, "%s: --target-btf %s is there twice",
						target->file, target->key);
		if (!err)
			err = resolve(&p->resolved[p->n_targets - 1], &p->spec, target);
		if (!err)
			err = layout_find(&p->resolved[p->n_targets - 1].layouts, &p->spec, target);
		if (err)
			break;
	}
	return err;
}

static int run_pipeline(struct pipeline *p, const struct request *r)
{
	uint8_t *bytes = NULL;
	size_t size = 0;
	int err;

	p->spec.arena = &p->arena;
	p->spec.sink = &p->sink;
	err = read_file(p, r->file, &bytes, &size);
	if (!err)
		err = spec_read(&p->spec, r->file, bytes, size, &r->spec);
	free(bytes);
	if (!err)
		err = run_targets(p, r);
	if (!err)
		err = plan_make(&p->plan, &p->spec);
	if (!err)
		err = emit(&p->loaders, &p->plan);
	if (!err)
		err = patches_make(&p->patches, &p->plan, &p->loaders, p->resolved, p->n_targets);
	if (!err)
		err = skel_make(&p->skel, &p->spec, &p->plan, &p->loaders, r->spec.name);
	if (!err && r->with)
		err = skel_add_helpers(&p->skel, r->with);
	if (!err && p->n_targets)
		p->skel.patches = &p->patches;
	return err;
}

/* Commands */

/* loader_insns: of what runs when the user of the skeleton chooses nothing */
static void print_stats(const struct pipeline *p, size_t header)
{
	const struct loader *loader;
	size_t usual = 0, any = 0, blob = 0;

	vec_for_each(loader, &p->loaders.loader) {
		usual += loader->usual.insns ? loader->usual.insn_cnt : loader->any.insn_cnt;
		any += loader->any.insn_cnt;
		blob += loader->blob_size;
	}
	fprintf(stderr, "loader_insns=%zu\nloader_insns_if_chosen=%zu\nblob_bytes=%zu\nheader_bytes=%zu\nprograms=%zu\nmaps=%zu\n",
		usual, any, blob, header, p->spec.progs.n, p->spec.maps.n);
}

/* The header is written in one go, so that no half of one is ever a file */
static int run_gen(struct pipeline *p, const struct request *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size), *out = stdout;
	struct stat st;
	bool regular;
	int err;

	if (!memory)
		return sink_nomem(&p->sink);
	err = skel_print_c(&p->skel, memory);
	if (fclose(memory) && !err)
		err = sink_nomem(&p->sink);
	if (!err && r->out) {
		out = fopen(r->out, "we");
		if (!out)
			err = sink_fail(&p->sink, -errno, "%s: cannot write to it: %s", r->out,
					strerror(errno));
	}
	if (!err && (fwrite(text, 1, size, out) != size || fflush(out)))
		err = sink_fail(&p->sink, -errno, "%s: cannot write to it: %s",
				r->out ? r->out : "standard output", strerror(errno));
	if (out && out != stdout) {
		regular = !fstat(fileno(out), &st) && S_ISREG(st.st_mode);
		fclose(out);
		if (err && regular)
			unlink(r->out);
	}
	if (!err && r->stats)
		print_stats(p, size);
	free(text);
	return err;
}

static int run_load(struct pipeline *p, const struct request *r)
{
	struct load_options options = r->load;
	uint8_t *config = NULL;
	size_t size;
	int err = 0;

	if (r->kconfig)
		err = read_file(p, r->kconfig, &config, &size);
	options.config = (const char *)config;
	if (!err)
		err = load_now(&p->skel, &options);
	free(config);
	return err;
}

static int run_plan(struct pipeline *p, const struct request *r)
{
	if (r->json)
		print_plan_json(stdout, &p->plan, p->skel.patches);
	else
		print_plan(stdout, &p->plan, p->skel.patches);
	return 0;
}

static int run_disasm(struct pipeline *p, const struct request *r __attribute__((unused)))
{
	print_loaders(stdout, &p->plan, &p->loaders);
	return 0;
}

static int run_info(struct pipeline *p, const struct request *r __attribute__((unused)))
{
	info_print(&p->skel, stdout);
	return 0;
}

/* Options */

enum { KEY_STATS = 0x100, KEY_TYPE, KEY_JSON, KEY_DIRECT, KEY_KCONFIG, KEY_PIN, KEY_TARGET, KEY_WITH, KEY_ATTACH };

#define OPTION_NAME \
	{ "name", 'n', "NAME", 0, "what the skeleton is called (the file's name, up to its first dot)", 0 }
#define OPTION_TYPE \
	{ "type", KEY_TYPE, "SECTION=SEC", 0, "take the programs in SECTION for such in SEC", 0 }

#define OPTION_TARGET \
	{ "target-btf", KEY_TARGET, "[KEY=]FILE", 0, "resolve CO-RE relocations for the kernel with these types, " \
	  "which is known by its release or build id", 0 }

#define OPTION_ATTACH \
	{ "attach-in-loader", KEY_ATTACH, NULL, 0, "have the loader attach the programs that it can", 0 }

static const struct argp_option gen_options[] = {
	OPTION_ATTACH,
	OPTION_NAME,
	{ "output", 'o', "OUT", 0, "the header (standard output)", 0 },
	{ "stats", KEY_STATS, NULL, 0, "say on standard error how large everything is", 0 },
	OPTION_TARGET,
	OPTION_TYPE,
	{ "with", KEY_WITH, "LIST", 0, "add helpers to use what was loaded: ", 0 },
	{ 0 }
};

static const struct argp_option load_options[] = {
	OPTION_ATTACH,
	{ "direct", KEY_DIRECT, NULL, 0, "call bpf(2) for every step instead of running the loader", 0 },
	{ "kconfig", KEY_KCONFIG, "FILE", 0, "lines of configuration that count before the kernel's: CONFIG_HZ=250", 0 },
	{ "pin", KEY_PIN, "DIR", 0, "pin programs as DIR/progs/NAME, maps as DIR/maps/NAME, "
	  "and links as DIR/links/NAME", 0 },
	OPTION_TARGET,
	OPTION_TYPE,
	{ "verbose", 'v', NULL, 0, "tell of every step, its result and, with --direct, its time", 0 },
	{ 0 }
};

static const struct argp_option plan_options[] = {
	OPTION_ATTACH,
	{ "json", KEY_JSON, NULL, 0, "for programs instead of people", 0 },
	OPTION_TARGET,
	OPTION_TYPE,
	{ 0 }
};

static const struct argp_option disasm_options[] = {
	OPTION_ATTACH,
	OPTION_TARGET,
	OPTION_TYPE,
	{ 0 }
};

static const struct argp_option info_options[] = {
	OPTION_TARGET,
	OPTION_TYPE,
	{ 0 }
};

static const struct command {
	const char *name;
	const struct argp_option *options;
	int (*run)(struct pipeline *p, const struct request *r);
	const char *doc;
} commands[] = {
	{ "gen", gen_options, run_gen, "make a light skeleton: a C header that loads the object" },
	{ "load", load_options, run_load, "load the object now" },
	{ "plan", plan_options, run_plan, "show the bpf() calls that load the object" },
	{ "disasm", disasm_options, run_disasm, "show the loader program that makes these calls" },
	{ "info", info_options, run_info, "show what is in the object and what it needs" },
};

static error_t add_type(struct argp_state *state, struct request *r, char *arg)
{
	struct spec_type *type;
	char *sec = strchr(arg, '=');

	if (!sec || sec == arg || !sec[1])
		argp_error(state, "--type takes SECTION=SEC, not '%s'", arg);
	type = vec_push(r->arena, &r->spec.types);
	if (!type)
		return ENOMEM;
	*sec++ = 0;
	*type = (struct spec_type){ .section = arg, .sec = sec };
	return 0;
}

/* What is before '=' is no key if it is part of a path */
static error_t add_target(struct argp_state *state, struct request *r, char *arg)
{
	struct request_target *target = vec_push(r->arena, &r->targets);
	char *file = strchr(arg, '=');

	if (!target)
		return ENOMEM;
	if (file && memchr(arg, '/', file - arg))
		file = NULL;
	if (file == arg || (file && !file[1]))
		argp_error(state, "--target-btf takes [KEY=]FILE, not '%s'", arg);
	target->file = arg;
	if (file) {
		*file++ = 0;
		*target = (struct request_target){ .key = arg, .file = file };
	}
	return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct request *r = state->input;

	switch (key) {
	case 'n':
		r->spec.name = arg;
		return 0;
	case 'o':
		r->out = arg;
		return 0;
	case 'v':
		r->load.verbose = true;
		return 0;
	case KEY_STATS:
		r->stats = true;
		return 0;
	case KEY_ATTACH:
		r->attach = true;
		return 0;
	case KEY_JSON:
		r->json = true;
		return 0;
	case KEY_DIRECT:
		r->load.direct = true;
		return 0;
	case KEY_KCONFIG:
		r->kconfig = arg;
		return 0;
	case KEY_PIN:
		r->load.pin = arg;
		return 0;
	case KEY_TYPE:
		return add_type(state, r, arg);
	case KEY_WITH:
		if (r->with)
			argp_error(state, "--with is there twice; commas separate helpers");
		r->with = arg;
		return 0;
	case KEY_TARGET:
		return add_target(state, r, arg);
	case ARGP_KEY_ARG:
		if (r->file)
			argp_error(state, "there is one FILE.bpf.o too many: %s", arg);
		r->file = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which FILE.bpf.o?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What helpers there are, in the help of gen */
static char *filter_options(int key, const char *text, void *input)
{
	struct request *r = input;
	const char *words = key == KEY_WITH ? skel_helper_words(r->arena) : NULL;
	char *help;

	return words && asprintf(&help, "%s%s", text, words) >= 0 ? help : (char *)text;
}

/* The list of commands below the options in lskel --help */
static char *filter_help(int key, const char *text, void *input __attribute__((unused)))
{
	size_t size, i;
	char *help;
	FILE *out;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&help, &size);
	if (!out)
		return NULL;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-8s%s\n", commands[i].name, commands[i].doc);
	fprintf(out, "\nlskel COMMAND --help says more, and so does lskel-COMMAND(1).");
	return fclose(out) ? NULL : help;
}

static error_t parse_command(int key, char *arg, struct argp_state *state)
{
	struct request *r = state->input;
	size_t i;

	switch (key) {
	case ARGP_KEY_ARG:
		for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
			if (!strcmp(arg, commands[i].name))
				r->command = &commands[i];
		if (!r->command)
			argp_error(state, "there is no command '%s'", arg);
		/* The rest is the command's */
		r->first = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp top = {
		.parser = parse_command, .args_doc = "COMMAND FILE.bpf.o",
		.doc = "Light skeletons: BPF objects that load without a library.\vCommands:\n",
		.help_filter = filter_help,
	};
	static struct pipeline p;
	struct request r = { .arena = &p.arena };
	struct argp own = {
		.parser = parse_option, .args_doc = "FILE.bpf.o", .help_filter = filter_options,
	};
	char name[32];
	int err;

	if (argp_parse(&top, argc, argv, ARGP_IN_ORDER, NULL, &r))
		return EXIT_FAILURE;
	own.options = r.command->options;
	own.doc = r.command->doc;
	snprintf(name, sizeof(name), "lskel %s", r.command->name);
	argv[r.first] = name;
	if (argp_parse(&own, argc - r.first, argv + r.first, 0, NULL, &r))
		return EXIT_FAILURE;

	err = run_pipeline(&p, &r);
	if (!err)
		err = r.command->run(&p, &r);
	if (!err && (fflush(stdout) || ferror(stdout)))
		err = sink_fail(&p.sink, -EIO, "cannot write to standard output");
	if (err)
		fprintf(stderr, "lskel: %s\n", p.sink.line);
	for (size_t i = 0; i < p.n_targets; i++)
		target_close(&p.targets[i]);
	spec_free(&p.spec);
	arena_free(&p.arena);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
