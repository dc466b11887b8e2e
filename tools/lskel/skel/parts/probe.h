/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Probes in the kernel or in user space, by a perf event of their own; or if there
 * is none, by one that is made in tracefs
 */
#ifndef LSKEL_PROBE
#define LSKEL_PROBE

/* Variants of kinds */
enum { LSKEL_PROBE_RETURN = 1, LSKEL_PROBE_USER = 2 };

enum { LSKEL_PROBE_LINE = 4200 };	/* bytes, for tracefs, with a path */

/* The number behind @before in a file about the perf events @events, or -1 */
static inline int lskel_probe_number(const char *events, const char *file, const char *before)
{
	char path[128], text[32];
	size_t len = strlen(before);
	FILE *in;
	int n = -1;

	snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/%s", events, file);
	in = fopen(path, "re");
	if (!in)
		return -1;
	if (fgets(text, sizeof(text), in) && !strncmp(text, before, len) && text[len] >= '0')
		n = atoi(text + len);
	fclose(in);
	return n;
}

/* The id of the program: the event in tracefs has it in its name, as unlike
 * other events it must have one, and one that nobody else uses
 */
static inline __u32 lskel_prog_id(const struct lskel *skel, const struct lskel_prog_desc *prog)
{
	__u32 info[2] = { 0, 0 };	/* of struct bpf_prog_info: type, id */

	lskel_get_info(lskel_prog_fd(skel, prog), info, sizeof(info));
	return info[1];
}

/* The kernel takes a line if it comes in one piece */
static inline int lskel_tracefs_write(bool user, const char *line)
{
	FILE *file = lskel_tracefs_open(user ? "uprobe_events" : "kprobe_events", "r+e");
	char buffer[LSKEL_PROBE_LINE];
	int err = 0;

	if (!file)
		return -errno;
	if (setvbuf(file, buffer, _IOFBF, sizeof(buffer)) || fputs(line, file) < 0)
		err = -errno;
	if (fclose(file) && !err)
		err = -errno;
	return err;
}

static inline void lskel_remove_probe(struct lskel *skel, const struct lskel_prog_desc *prog,
				      const struct lskel_where *at)
{
	char line[64];

	lskel_close(lskel_fd(skel, prog->link));
	snprintf(line, sizeof(line), "-:lskel/p%u", at->handle);
	lskel_tracefs_write(at->flags & LSKEL_PROBE_USER, line);
}

/* An event for @offset bytes behind @target, which is a function of the kernel or
 * a file; @semaphore: where in the file it is that counts who listens, or 0; @pid
 * -1: in all processes. -ENODEV: sysfs does not show such events.
 */
static inline int lskel_probe_event(__u32 variant, const char *target, __u64 offset, __u64 semaphore,
				    int pid)
{
	const char *events = variant & LSKEL_PROBE_USER ? "uprobe" : "kprobe";
	const int type = lskel_probe_number(events, "type", "");
	struct perf_event_attr attr;
	int bit = 0;

	if (type < 0)
		return -ENODEV;
	memset(&attr, 0, sizeof(attr));
	if (variant & LSKEL_PROBE_RETURN) {
		bit = lskel_probe_number(events, "format/retprobe", "config:");
		if (bit < 0 || bit > 63)
			return -EOPNOTSUPP;
		attr.config |= 1ULL << bit;
	}
	if (semaphore) {
		bit = lskel_probe_number(events, "format/ref_ctr_offset", "config:");
		if (bit < 0 || bit > 63 || semaphore << bit >> bit != semaphore)
			return -EOPNOTSUPP;
		attr.config |= semaphore << bit;
	}
	attr.type = (__u32)type;
	attr.config1 = lskel_address(target);
	attr.config2 = offset;
	return lskel_perf_event_open(&attr, pid, pid < 0 ? 0 : -1);
}

/* The same, in tracefs if it must be. Returns the event, or a negative errno. */
static inline int lskel_open_probe(struct lskel *skel, const struct lskel_prog_desc *prog,
				   const char *target, __u64 offset, int pid,
				   struct lskel_attached *how)
{
	const __u32 variant = prog->kind->variant;
	const bool user = variant & LSKEL_PROBE_USER;
	char line[LSKEL_PROBE_LINE], name[16];
	int event;

	event = lskel_probe_event(variant, target, offset, 0, pid);
	if (event != -ENODEV)
		return event;
	how->at.handle = lskel_prog_id(skel, prog);
	how->at.flags = variant;
	snprintf(name, sizeof(name), "p%u", how->at.handle);
	if ((size_t)snprintf(line, sizeof(line), user ? "%c:lskel/%s %s:0x%llx" : "%c:lskel/%s %s+%llu",
			     variant & LSKEL_PROBE_RETURN ? 'r' : 'p', name, target,
			     (unsigned long long)offset) >= sizeof(line))
		return -ENAMETOOLONG;
	event = lskel_tracefs_write(user, line);
	if (event < 0)
		return event;
	how->undo = lskel_remove_probe;
	event = lskel_open_tracepoint("lskel", name, pid, pid < 0 ? 0 : -1);
	if (event < 0)
		lskel_remove_probe(skel, prog, &how->at);
	return event;
}

/* Attach to a probe that lskel_open_probe() has made */
static inline int lskel_attach_probe(struct lskel *skel, const struct lskel_prog_desc *prog,
				     int event, __u64 cookie, struct lskel_attached *how)
{
	const int fd = lskel_attach_own_perf(skel, prog, event, cookie);

	if (fd < 0 && how->undo)
		how->undo(skel, prog, &how->at);
	return fd;
}

#endif /* LSKEL_PROBE */
