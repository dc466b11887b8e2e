/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Helpers of the tests: bpf(2) without a library in between, programs as
 * instruction arrays, nested commands, and a count of what is left behind.
 *
 * Errors are negative errno values throughout.
 */
#ifndef T_H
#define T_H

#include <errno.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* tools/include/linux of the kernel tree: BPF_MOV64_REG() and friends */
#include "../../include/linux/filter.h"

/* ldimm64 with any pseudo kind: @kind goes into src_reg */
#define T_LDIMM64(dst, kind, imm0, imm1) \
	BPF_LD_IMM64_RAW_FULL(dst, kind, 0, 0, imm0, imm1)

/* bpf() called by a program: the attribute is @size bytes of its stack, at fp + @off */
#define T_SYS_BPF(cmd, off, size)					\
	BPF_MOV64_IMM(BPF_REG_1, cmd),					\
	BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),				\
	BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, off),				\
	BPF_MOV64_IMM(BPF_REG_3, size),					\
	BPF_EMIT_CALL(BPF_FUNC_sys_bpf)

#define T_ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define T_LOG_SIZE	(1 << 20)
#define T_ATTR_MAX	8192

/*
 * union bpf_attr with room behind it, and the fields that came after 6.1.
 * The space after the last known field is there to be filled with garbage.
 */
union t_attr {
	union bpf_attr bpf;
	struct {
		__u8	up_to_core_relo_rec_size[140];
		__u32	log_true_size;
		__s32	prog_token_fd;
		__u32	fd_array_cnt;
		__u64	signature;
		__u32	signature_size;
		__s32	keyring_id;
	} load;
	struct {
		__u8	up_to_btf_vmlinux_value_type_id[64];
		__u64	map_extra;
		__s32	value_type_btf_obj_fd;
		__s32	map_token_fd;
		__u64	excl_prog_hash;
		__u32	excl_prog_hash_size;
	} map;
	__u8	bytes[T_ATTR_MAX];
};

#define t_attr_end(member) \
	(offsetof(union t_attr, member) + sizeof(((union t_attr *)0)->member))

static inline __u64 t_ptr(const void *p)
{
	return (unsigned long)p;
}

/* bpf.c: commands */
int t_bpf(unsigned int cmd, void *attr, unsigned int size);

/* The verifier's log of the last load that failed */
extern char t_log[T_LOG_SIZE];

void t_prog_attr(union t_attr *attr, const struct bpf_insn *insns, size_t cnt);
int t_load_attr(union t_attr *attr, unsigned int size);
int t_load(const struct bpf_insn *insns, size_t cnt);
int t_load_type(unsigned int type, const struct bpf_insn *insns, size_t cnt);
#define T_LOAD(insns) t_load(insns, T_ARRAY_SIZE(insns))
/* Whether it loads is all that matters: close @fd if it is one, and return 0 */
int t_drop(int fd);

/* The log says that the program's type does not have the helper it calls */
bool t_log_no_helper(void);

int t_run(int prog_fd, void *ctx, unsigned int ctx_size, __u32 *retval);
/* Load, run once, close: the result of the first step that failed, or 0 */
int t_load_run(const struct bpf_insn *insns, size_t cnt, void *ctx,
	       unsigned int ctx_size, __u32 *retval);

int t_map(unsigned int type, unsigned int key_size, unsigned int value_size,
	  unsigned int max_entries, unsigned int flags);
int t_map_update(int fd, const void *key, const void *value);
int t_map_lookup(int fd, const void *key, void *value);
__u32 t_map_id(int fd);
__u32 t_prog_id(int fd);

/*
 * calls.c: does a syscall program load that calls @func(8 bytes of stack, 8, 0),
 * or bpf_sys_bpf()?
 */
int t_try_read(int func);
int t_try_sys_bpf(void);

/* btf.c: a minimal BTF object, "int" (1), "int f(void)" (2, 3) */
int t_btf_load(void);
const void *t_btf_raw(unsigned int *size);
int t_btf_by_id(__u32 id);
int t_btf_info(int fd, void *info, __u32 size);	/* struct bpf_btf_info */
/* A descriptor of the BTF called @name, of the kernel or a module, or -ENOENT */
int t_kernel_btf(const char *name);

