/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What programs and libraries say of their own tracepoints (USDT): where they are,
 * and where their arguments. It may be anything.
 */
#ifndef LSKEL_USDT_NOTE
#define LSKEL_USDT_NOTE

#define LSKEL_USDT_ARGS	12

enum { LSKEL_USDT_CONST, LSKEL_USDT_REGISTER, LSKEL_USDT_MEMORY };

/* As <bpf/usdt.bpf.h> of libbpf has it */
struct lskel_usdt_arg {
	__u64 value;		/* itself, or what is added to the register */
	__u32 kind;
	__s16 reg;		/* offset in the kernel's struct pt_regs */
	__u8 is_signed;
	__u8 shift;		/* how many bits are not its own */
};

struct lskel_usdt_spec {
	struct lskel_usdt_arg args[LSKEL_USDT_ARGS];
	__u64 cookie;
	__u16 count, padding[3];
};

LSKEL_ASSERT(sizeof(struct lskel_usdt_arg) == 16);
LSKEL_ASSERT(sizeof(struct lskel_usdt_spec) == 208);

struct lskel_usdt_note {
	__u64 address, base, semaphore;
	const char *provider, *name, *args;	/* NULL: a note of something else */
};

/* The number of the section called @name, or that of sections */
static inline __u64 lskel_elf_find(struct lskel_elf *elf, const char *name)
{
	const __u64 strings = LSKEL_ELF(elf, Ehdr, elf->header, 0, e_shstrndx);
	char *text = NULL;
	__u64 nr, at, size;

	if (strings < elf->nr_sections)
		text = lskel_elf_section(elf, strings, &size);
	for (nr = 0; text && nr < elf->nr_sections; nr++) {
		at = LSKEL_ELF(elf, Shdr, elf->sections, nr, sh_name);
		if (at < size && !strcmp(text + at, name))
			break;
	}
	if (!text)
		nr = elf->nr_sections;
	free(text);
	return nr;
}

/* The note at *@at of @size bytes, and move *@at behind it. Returns whether there is
 * one, or -EBADMSG.
 */
static inline int lskel_usdt_next(const struct lskel_elf *elf, const char *notes, __u64 size, __u64 *at,
				  struct lskel_usdt_note *note)
{
	const __u32 width = elf->wide ? 8 : 4;
	__u32 header[3], i;	/* size of the owner's name and of the content, type */
	const char *strings[3], *zero;
	__u64 values[3], content, end;
	__u32 narrow;

	memset(note, 0, sizeof(*note));
	if (*at >= size)
		return 0;
	if (size - *at < sizeof(header))
		return -EBADMSG;
	memcpy(header, notes + *at, sizeof(header));
	content = *at + sizeof(header) + (header[0] + 3ULL) / 4 * 4;
	end = content + header[1];
	if (end > size)
		return -EBADMSG;
	zero = notes + *at + sizeof(header);
	*at = (end + 3) / 4 * 4;
	if (header[2] != 3 || header[0] != sizeof("stapsdt") || memcmp(zero, "stapsdt", sizeof("stapsdt")))
		return 1;
	if (header[1] < 3 * width)
		return -EBADMSG;
	for (i = 0; i < 3; i++, content += width) {
		memcpy(&narrow, notes + content, sizeof(narrow));
		values[i] = narrow;
		if (elf->wide)
			memcpy(&values[i], notes + content, sizeof(values[i]));
	}
	for (i = 0; i < 3; i++) {
		zero = (const char *)memchr(notes + content, 0, (size_t)(end - content));
		if (!zero)
			return -EBADMSG;
		strings[i] = notes + content;
		content = (__u64)(zero - notes) + 1;
	}
	note->address = values[0];
	note->base = values[1];
	note->semaphore = values[2];
	note->provider = strings[0];
	note->name = strings[1];
	note->args = strings[2];
	return 1;
}

/* Whether @c is next in *@text, behind spaces; if so, move on */
static inline bool lskel_usdt_skip(const char **text, char c)
{
	*text += strspn(*text, " ");
	if (**text != c)
		return false;
	++*text;
	return true;
}

