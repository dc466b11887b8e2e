/* SPDX-License-Identifier: GPL-2.0-only */
/* What progs/map_kinds.bpf.c and its test share: the .bss of the former. */
#ifndef MAP_KINDS_H
#define MAP_KINDS_H

#define NR_KINDS	28	/* map types of 5.10; type 0 is none */
#define NR_STEPS	(NR_KINDS + 9)

struct map_kinds {
	/* Set by the test */
	__u32	fail_at;		/* step that is to fail, 0 for none */
	__u32	keep;			/* leave what was made */
	__u32	struct_ops_size;
	__u32	btf_size;
	__u8	btf_raw[256];
	struct bpf_insn filter[2];	/* a socket filter */
	struct bpf_insn user[4];	/* a syscall program that uses a map */

	/* Results */
	__u32	step;			/* the last one taken */
	__s32	btf;
	__s32	inner;
	__s32	maps[NR_KINDS + 1];	/* by type */
	__s32	progs[2];

	/* Where the program builds its attributes */
	__u32	key;
	char	license[4];
	union bpf_attr attr;
};

#endif /* MAP_KINDS_H */
