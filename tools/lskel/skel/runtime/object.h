/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the generator says about the object, in tables; and the skeleton's struct */

/* Stored bytes, as pieces with only zeroes between them */
struct lskel_piece {
	__u32 offset, size;
	const char *bytes;
};

struct lskel_image {
	const struct lskel_piece *pieces;
	__u32 nr_pieces, size;
};

/* A syscall program that makes some of the steps. Its only map is the blob, its
 * context int slot[], where the steps leave their results.
 */
struct lskel_loader {
	struct lskel_image blob;
	struct lskel_image any;		/* instructions for any choice */
	struct lskel_image usual;	/* if none was made; empty: the same */
	__u32 twin;		/* distance from attributes to those without BTF */
	__u32 first, nr_steps;
};

enum { LSKEL_SLOT_UNSET = INT32_MIN, LSKEL_SLOT_SKIP = INT32_MIN + 1 };

enum lskel_kind {
	LSKEL_STEP_BTF_LOAD,
	LSKEL_STEP_MAP_CREATE,
	LSKEL_STEP_MAP_INIT,
	LSKEL_STEP_MAP_FREEZE,
	LSKEL_STEP_MAP_SLOT,
	LSKEL_STEP_FIND_BTF,
	LSKEL_STEP_FIND_KSYM,
	LSKEL_STEP_PROG_LOAD,	/* from here on, results are descriptors */
	LSKEL_STEP_LINK_CREATE,
	LSKEL_STEP_RAW_TP_OPEN
};

struct lskel_step {
	enum lskel_kind kind;
	bool may_fail;
	bool twin;		/* has attributes that say nothing of BTF, too */
	__u32 slot;
	__u32 attr;		/* offset in the blob; of FIND_KSYM: of the address */
	const char *object;
	__u32 needs;		/* enum lskel_net, and << 8 a release, see lskel_release() */
};

/* CAP_NET_ADMIN, to create a map or attach a program; or CAP_SYS_ADMIN, to load it */
enum lskel_net { LSKEL_NET = 1, LSKEL_NET_OR_SYS = 2 };

#define LSKEL_NONE	0xffffffff

/* The slot of a map is its index. Offsets of members of the skeleton are 0 if
 * there is no such member.
 */
struct lskel_map_desc {
	const char *name;
	__u32 member;		/* offset of its struct lskel_map */
	__u32 step;		/* that creates it */
	__u32 max_entries;
	__u32 (*entries)(__u32 max_entries);	/* what it becomes here, or 0: the same */
	bool pin;
	bool choice;		/* the user may bring it along, or do without it */
	bool read_only;
	__u32 data;		/* offset of the pointer to its value */
	__u32 data_size;
	__u32 data_loader;	/* whose blob has the initial value ... */
	__u32 data_offset;	/* ... here, or LSKEL_NONE: zero */
};

struct lskel;
struct lskel_prog_desc;
struct lskel_ready;
struct lskel_where;
struct lskel_attach_kind;
struct lskel_attached;
struct lskel_extern;
struct lskel_values;

/* A program; or a table of operations, which is attached like one, and whose map
 * is its descriptor
 */
struct lskel_prog_desc {
	const char *name;
	const char *ident;	/* in names of functions */
	const char *sec;
	__u32 slot;
	__u32 step;		/* that loads it */
	__u32 fd, link;		/* offsets of int */
	__u32 autoload;		/* offset of bool */
	bool optional;		/* which is false unless set */
	__u32 target;		/* offset of int: fd of a program ... */
	const char *target_func; /* ... that has this function, or: */
	__u32 target_name;	/* offset of const char *: its name */
	const struct lskel_attach_kind *kind;	/* 0: is not attached ... */
	const char *why_not;	/* ... as it is one "which ..." */
	const struct lskel_where *where;	/* 0: the user must say */
	bool called;		/* otherwise, as from a slot of a prog array */
	__u32 attach_type;
	__u32 insns;		/* where in the blob its instructions are */
};

/* What only some objects need is a part of its own, with its functions here.
 * They return a negative errno, with a sentence, if they fail. 0: none.
 */
struct lskel_part {
	/* Before the steps */
	int (*begin)(struct lskel *skel, int *slots);
	/* Change the blob of a loader before its run */
	int (*prepare)(struct lskel *skel, struct lskel_ready *ready, const int *slots);
	/* After the steps, and how to undo that if the load fails yet */
	int (*end)(struct lskel *skel, const int *slots);
	void (*undo)(struct lskel *skel);
	/* Add to the sentence about a step that failed */
	void (*tell)(struct lskel *skel, const struct lskel_ready *ready,
		     const struct lskel_step *step, int err);
	/* The kernel refused the instructions of a loader: 1 if they are others now */
	int (*refused)(struct lskel *skel, const struct lskel_ready *ready, char *insns, __u32 size);
	/* The skeleton's life: for what is kept beyond a load. After open() failed,
	 * or was not called, destroy() is called too.
	 */
	int (*open)(struct lskel *skel);
	void (*destroy)(struct lskel *skel);
	/* The load is done: take descriptors, whose slots become LSKEL_SLOT_UNSET */
	void (*take)(struct lskel *skel, int *slots);
};

struct lskel_object {
	const char *name;
	__u32 size;		/* of the skeleton's struct */
	__u32 nr_slots, nr_loaders, nr_steps, nr_maps, nr_progs, nr_parts;
	__u32 nr_attach;	/* programs, and behind them what else is attached */
	__u32 pin_dir;		/* offset of const char *, or 0 */
	const struct lskel_loader *loaders;
	const struct lskel_step *steps;
	const struct lskel_map_desc *maps;
	const struct lskel_prog_desc *progs;
	const struct lskel_part *const *parts;
	const struct lskel_kernels *kernels;	/* of a part */
	const struct lskel_ops *ops;		/* of another: nr_attach - nr_progs of them */
	__u32 links;		/* slots of what the loader attached, by program: the first */
	const struct lskel_extern *externs;
	const __u32 *users;	/* indices of programs */
	__u32 nr_externs;
	__u32 kconfig;		/* offset of the pointer to section .kconfig */
	__u32 config;		/* offset of const char *: text of the user's */
	int (*read_config)(struct lskel *skel, struct lskel_values *values);
};

/* The beginning of every skeleton */
struct lskel {
	const struct lskel_object *object;
	bool loaded;
	bool loading;		/* not all that fails makes the load fail */
	bool usual;		/* the load is what the object asks for */
	bool denied;		/* by the kernel, and not for a missing capability */
	bool *given;		/* by map: the load does not create it */
	const struct lskel_layout *layouts;	/* what is known of tables beforehand */
	struct lskel_table *tables;
	struct lskel_attached *attached;	/* nr_attach; NULL: none was attached yet */
	char error[1024];
	char *log;
};
