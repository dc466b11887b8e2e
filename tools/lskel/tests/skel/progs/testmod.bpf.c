// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Variables of the module that is made for tests of module BTF */
#include "progs.h"

struct btf_module_test_pair {
	int first;
	long second;
	struct btf_module_test_pair *next;
};

extern const int btf_module_test_percpu __ksym;
extern const struct btf_module_test_pair btf_module_test_percpu_pair __ksym __weak;
extern const int btf_module_test_percpu_array __ksym;

int pid;
long sum;

SEC("raw_tp/sys_enter")
int variables(void *ctx)
{
	const struct btf_module_test_pair *pair = bpf_this_cpu_ptr(&btf_module_test_percpu_pair);
	const int *value = bpf_this_cpu_ptr(&btf_module_test_percpu);

	if (IS_MINE)
		sum = *value + pair->first + pair->second;
	return 0;
}

SEC("?raw_tp/sys_enter")
int other_type(void *ctx)
{
	return (long)&btf_module_test_percpu_array;
}

SEC("?fentry/btf_module_test:set_go")
int function(void *ctx)
{
	return 0;
}
