// SPDX-License-Identifier: GPL-2.0-only
/* What bpf(2) takes and gives, by the linux/bpf.h that BPF_H names */
#include BPF_H

union bpf_attr attr;
struct bpf_insn insn;
struct bpf_prog_info prog_info;
struct bpf_map_info map_info;
struct bpf_btf_info btf_info;
struct bpf_link_info link_info;
struct bpf_func_info func_info;
struct bpf_line_info line_info;
enum bpf_cmd cmd;
enum bpf_map_type map_type;
enum bpf_prog_type prog_type;
enum bpf_attach_type attach_type;
enum bpf_link_type link_type;
enum bpf_func_id func_id;
