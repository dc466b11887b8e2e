/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where things of the running program are in its file */
#ifndef PLACE_H
#define PLACE_H

#include <elf.h>
#include <link.h>

#define EXE	"/proc/self/exe"

static inline __u64 place_of(const void *thing)
{
	const ElfW(Ehdr) *elf;
	const ElfW(Phdr) *phdr;
	ElfW(Addr) base = 0, at;
	extern const char __ehdr_start[];
	int i;

	elf = (const void *)__ehdr_start;
	phdr = (const void *)(__ehdr_start + elf->e_phoff);
	for (i = 0; i < elf->e_phnum; i++)
		if (phdr[i].p_type == PT_LOAD && !phdr[i].p_offset)
			base = (ElfW(Addr))__ehdr_start - phdr[i].p_vaddr;
	at = (ElfW(Addr))thing - base;
	for (i = 0; i < elf->e_phnum; i++)
		if (phdr[i].p_type == PT_LOAD && at - phdr[i].p_vaddr < phdr[i].p_filesz)
			return at - phdr[i].p_vaddr + phdr[i].p_offset;
	return 0;
}

#endif /* PLACE_H */
