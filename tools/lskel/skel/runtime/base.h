/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Failures, descriptors and memory */

/* The last failure of the thread, shared by all files of the program */
struct lskel_failure {
	char error[1024];
	char *log;
};
#ifdef __cplusplus
extern "C" {
#endif
extern __thread struct lskel_failure lskel_failure_1;
__attribute__((weak)) __thread struct lskel_failure lskel_failure_1;
#ifdef __cplusplus
}
#endif

static inline const char *lskel_error(const struct lskel *skel)
{
	return skel ? skel->error : lskel_failure_1.error;
}

static inline const char *lskel_log(const struct lskel *skel)
{
	const char *log = skel ? skel->log : lskel_failure_1.log;

	return log ? log : "";
}

/* Make the failure of @skel, and what the verifier said of it, the thread's last */
static inline void lskel_remember(const struct lskel *skel, const char *log)
{
	const size_t size = log ? strlen(log) + 1 : 0;

	memcpy(lskel_failure_1.error, skel->error, sizeof(skel->error));
	free(lskel_failure_1.log);
	lskel_failure_1.log = size ? (char *)malloc(size) : NULL;
	if (lskel_failure_1.log)
		memcpy(lskel_failure_1.log, log, size);
}

/* What @format says; if that ends in a colon, behind it what @err means */
__attribute__((format(printf, 4, 0)))
static inline void lskel_say(char *text, size_t size, int err, const char *format, va_list args)
{
	size_t len;

	vsnprintf(text, size, format, args);
	len = strlen(text);
	if (format[strlen(format) - 1] == ':')
		snprintf(text + len, size - len, " %s (errno %d)", strerror(-err), -err);
}

__attribute__((format(printf, 3, 4)))
static inline int lskel_fail(struct lskel *skel, int err, const char *format, ...)
{
	const size_t size = sizeof(skel->error);
	va_list args;
	int len;

	len = snprintf(skel->error, size, "%s: ", skel->object->name);
	if (len > 0 && (size_t)len < size) {
		va_start(args, format);
		lskel_say(skel->error + len, size - (size_t)len, err, format, args);
		va_end(args);
	}
	if (!skel->loading)
		lskel_remember(skel, NULL);
	errno = -err;
	return err;
}

/* The same sentence goes on */
__attribute__((format(printf, 2, 3)))
static inline void lskel_go_on(struct lskel *skel, const char *format, ...)
{
	const size_t len = strlen(skel->error);
	va_list args;

	va_start(args, format);
	vsnprintf(skel->error + len, sizeof(skel->error) - len, format, args);
	va_end(args);
	if (!skel->loading)
		memcpy(lskel_failure_1.error, skel->error, sizeof(skel->error));
}

static inline int lskel_nomem(struct lskel *skel)
{
	return lskel_fail(skel, -ENOMEM, "out of memory");
}

static inline void *lskel_member(const struct lskel *skel, __u32 offset)
{
	return (char *)(uintptr_t)skel + offset;
}

static inline int *lskel_fd(const struct lskel *skel, __u32 offset)
{
	return (int *)lskel_member(skel, offset);
}

static inline __u64 lskel_address(const void *pointer)
{
	return (uintptr_t)pointer;
}

static inline int lskel_bpf(unsigned int cmd, void *attr, size_t size)
{
	long ret = syscall(__NR_bpf, cmd, attr, size);

	return ret < 0 ? -errno : (int)ret;
}

static inline void lskel_close(int *fd)
{
	const int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

static inline size_t lskel_pages(size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

/* The bytes [from, from + size) of an image, into memory that is zero */
static inline void lskel_unpack(const struct lskel_image *image, __u32 from, __u32 size, void *to)
{
	__u32 i;

	for (i = 0; i < image->nr_pieces; i++) {
		const struct lskel_piece *piece = &image->pieces[i];
		const __u32 begin = piece->offset > from ? piece->offset : from;
		__u32 end = piece->offset + piece->size;

		if (end > from + size)
			end = from + size;
		if (begin < end)
			memcpy((char *)to + (begin - from), piece->bytes + (begin - piece->offset),
			       end - begin);
	}
}
