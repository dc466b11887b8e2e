// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// refused: section version: not one number of 4 bytes
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 _version SEC("version") = 1;