static inline bool lskel_usdt_number(const char **text, __u64 *number)
{
	char *end;

	*number = strtoull(*text, &end, 10);	/* negative ones as well */
	if (end == *text)
		return false;
	*text = end;
	return true;
}

/* Where in struct pt_regs the register is whose name is next in *@text; negative:
 * there is none of that name
 */
static inline int lskel_usdt_register(const char **text, bool arm64)
{
	/* In the order of x86-64's struct pt_regs, those of all sizes */
	static const char *const x86[] = {
		" r15 r15d r15w r15b ", " r14 r14d r14w r14b ", " r13 r13d r13w r13b ",
		" r12 r12d r12w r12b ", " rbp ebp bp bpl ", " rbx ebx bx bl ", " r11 r11d r11w r11b ",
		" r10 r10d r10w r10b ", " r9 r9d r9w r9b ", " r8 r8d r8w r8b ", " rax eax ax al ",
		" rcx ecx cx cl ", " rdx edx dx dl ", " rsi esi si sil ", " rdi edi di dil ", "",
		" rip eip ", "", "", " rsp esp sp spl "
	};
	size_t len = strspn(*text, "abcdefghijklmnopqrstuvwxyz0123456789"), i;
	char name[8], other[8];

	if (!len || len > 4)
		return -1;
	snprintf(name, sizeof(name), " %.*s ", (int)len, *text);
	*text += len;
	for (i = 0; !arm64 && i < sizeof(x86) / sizeof(x86[0]); i++)
		if (strstr(x86[i], name))
			return (int)i * 8;
	for (i = 0; arm64 && i < 31; i++) {
		snprintf(other, sizeof(other), " %c%d ", name[1] == 'w' ? 'w' : 'x', (int)i);
		if (!strcmp(name, other))
			return (int)i * 8;
	}
	return arm64 && !strcmp(name, " sp ") ? 31 * 8 : -1;
}

/* What is next in *@text, as the assembler would have it: of x86 %REGISTER,
 * NUMBER(%REGISTER) or $NUMBER, of arm64 REGISTER, [REGISTER, NUMBER] or NUMBER
 */
static inline bool lskel_usdt_operand(const char **text, bool arm64, struct lskel_usdt_arg *arg)
{
	bool number, memory;
	int reg;

	arg->kind = LSKEL_USDT_CONST;
	if (!arm64 && lskel_usdt_skip(text, '$'))
		return lskel_usdt_number(text, &arg->value);
	number = lskel_usdt_number(text, &arg->value);
	if (arm64 && number)
		return true;
	memory = lskel_usdt_skip(text, arm64 ? '[' : '(');
	if (number && !memory)
		return false;
	if (!arm64 && !lskel_usdt_skip(text, '%'))
		return false;
	reg = lskel_usdt_register(text, arm64);
	if (reg < 0)
		return false;
	arg->reg = (__s16)reg;
	arg->kind = memory ? LSKEL_USDT_MEMORY : LSKEL_USDT_REGISTER;
	if (arm64 && memory && lskel_usdt_skip(text, ',') && !lskel_usdt_number(text, &arg->value))
		return false;
	return !memory || lskel_usdt_skip(text, arm64 ? ']' : ')');
}

/* All arguments, SIZE@OPERAND with spaces between them. Returns NULL, or the one that
 * is not understood.
 */
static inline const char *lskel_usdt_args(const char *text, bool arm64, struct lskel_usdt_spec *spec)
{
	const char *begin;
	__u64 size;

	if (*text == ':')	/* as good as none */
		return NULL;
	for (;;) {
		struct lskel_usdt_arg *arg = &spec->args[spec->count];

		text += strspn(text, " ");
		if (!*text)
			return NULL;
		begin = text;
		if (spec->count == LSKEL_USDT_ARGS ||
		    !lskel_usdt_number(&text, &size) || !lskel_usdt_skip(&text, '@') ||
		    !lskel_usdt_operand(&text, arm64, arg) || (*text && *text != ' '))
			return begin;
		arg->is_signed = size >> 63;
		if (arg->is_signed)
			size = -size;
		if (size != 1 && size != 2 && size != 4 && size != 8)
			return begin;
		arg->shift = (__u8)(64 - 8 * size);
		spec->count++;
	}
}

#endif /* LSKEL_USDT_NOTE */
