/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What of bpf(2) is used, and what a strict compiler hides */

/* A strict -std= hides these */
#ifndef __cplusplus
long syscall(long number, ...);
#endif

#if defined(O_CLOEXEC)
#define LSKEL_O_CLOEXEC		O_CLOEXEC
#elif defined(__alpha__) || defined(__hppa__)
#define LSKEL_O_CLOEXEC		010000000
#elif defined(__sparc__)
#define LSKEL_O_CLOEXEC		0x400000
#else
#define LSKEL_O_CLOEXEC		02000000
#endif

#ifdef __cplusplus
#define LSKEL_ASSERT(condition)	static_assert(condition, #condition)
#else
#define LSKEL_ASSERT(condition)	_Static_assert(condition, #condition)
#endif

/* What of bpf(2) is used here. The kernel's own header may be older. */
enum {
	LSKEL_MAP_CREATE		= 0,
	LSKEL_PROG_LOAD			= 5,
	LSKEL_PROG_TEST_RUN		= 10,

	LSKEL_MAP_TYPE_ARRAY		= 2,
	LSKEL_PROG_TYPE_SYSCALL		= 31,
	LSKEL_F_SLEEPABLE		= 1 << 4,	/* of PROG_LOAD */
	LSKEL_F_MMAPABLE		= 1 << 10	/* of MAP_CREATE */
};

struct lskel_map_attr {
	__u32 map_type, key_size, value_size, max_entries, map_flags;
	__u32 inner_map_fd, numa_node;
	char map_name[16];
	__u32 map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id;
	__u32 btf_vmlinux_value_type_id;
	__u64 map_extra;
};

struct lskel_load_attr {
	__u32 prog_type, insn_cnt;
	__u64 insns, license;
	__u32 log_level, log_size;
	__u64 log_buf;
	__u32 kern_version, prog_flags;
	char prog_name[16];
	__u32 prog_ifindex, expected_attach_type, prog_btf_fd;
	__u32 func_info_rec_size;
	__u64 func_info;
	__u32 func_info_cnt, line_info_rec_size;
	__u64 line_info;
	__u32 line_info_cnt, attach_btf_id, attach_prog_fd, core_relo_cnt;
	__u64 fd_array;
};

struct lskel_run_attr {
	__u32 prog_fd, retval, data_size_in, data_size_out;
	__u64 data_in, data_out;
	__u32 repeat, duration, ctx_size_in, ctx_size_out;
	__u64 ctx_in, ctx_out;
};

LSKEL_ASSERT(offsetof(struct lskel_map_attr, map_extra) == 64);
LSKEL_ASSERT(offsetof(struct lskel_load_attr, attach_btf_id) == 108);
LSKEL_ASSERT(offsetof(struct lskel_load_attr, fd_array) == 120);
LSKEL_ASSERT(offsetof(struct lskel_run_attr, ctx_in) == 48);
