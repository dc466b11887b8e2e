/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of types that stand for one type: "task_struct___old" for "task_struct" */
#ifndef BPF_CORE_FLAVOUR_H
#define BPF_CORE_FLAVOUR_H

/**
 * core_essential_len() - length of a name without its flavour
 * @name: the name
 * @len: its length in bytes
 *
 * A flavour begins with the last three underscores, exactly three, that have
 * something before and behind. Looking at every third byte finds them.
 *
 * Return: the number of bytes.
 */
static inline u32 core_essential_len(const char *name, u32 len)
{
	int i, end;

	for (i = (int)len - 3; i > 0; i -= 3) {
		if (name[i] != '_')
			continue;
		for (end = i + 1; name[end] == '_'; end++)
			;
		while (i > 0 && name[i - 1] == '_')
			i--;
		if (end - i == 3 && i > 0 && name[end])
			return i;
	}
	return len;
}

#endif /* BPF_CORE_FLAVOUR_H */
