/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Maps whose number of entries depends on the machine */
#ifndef LSKEL_ENTRIES
#define LSKEL_ENTRIES

/* As many as there are possible processors, which the kernel lists as "0-3,8" */
static inline __u32 lskel_entries_cpus(__u32 max_entries)
{
	char list[4096] = "", *at = list;
	unsigned long first, last;
	__u32 cpus = 0;
	FILE *file;

	if (max_entries)
		return max_entries;
	file = fopen("/sys/devices/system/cpu/possible", "re");
	if (file) {
		if (!fgets(list, sizeof(list), file))
			list[0] = 0;
		fclose(file);
	}
	while (*at >= '0' && *at <= '9') {
		first = last = strtoul(at, &at, 10);
		if (*at == '-')
			last = strtoul(at + 1, &at, 10);
		cpus += (__u32)(last - first) + 1;
		at += *at == ',';
	}
	return cpus ? cpus : (__u32)sysconf(_SC_NPROCESSORS_CONF);
}

/* A ring buffer has a power of two of pages */
static inline __u32 lskel_entries_pages(__u32 max_entries)
{
	__u64 ring = (__u64)sysconf(_SC_PAGESIZE);

	while (ring < max_entries)
		ring *= 2;
	return max_entries && ring <= UINT32_MAX ? (__u32)ring : max_entries;
}

#endif /* LSKEL_ENTRIES */
