/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The values in section .kconfig: of the kernel that runs, or of the caller */
#ifndef LSKEL_KCONFIG
#define LSKEL_KCONFIG

/* "5.10.262" at the start of @text as LINUX_KERNEL_VERSION has it, or 0 */
static inline __u32 lskel_version(const char *text)
{
	unsigned long part[3];
	char *end;
	int i;

	for (i = 0; i < 3; i++) {
		part[i] = strtoul(text, &end, 10);
		if (end == text || (i < 2 && *end != '.'))
			return 0;
		text = end + 1;
	}
	return (__u32)((part[0] << 16) + (part[1] << 8) + (part[2] > 255 ? 255 : part[2]));
}

/* Kernels of Ubuntu and Debian say elsewhere which one they are. */
static inline __u32 lskel_kernel_version(void)
{
	FILE *file = fopen("/proc/version_signature", "re");
	__u32 version = 0, word;
	struct utsname uts;
	const char *at;
	char line[256];

	if (file) {
		at = fgets(line, sizeof(line), file);
		for (word = 0; at && word < 2; word++) {
			at = strchr(at, ' ');
			at = at ? at + 1 : NULL;
		}
		version = at ? lskel_version(at) : 0;
		fclose(file);
	}
	if (version || uname(&uts))
		return version;
	at = strstr(uts.version, "Debian ");
	version = at ? lskel_version(at + strlen("Debian ")) : 0;
	return version ? version : lskel_version(uts.release);
}

/* Whether the verifier takes a call of bpf_get_attach_cookie() */
static inline bool lskel_has_cookies(void)
{
	const __u64 insns[] = { 0x85 | 174ULL << 32, 0x95 };
	struct lskel_load_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = 2;	/* KPROBE */
	attr.insns = lskel_address(insns);
	attr.insn_cnt = 2;
	attr.license = lskel_address("GPL");
	fd = lskel_bpf(LSKEL_PROG_LOAD, &attr, offsetof(struct lskel_load_attr, fd_array));
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static inline bool lskel_has_syscall_wrapper(void)
{
	struct lskel_symbol symbol = {
#if defined(__x86_64__)
		"__x64_sys_bpf",
#elif defined(__i386__)
		"__ia32_sys_bpf",
#elif defined(__s390x__)
		"__s390x_sys_bpf",
#elif defined(__s390__)
		"__s390_sys_bpf",
#elif defined(__aarch64__)
		"__arm64_sys_bpf",
#elif defined(__arm__)
		"__arm_sys_bpf",
#elif defined(__mips__)
		"__mips_sys_bpf",
#elif defined(__riscv)
		"__riscv_sys_bpf",
#elif defined(__powerpc64__)
		"__powerpc64_sys_bpf",
#elif defined(__powerpc__)
		"__powerpc_sys_bpf",
#else
		"",
#endif
		false, 0
	};

	lskel_kallsyms(&symbol, 1);
	return symbol.found;
}

static inline int lskel_kconfig_unfit(struct lskel *skel, const struct lskel_extern *ext,
				      const char *value, const char *source)
{
	static const char *const kinds[] = {
		"a bool", "a tristate", "a char", "an integer", "a string"
	};

	return lskel_fail(skel, -EINVAL, "extern '%s' is %s of %u bytes, which cannot hold %.*s of %s",
			  ext->name, kinds[ext->value], ext->size, (int)strcspn(value, "\n"), value,
			  source);
}

/* Store @number; false: it does not fit */
static inline bool lskel_kconfig_number(const struct lskel_extern *ext, char *to, __u64 number)
{
	const unsigned int bits = ext->size * 8;
	const __u8 n8 = (__u8)number;
	const __u16 n16 = (__u16)number;
	const __u32 n32 = (__u32)number;

	if (ext->value == LSKEL_VALUE_TRISTATE || ext->value == LSKEL_VALUE_STRING ||
	    (ext->value == LSKEL_VALUE_BOOL && number > 1))
		return false;
	if (bits < 64 && (number + (ext->is_signed ? 1ULL << (bits - 1) : 0)) >> bits)
		return false;
	memcpy(to, bits == 8 ? (const void *)&n8 : bits == 16 ? (const void *)&n16 :
	       bits == 32 ? (const void *)&n32 : (const void *)&number, ext->size);
	return true;
}

/* Store y, m or n */
static inline bool lskel_kconfig_letter(const struct lskel_extern *ext, char *to, char letter)
{
	const __u32 tristate = letter == 'y' ? 1 : letter == 'm' ? 2 : 0;

	switch (ext->value) {
	case LSKEL_VALUE_BOOL:
		*to = letter == 'y';
		return letter != 'm';
	case LSKEL_VALUE_TRISTATE:
		memcpy(to, &tristate, sizeof(tristate));
		return true;
	case LSKEL_VALUE_CHAR:
		*to = letter;
		return true;
	default:
		return false;
	}
}

/* Store a string in quotes, of @len bytes with them, or as much of it as there is
 * room for
 */
static inline bool lskel_kconfig_string(const struct lskel_extern *ext, char *to,
					const char *value, size_t len)
{
	if (ext->value != LSKEL_VALUE_STRING || len < 2 || value[len - 1] != '"')
		return false;
	len -= 2;
	if (len >= ext->size)
		len = ext->size - 1;
	memcpy(to, value + 1, len);
	memset(to + len, 0, ext->size - len);
	return true;
}

static inline bool lskel_kconfig_value(const struct lskel_extern *ext, char *to,
				       const char *value, size_t len)
{
	unsigned long long number;
	char digits[32], *end;

	if (*value == 'y' || *value == 'm' || *value == 'n')
		return len == 1 && lskel_kconfig_letter(ext, to, *value);
	if (*value == '"')
		return lskel_kconfig_string(ext, to, value, len);
	if (!len || len >= sizeof(digits) || ext->value == LSKEL_VALUE_BOOL)
		return false;
	memcpy(digits, value, len);
	digits[len] = 0;
	errno = 0;
	number = strtoull(digits, &end, 0);
	return !errno && !*end && lskel_kconfig_number(ext, to, number);
}

/* Values while they are collected */
struct lskel_values {
	char *data;		/* section .kconfig */
	bool *set, *wanted;	/* by extern */
	char source[160];	/* where the configuration was read, for messages */
};

/* Set what lines of configuration, "NAME=value", say of externs that have no value
 * yet. @source is for messages.
 */
static inline int lskel_kconfig_text(struct lskel *skel, struct lskel_values *values,
				     const char *text, const char *source)
{
	const struct lskel_object *object = skel->object;
	size_t len, name;
	__u32 i;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		name = strcspn(text, "=\n");
		if (name >= len)
			continue;
		for (i = 0; i < object->nr_externs; i++) {
			const struct lskel_extern *ext = &object->externs[i];

			if (ext->kind != LSKEL_EXTERN_KCONFIG || values->set[i] ||
			    strncmp(ext->name, text, name) || ext->name[name])
				continue;
			if (!lskel_kconfig_value(ext, values->data + ext->offset, text + name + 1,
						 len - name - 1) && values->wanted[i])
				return lskel_kconfig_unfit(skel, ext, text + name + 1, source);
			values->set[i] = true;
		}
	}
	return 0;
}

