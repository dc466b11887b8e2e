// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One object: compiled for each, behind its skeleton, which is called "object", with
 * its name as NAME.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/perf_event.h>

#include "attach.h"

/* The first thing that is wrong counts */
__attribute__((format(printf, 2, 3)))
static void wrong(struct report *report, const char *format, ...)
{
	va_list args;

	if (report->said[0])
		return;
	va_start(args, format);
	vsnprintf(report->said, sizeof(report->said), format, args);
	va_end(args);
}

static unsigned int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* What has a name, of those kinds that the skeleton knows */
static const struct {
	typeof(((struct lskel_attach_kind *)0)->attach) attach;
	const char *name, *group;
} names[] = {
#ifdef LSKEL_RAW_TP
	{ lskel_attach_raw_tp, "sys_enter", NULL },
#endif
#ifdef LSKEL_TRACEPOINT
	{ lskel_attach_tracepoint, "sys_enter_getpgid", "syscalls" },
#endif
#ifdef LSKEL_KPROBE
	{ lskel_attach_kprobe, "__x64_sys_getpgid", NULL },
#endif
#ifdef LSKEL_MULTI
	{ lskel_attach_multi, "__x64_sys_getpg*", NULL },
#endif
#ifdef LSKEL_KSYSCALL
	{ lskel_attach_ksyscall, "getpgid", NULL },
#endif
#ifdef LSKEL_SYMBOL
	{ lskel_attach_symbol, "main", NULL },
#endif
	{ NULL, NULL, NULL },
};

/* What the user would say where the name of the section does not */
static void choose(struct lskel_where *where, const struct lskel_prog_desc *prog,
		   const struct targets *targets)
{
	unsigned int i;

	(void)targets;
	*where = lskel_nowhere;
	where->name = where->provider = "";
	where->group = "/proc/self/exe";
	if (!prog->kind)
		return;
	for (i = 0; names[i].attach; i++)
		if (prog->kind->attach == names[i].attach) {
			where->name = names[i].name;
			where->group = names[i].group ?: where->group;
		}
#ifdef LSKEL_LINK
	if (prog->kind->attach == lskel_attach_link)
		where->fd = targets->netns;
#endif
#ifdef LSKEL_CGROUP
	if (prog->kind->attach == lskel_attach_cgroup) {
		where->fd = targets->cgroup;
		where->type = prog->attach_type;
	}
#endif
#ifdef LSKEL_PROG_ATTACH
	if (prog->kind->attach == lskel_attach_target) {
		where->fd = targets->sockmap;
		where->type = prog->attach_type ? prog->attach_type : 5; /* BPF_SK_SKB_STREAM_VERDICT */
	}
#endif
#ifdef LSKEL_SOCKET
	if (prog->kind->attach == lskel_attach_socket)
		where->fd = targets->udp;
#endif
#ifdef LSKEL_XDP
	if (prog->kind->attach == lskel_attach_xdp)
		where->fd = (int)targets->ifindex;
#endif
#ifdef LSKEL_TC
	if (prog->kind->attach == lskel_attach_tc)
		where->fd = (int)targets->ifindex;
#endif
#ifdef LSKEL_PERF_EVENT
	if (prog->kind->attach == lskel_attach_perf_event) {
		where->type = PERF_TYPE_SOFTWARE;
		where->offset = PERF_COUNT_SW_CPU_CLOCK;
		where->flags = 100;
		where->cpu = 0;
	}
#endif
}

static bool loaded(const struct object *s, unsigned int nr)
{
	return lskel_prog_fd(&s->lskel, &object__object.progs[nr]) >= 0;
}

static bool attached(const struct object *s, unsigned int nr)
{
	const int fd = *lskel_fd(&s->lskel, object__object.progs[nr].link);

	return fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

/* All at once: each is attached, or named by the sentence, or not one to attach */
static void attach_all(struct object *s, struct report *report)
{
	const int err = object__attach(s);
	const char *sentence = object__error(s), *more = strstr(sentence, ", and ");
	unsigned int unnamed = 0, i;
	char named[300];

	for (i = 0; i < object__object.nr_attach; i++) {
		const struct lskel_prog_desc *prog = &object__object.progs[i];

		snprintf(named, sizeof(named), " %.200s (SEC(\"", prog->name);
		if (!loaded(s, i) || prog->called)
			continue;
		if (err && err != -EOPNOTSUPP && attached(s, i))
			wrong(report, "attach returns %d, and '%s' is attached", err, prog->name);
		if (attached(s, i) || (err && err != -EOPNOTSUPP))
			continue;
		if (!err)
			wrong(report, "attach returns 0, and '%s' is not attached", prog->name);
		unnamed += !strstr(sentence, named);
	}
	/* If they are too many, the sentence ends with how many there are more */
	if (unnamed && (!more || (unsigned int)atoi(more + strlen(", and ")) != unnamed))
		wrong(report, "%u programs are not attached, and not in the sentence: %s", unnamed, sentence);
	if (err && !strstr(sentence, "object: "))
		wrong(report, "attach returns %d and says \"%s\"", err, sentence);
	if (err && err != -EOPNOTSUPP && !strstr(sentence, "cannot attach "))
		wrong(report, "attach returns %d for nothing: %s", err, sentence);
	object__detach(s);
}

static void attach_one(struct object *s, unsigned int nr, struct report *report,
		       const struct targets *targets)
{
	const struct lskel_prog_desc *prog = &object__object.progs[nr];
	struct lskel_where where;
	const char *sentence;
	char named[300];
	int fd;

	choose(&where, prog, targets);
	fd = lskel_attach(&s->lskel, (__u32)nr, prog->where ? NULL : &where);
	sentence = object__error(s);
	snprintf(named, sizeof(named), "%s '%.200s' ", lskel_what(&s->lskel, prog), prog->name);
	if (fd >= 0 && attached(s, nr)) {
		report->attached++;
		lskel_detach_one(&s->lskel, (__u32)nr);
	} else if (fd < 0 && !attached(s, nr) && strstr(sentence, named) && fd == -errno) {
		report->refused++;
		printf("# %s: %s\n", NAME, sentence);
	} else {
		wrong(report, "'%s': attach returns %d, errno %d, and says \"%s\"", prog->name, fd, errno,
		      sentence);
	}
	if (attached(s, nr))
		wrong(report, "'%s' is still attached", prog->name);
}

static void run(struct report *report, const struct targets *targets)
{
	const unsigned int before = open_fds();
	struct object *s = object__open_and_load();
	unsigned int with_programs, i;

	if (!s) {
		snprintf(report->said, sizeof(report->said), "%s", object__error(NULL));
		report->skipped = true;
		return;
	}
	with_programs = open_fds();
	attach_all(s, report);
	if (open_fds() != with_programs)
		wrong(report, "descriptors after detaching all: %u, before %u", open_fds(), with_programs);
	for (i = 0; i < object__object.nr_attach; i++)
		if (loaded(s, i))
			attach_one(s, i, report, targets);
	if (open_fds() != with_programs)
		wrong(report, "descriptors after detaching: %u, before %u", open_fds(), with_programs);
	object__destroy(s);
	if (open_fds() != before)
		wrong(report, "descriptors at the end: %u, before %u", open_fds(), before);
}

static const struct attach_case this_case = { NAME, run };
__attribute__((section("attach_cases"), used))
static const struct attach_case *const this_entry = &this_case;
