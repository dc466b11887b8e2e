/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tracepoints of a program: an instruction that does nothing, and a note about it, as
 * <sys/sdt.h> of SystemTap makes them
 */
#ifndef USDT_H
#define USDT_H

/* A note about label 990. @args: a string of SIZE@OPERAND; @semaphore: its symbol, or "0" */
#define USDT_NOTE(name, semaphore, args)					\
		"	.pushsection .note.stapsdt, \"?\", \"note\"\n"		\
		"	.balign 4\n"						\
		"	.4byte 992f - 991f, 994f - 993f, 3\n"			\
		"991:	.asciz \"stapsdt\"\n"					\
		"992:	.balign 4\n"						\
		"993:	.8byte 990b, _.stapsdt.base, " semaphore "\n"		\
		"	.asciz \"lskel\", \"" name "\", \"" args "\"\n"		\
		"994:	.balign 4\n"						\
		"	.popsection\n"						\
		"	.ifndef _.stapsdt.base\n"				\
		"	.pushsection .stapsdt.base, \"aG\", \"progbits\", "	\
				".stapsdt.base, comdat\n"			\
		"	.weak _.stapsdt.base\n"					\
		"	.hidden _.stapsdt.base\n"				\
		"_.stapsdt.base: .space 1\n"					\
		"	.size _.stapsdt.base, 1\n"				\
		"	.popsection\n"						\
		"	.endif\n"

#define USDT_TEXT(name, semaphore, args) \
		"990:	nop\n" USDT_NOTE(name, semaphore, args)

/* The operands are those of @args */
#define USDT(name, semaphore, args, ...) \
	asm volatile(USDT_TEXT(name, semaphore, args) : : __VA_ARGS__)

#endif /* USDT_H */
