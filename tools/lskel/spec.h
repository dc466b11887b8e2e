/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a BPF object: what has to be loaded, and nothing of how.
 *
 * collect.c builds it from ELF and BTF, reloc.c links the programs in it, and
 * from then on it is only read. It is a function of the object file and the
 * options alone; what depends on the target (number of processors, page size)
 * is named here and filled in there.
 *
 * Numbers are in the byte order of the host, unless they are called raw bytes.
 * Everything lives in the arena of the struct spec. References between parts
 * are indices.
 */
#ifndef LSKEL_SPEC_H
#define LSKEL_SPEC_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/arena.h"
#include "lib/sink.h"

#define SPEC_NONE	(-1)

/* Types that headers need not know */
#define MAP_TYPE_CGRP_STORAGE	32	/* Linux 6.2; needs BTF */
#define MAP_TYPE_ARENA		33	/* Linux 6.9 */
#define PROG_TYPE_NETFILTER	32	/* Linux 6.4 */

/* What a map's max_entries is taken from on the target, see spec_map */
enum spec_entries {
	ENTRIES_FIXED,		/* the number in the object */
	ENTRIES_CPUS,		/* one per possible CPU, as the object says 0 */
	ENTRIES_PAGES,		/* bytes of a ring buffer: rounded up to a
				 * power of two of the target's pages
				 */
};

enum spec_map_kind {
	MAP_DEFINED,		/* defined by the object's source */
	MAP_DATA,		/* a section .data* */
	MAP_RODATA,		/* a section .rodata*: frozen once filled */
	MAP_BSS,		/* a section .bss*: zero */
	MAP_KCONFIG,		/* the externs of .kconfig: the target's values,
				 * frozen once filled
				 */
	MAP_OPS,		/* a variable in .struct_ops: a table of
				 * operations
				 */
};

/* A static slot of a prog array or a map of maps */
struct spec_map_slot {
	uint32_t key;
	int ref;		/* index of a program (prog array) or of a map */
};

/* A table of operations: a structure of the kernel's with functions that are
 * programs. The kernel has the members that have these names, which are elsewhere;
 * that, the ids of types, and the size of the map's value only its types say.
 */
struct spec_member {
	const char *name;	/* "": of an anonymous structure or union */
	uint32_t offset, size;	/* bytes */
	uint32_t kind;		/* BTF_KIND_*, behind typedefs and qualifiers */
	int prog;		/* the program that it is, or SPEC_NONE */
};

struct spec_ops {
	const char *name;	/* of the structure in the kernel */
	uint32_t type, size;	/* id in spec.btf; bytes */
	VEC(struct spec_member) members;
	uint8_t *value;		/* raw bytes, zero for programs */
	bool link;		/* is registered by a link (Linux 6.4) */
};

struct spec_map {
	const char *name;	/* of the symbol, or of the section */
	const char *kernel_name; /* as libbpf passes it, at most 15 characters */
	const char *section;
	uint64_t offset;	/* of its definition in section, bytes */
	enum spec_map_kind kind;

	uint32_t type;		/* enum bpf_map_type */
	uint32_t key_size;	/* bytes */
	uint32_t value_size;	/* bytes */
	uint32_t max_entries;
	enum spec_entries entries;
	uint32_t flags;		/* BPF_F_* of MAP_CREATE */
	uint32_t numa_node;	/* counts if flags has BPF_F_NUMA_NODE */
	uint64_t map_extra;
	uint32_t btf_key_type_id;	/* ids in spec.btf, or 0 */
	uint32_t btf_value_type_id;
	bool pin_by_name;	/* LIBBPF_PIN_BY_NAME */

	int inner;		/* a map of maps: index of the prototype, which
				 * is created for this purpose alone if it is
				 * inner_only; else SPEC_NONE
				 */
	bool inner_only;	/* this map exists only as a prototype */
	VEC(struct spec_map_slot) slots;

	/* A data section: value_size bytes, or NULL if all are zero. The BTF
	 * type of its variables is datasec, or 0.
	 */
	const uint8_t *data;
	uint32_t datasec;

	struct spec_ops *ops;	/* of MAP_OPS, or NULL */
};

/* May nobody write it once it is filled? */
static inline bool spec_map_is_frozen(const struct spec_map *map)
{
	return map->kind == MAP_RODATA || map->kind == MAP_KCONFIG;
}

/* How a program is linked to what it watches, once loaded. attach.c says more. */
enum spec_attach {
	ATTACH_RUN,		/* not at all: it is run by hand */
	ATTACH_RAW_TRACEPOINT,	/* by name */
	ATTACH_TRACING,		/* to what the load named */
	ATTACH_FREPLACE,
	ATTACH_ITER,
	ATTACH_TRACEPOINT, ATTACH_PERF_EVENT,
	ATTACH_KPROBE, ATTACH_KRETPROBE, ATTACH_KSYSCALL, ATTACH_KRETSYSCALL,
	ATTACH_KPROBE_MULTI, ATTACH_KRETPROBE_MULTI,
	ATTACH_UPROBE, ATTACH_URETPROBE, ATTACH_UPROBE_MULTI, ATTACH_URETPROBE_MULTI, ATTACH_USDT,
	ATTACH_CGROUP,
	ATTACH_CGROUP_ANY,	/* the user says in which direction */
	ATTACH_NETNS, ATTACH_XDP, ATTACH_DEVMAP, ATTACH_CPUMAP,
	ATTACH_TC, ATTACH_TC_ACTION, ATTACH_LWT,
	ATTACH_MAP,		/* of sockets */
	ATTACH_MAP_ANY,		/* the user says what for */
	ATTACH_SOCKET, ATTACH_REUSEPORT, ATTACH_LIRC, ATTACH_STRUCT_OPS,
	ATTACH_TCX, ATTACH_NETKIT, ATTACH_NETFILTER,
	ATTACH_KINDS
};

