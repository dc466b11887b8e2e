// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The types of a kernel that has what the test objects attach to */
typedef void (*btf_trace_sys_enter)(void *, void *, long);

btf_trace_sys_enter trace;

int vfs_open(void) { return 0; }
int vfs_release(void) { return 0; }
int bpf_modify_return_test(void) { return 0; }
int bpf_lsm_file_open(void) { return 0; }
int bpf_lsm_socket_create(void) { return 0; }
int bpf_iter_task(void) { return 0; }

/* Symbols, of which some also stand in kernel.symbols */
int kernel_int, kernel_there;
struct some { int a; } kernel_struct;
int kernel_func(int n, void *p) { return n + !p; }

/* For ops.bpf.c */
struct handler_ops {
	long more;
	char name[8];
	int (*second)(void *thing);
	unsigned int flags;
	int (*first)(void *thing);
};

struct bpf_struct_ops_handler_ops {
	int state;
	struct handler_ops data;
} handler;

/* For core.bpf.c */
struct core_inner {
	long more;
	union {
		struct {
			short list[4];
			unsigned long bits : 7;
		};
	};
} inner;

struct core_outer {
	unsigned int narrow;
	struct core_inner *inner;
} outer;

struct core_twice {
	int one, both;
} twice;

struct core_twice___other {
	long both;
} other;

enum core_value {
	CORE_FIRST,
	CORE_VALUE = 0x7fffffff,
} value;
