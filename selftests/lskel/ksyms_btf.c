// SPDX-License-Identifier: GPL-2.0-only
/* Kernel variables, found by the loader in the kernel's BTF: per-CPU ones. */
#include "lifecycle.h"
#include "test_ksyms_btf.lskel.h"

static __u64 symbol(const char *name)
{
	FILE *f = fopen("/proc/kallsyms", "r");
	unsigned long long addr, found = 0;
	char line[256], sym[128], type;

	while (f && !found && fgets(line, sizeof(line), f))
		if (sscanf(line, "%llx %c %127s", &addr, &type, sym) == 3 && !strcmp(sym, name))
			found = addr;
	if (f)
		fclose(f);
	return found;
}

static int fire(struct test_ksyms_btf *skel)
{
	const int cpus = t_nr_cpus();

	memset(skel->data, 0xff, sizeof(*skel->data));
	syscall(__NR_getpgid, 0);
	return (skel->data->out__runqueues_addr == symbol("runqueues")) +
	       (skel->data->out__bpf_prog_active_addr == symbol("bpf_prog_active")) +
	       (skel->data->out__rq_cpu < (__u32)cpus) +
	       (skel->data->out__this_rq_cpu < (__u32)cpus) +
	       (skel->data->out__cpu_0_rq_cpu == 0) +
	       (skel->data->out__bpf_prog_active >= 0) +
	       (skel->data->out__this_bpf_prog_active >= 0);
}

LIFECYCLE(test_ksyms_btf, prepare_nothing, fire, 7)

TEST_HARNESS_MAIN
