/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Maps whose number of entries depends on the machine */
#ifndef LSKEL_ENTRIES
#define LSKEL_ENTRIES

/* As many as there are possible processors, which the kernel lists as "0-3,8" */
static inline __u32 lskel_entries_cpus(__u32 max_entries)
{
	unsigned int first, last;
	__u32 cpus = 0;
	int c = ',';
	FILE *file;

	if (max_entries)
		return max_entries;
	file = fopen("/sys/devices/system/cpu/possible", "re");
	while (file && c == ',' && fscanf(file, "%u", &first) == 1) {
		last = first;
		c = getc(file);
		if (c == '-') {
			if (fscanf(file, "%u", &last) != 1)
				break;
			c = getc(file);
		}
		cpus += last - first + 1;
	}
	if (file)
		fclose(file);
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