/* Line or function records, as the kernel takes them */
struct spec_records {
	void *items;		/* rec_size bytes each, host byte order */
	uint32_t rec_size;
	uint32_t n;
};

/* An ld_imm64 that names a map. What else was relocated is final in insns. */
struct spec_map_ref {
	uint32_t insn;		/* index of the first of the two */
	int map;
	bool value;		/* the address of its value plus offset, not of
				 * the map
				 */
	uint32_t offset;	/* bytes */
};

/* A CO-RE relocation, as it is in the file. What it means, only the types of a
 * target say.
 */
struct spec_core {
	struct bpf_core_relo relo;	/* insn_off in section */
	const char *section;
	const char *func;		/* NULL: of code that nobody calls */
	bool optional;			/* only in programs without autoload */
};

/* An instruction of a program that has one */
struct spec_core_ref {
	uint32_t insn;		/* index of the first, if it is two */
	uint32_t core;		/* index in spec.core */
};

/* What the object expects to find in the kernel */
enum spec_extern_kind {
	EXTERN_KCONFIG,		/* a value of its configuration, or about it */
	EXTERN_VAR,		/* a variable that its BTF knows */
	EXTERN_FUNC,		/* a function that its BTF knows */
	EXTERN_ADDRESS,		/* the address of any symbol: extern const void */
};

/* How a value of .kconfig is stored */
enum spec_kconfig {
	KCONFIG_BOOL,
	KCONFIG_TRISTATE,	/* enum libbpf_tristate */
	KCONFIG_CHAR,		/* y, m, n or a number */
	KCONFIG_INT,
	KCONFIG_STRING,		/* array of char, ends with NUL */
};

struct spec_extern {
	const char *name;
	enum spec_extern_kind kind;
	bool weak;		/* zero if there is none */
	uint32_t type;		/* id of its type, or of the function; behind
				 * typedefs and qualifiers; 0: void
				 */

	/* In map .kconfig */
	enum spec_kconfig value;
	bool is_signed;
	uint32_t offset, size;	/* bytes */
};

/* An ld_imm64, or a call, that names an extern. What is in insns is what it is if
 * a weak one is missing.
 */
struct spec_ksym_ref {
	uint32_t insn;		/* index */
	int ext;		/* index; never one of .kconfig */
	bool call;
};

struct spec_prog {
	const char *name;	/* of the function */
	const char *section;	/* as in the object, with '?' */
	uint64_t offset;	/* in section, bytes */
	const char *sec_name;	/* the entry of the table of section names that
				 * it matched, e.g. "fentry.s"; NULL: none
				 */
	uint32_t type;		/* enum bpf_prog_type */
	uint32_t expected_attach_type;
	uint32_t flags;		/* BPF_F_* of PROG_LOAD */
	bool autoload;		/* false: SEC("?...") */

	struct bpf_insn *insns;	/* subprograms appended after reloc */
	uint32_t insn_cnt;
	VEC(struct spec_map_ref) map_refs;
	VEC(struct spec_ksym_ref) ksym_refs;
	struct spec_records func_info, line_info;
	VEC(struct spec_core_ref) core;

	/* The kernel function, tracepoint, hook or type that PROG_LOAD names by
	 * its id in the target's BTF: name with its prefix ("bpf_lsm_",
	 * "btf_trace_", "bpf_iter_"), the kind BTF_KIND_* to look for, and the
	 * module if the section named one.
	 */
	const char *btf_target;	/* NULL: none */
	uint32_t btf_target_kind;
	const char *btf_target_module;
	bool target_prog;	/* freplace, or tracing of a BPF program: the
				 * target is a program that only the user knows
				 */
	const char *target_func; /* in that program, or NULL */

	/* The first table of operations that it is in; it is the same member of
	 * others.
	 */
	int table;		/* index of a map, or SPEC_NONE */
	uint32_t member;	/* index */

	enum spec_attach attach;
	const char *attach_arg;	/* what follows the section's prefix: the name
				 * of a tracepoint, ...; NULL: nothing
				 */
};

struct spec {
	struct arena *arena;
	struct sink *sink;
	const char *file;	/* for messages */
	const char *name;	/* of the object: its file's name up to the
				 * first dot
				 */
	bool big_endian;	/* the target's byte order */

	const char *license;
	uint32_t kern_version;

	/* BTF in the target's byte order, raw bytes, with the sizes and offsets
	 * of its DATASECs filled in; NULL: the object has none. The reduced one
	 * has the same type ids and only kinds that every kernel with syscall
	 * programs knows; NULL: the full one is so already.
	 */
	const uint8_t *btf;
	uint32_t btf_size;	/* bytes */
	const uint8_t *reduced_btf;
	uint32_t reduced_btf_size;
	const struct btf *types; /* the same for libbpf's reader, native */

	VEC(struct spec_map) maps;
	VEC(struct spec_extern) externs;
	VEC(struct spec_prog) progs;
	VEC(struct spec_core) core;	/* in the order of the file */
	bool core_open;		/* the caller of a load may apply these itself */
	bool attach_in_loader;	/* the loader attaches what it can */
};

/* The member of a table that a program is; NULL: none */
static inline const struct spec_member *spec_member_of(const struct spec *spec,
						       const struct spec_prog *prog)
{
	return prog->table == SPEC_NONE ? NULL :
	       &spec->maps.items[prog->table].ops->members.items[prog->member];
}

#endif /* LSKEL_SPEC_H */