/* Set what is no option of the configuration. */
static inline int lskel_kconfig_linux(struct lskel *skel, struct lskel_values *values)
{
	const struct lskel_object *object = skel->object;
	__u64 number;
	__u32 i;

	for (i = 0; i < object->nr_externs; i++) {
		const struct lskel_extern *ext = &object->externs[i];

		if (ext->kind != LSKEL_EXTERN_KCONFIG || values->set[i])
			continue;
		if (!strcmp(ext->name, "LINUX_KERNEL_VERSION")) {
			number = lskel_kernel_version();
			if (!number && values->wanted[i] && !ext->weak)
				return lskel_fail(skel, -EINVAL, "extern '%s': the kernel does not tell its"
						  " version", ext->name);
		} else if (!strcmp(ext->name, "LINUX_HAS_BPF_COOKIE")) {
			number = lskel_has_cookies();
		} else if (!strcmp(ext->name, "LINUX_HAS_SYSCALL_WRAPPER")) {
			number = lskel_has_syscall_wrapper();
		} else {
			continue;
		}
		if (!lskel_kconfig_number(ext, values->data + ext->offset, number) &&
		    values->wanted[i])
			return lskel_kconfig_unfit(skel, ext, "the value", "this kernel");
		values->set[i] = true;
	}
	return 0;
}

/* All values, before the load. @slots say which programs are wanted, and those
 * what must be there.
 */
static inline int lskel_fill_kconfig(struct lskel *skel, int *slots)
{
	const struct lskel_object *object = skel->object;
	const char *text;
	struct lskel_values values;
	bool config = false;
	__u32 i;
	int err;

	if (!object->kconfig)
		return 0;
	memcpy(&values.data, lskel_member(skel, object->kconfig), sizeof(values.data));
	memcpy(&text, lskel_member(skel, object->config), sizeof(text));
	values.set = (bool *)calloc(object->nr_externs, 2 * sizeof(bool));
	if (!values.set)
		return lskel_nomem(skel);
	snprintf(values.source, sizeof(values.source), "the kernel");
	values.wanted = values.set + object->nr_externs;
	for (i = 0; i < object->nr_externs; i++) {
		const struct lskel_extern *ext = &object->externs[i];

		values.wanted[i] = lskel_is_wanted(object, ext, slots);
		memset(values.data + ext->offset, 0, ext->size);
	}
	err = text ? lskel_kconfig_text(skel, &values, text, "the text in 'config'") : 0;
	if (!err)
		err = lskel_kconfig_linux(skel, &values);
	for (i = 0; i < object->nr_externs; i++)
		config |= values.wanted[i] && !values.set[i] &&
			  !strncmp(object->externs[i].name, "CONFIG_", 7);
	if (!err && config)
		err = object->read_config(skel, &values);
	for (i = 0; i < object->nr_externs && !err; i++) {
		const struct lskel_extern *ext = &object->externs[i];

		if (ext->kind == LSKEL_EXTERN_KCONFIG && values.wanted[i] && !values.set[i] &&
		    !ext->weak)
			err = lskel_fail(skel, -ENOENT, "extern '%s' is not in the configuration of %s",
					 ext->name, values.source);
	}
	free(values.set);
	return err;
}

static const struct lskel_part lskel_kconfig_part = { lskel_fill_kconfig, 0, 0, 0, 0, 0, 0, 0, 0 };

#endif /* LSKEL_KCONFIG */