/*
 * nested.c: bpf_sys_bpf() as if it were bpf(2). A program runs the helper on
 * an attribute that lies in @mem; @mem is the user's and @kaddr the kernel's
 * view of the same bytes, so pointers into the kernel are plain numbers here.
 */
struct t_nested {
	int	prog_fd;
	int	map_fd;
	__u8	*mem;
	size_t	size;
	__u64	kaddr;
	size_t	used;
};

#define T_NESTED_DATA	(2 * T_ATTR_MAX)	/* where data starts in mem */

int t_nested_open(struct t_nested *n, size_t size);
void t_nested_close(struct t_nested *n);
/* Copy @data into the kernel's memory and return where it is */
__u64 t_nested_put(struct t_nested *n, const void *data, size_t size);
/* The kernel's address of the @size bytes at the very end of mem */
__u64 t_nested_end(struct t_nested *n, size_t size);
long t_nested_bpf(struct t_nested *n, unsigned int cmd, const void *attr,
		  unsigned int size);
/* The same with the attribute at @off of mem, which the caller has filled */
long t_nested_bpf_at(struct t_nested *n, unsigned int cmd, unsigned int off,
		     unsigned int size);

/*
 * name_race.c: @func(name, size, arg3, arg4) runs again and again on a name at
 * the very end of a map, while the last byte, which ends it, comes and goes.
 * True if it only ever returned 0 and up, -EINVAL or -ENOENT.
 */
bool t_name_race(int func, const char *name, const struct bpf_insn *args,
		 size_t arg_cnt);

/* live.c: what exists in the kernel and in this process */
struct t_live {
	unsigned int maps, progs, btfs, links, fds;
};

void t_live_count(struct t_live *live);
/* True once there is no more than @before lists: freeing is asynchronous */
bool t_live_back_to(const struct t_live *before);

/* task.c: the machine and the rights of the calling thread */
bool t_kernel_is_ours(void);
int t_release(void);			/* 5.10 is 510, 6.1 is 601 */
int t_caps_keep(__u64 mask);
int t_write(const char *path, const char *text);
int t_read(const char *path, char *text, size_t size);
int t_nr_cpus(void);

#define T_CAP(nr)	(1ULL << (nr))
/* 0 lets tasks without rights use bpf(2), unless it is 1 until the next boot */
#define T_UNPRIVILEGED_OFF	"/proc/sys/kernel/unprivileged_bpf_disabled"

/* fault.c: a page whose first access waits until the test lets it through */
struct t_fault {
	int	uffd;
	void	*page;
};

int t_fault_open(struct t_fault *f);
/* Wait until somebody touched the page */
int t_fault_wait(struct t_fault *f);
/* Fill the page with @byte and let the accesses go on */
int t_fault_resolve(struct t_fault *f, __u8 byte);
void t_fault_close(struct t_fault *f);

/*
 * module.c: a module of the kernel's build, made for the tests of module BTF. It can
 * be loaded under any name, and with other BTF than its own.
 */
#define T_MODULE	"btf_module_test"

bool t_module_available(void);
/* @btf may be NULL: the module's own */
int t_module_load(const char *name, const char *args, const void *btf, size_t btf_size);
int t_module_unload(const char *name);	/* -EAGAIN if it is in use */
/* The same, once what is in use is not any more: programs go some time later */
int t_module_unload_soon(const char *name);

/*
 * inject.c: failing allocations, see fault-injection in the kernel's docs. What
 * t_inject_available() opens, which is counted as live, t_inject_end() closes.
 */
bool t_inject_available(void);
void t_inject_end(void);
void t_inject_nth(unsigned int nth);	/* the nth one of this thread fails */
bool t_inject_done(void);		/* it has failed since t_inject_nth() */
/*
 * PROG_LOAD with one allocation failing, the first, the second, and so on until
 * none does. How many loads failed, or a negative errno: of the last one, or
 * -E2BIG if there is no end.
 */
int t_inject_loads(union t_attr *attr, __u32 size);

#endif /* T_H */
