// SPDX-License-Identifier: GPL-2.0-only
/* Replaces a function of freplace_target; the test names which. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("freplace")
int replacement(int value)
{
	return value;
}

char _license[] SEC("license") = "GPL";
