// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What bpf(2) costs, in instructions of user space and kernel together.
 *
 *	bpf [syscall-prog]
 *
 * To be run where the time stamp counter counts instructions (scripts/vm
 * --icount). Prints a line per item: NAME, MEDIAN, MINIMUM, with tabs between.
 * With "syscall-prog" it measures programs of that type too.
 */
#include "bench.h"
#include "t.h"

#include <linux/btf.h>
#include <sched.h>
#include <sys/resource.h>

#define ROUNDS		201
#define WARM_UP		20
#define VALUE_MAX	(1 << 20)
#define LONG_PROG	200
#define HOLES		1500	/* more than fit the first chunk of per-CPU memory */
#define SMALL_HOLES	30000

/* Interrupts hit some of the rounds, hence the median */
struct samples {
	__u64	spent[ROUNDS];
};

static __u64 overhead;

/* Spend 2 * @turns instructions */
static void spin(unsigned long turns)
{
	asm volatile("1: dec %0; jnz 1b" : "+r"(turns) : : "cc");
}

static int compare(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

static __u64 median(struct samples *s)
{
	qsort(s->spent, ROUNDS, sizeof(s->spent[0]), compare);
	return s->spent[ROUNDS / 2];
}

static void report(const char *what, const char *item, struct samples *s)
{
	__u64 middle = median(s);

	printf("%s, %s\t%llu\t%llu\n", what, item, middle - overhead,
	       s->spent[0] - overhead);
}

static __u64 spin_cost(unsigned long turns)
{
	struct samples s;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		__u64 start = instructions();

		spin(turns);
		s.spent[i] = instructions() - start;
	}
	return median(&s);
}

/* Learn what measuring costs, and that it measures instructions */
static void calibrate(void)
{
	const unsigned long turns[] = { 500, 50000 };
	unsigned int i;

	overhead = spin_cost(1) - 2;
	for (i = 0; i < T_ARRAY_SIZE(turns); i++) {
		__u64 spent = spin_cost(turns[i]) - overhead;

		if (spent != 2 * turns[i])
			die("%lu instructions count as %llu: is this a guest of 'vm --icount'?",
			    2 * turns[i], spent);
		printf("# %lu instructions count as %llu\n", 2 * turns[i], spent);
	}
	printf("# measuring takes %llu, which are subtracted\n", overhead);
}

static void measure(const char *what, const char *item, unsigned int cmd,
		    union t_attr *attr, unsigned int size)
{
	struct samples s;
	int i, ret;

	for (i = -WARM_UP; i < ROUNDS; i++) {
		__u64 start = instructions();

		ret = t_bpf(cmd, attr, size);
		s.spent[i < 0 ? 0 : i] = instructions() - start;
		if (ret)
			die("%s, %s: %s", what, item, strerror(-ret));
	}
	report(what, item, &s);
}

/*
 * A command whose result is a file descriptor, and its close(). What a round
 * makes stays until all are made: the next one then finds memory as it was left,
 * which costs more or less by chance if something was freed in between.
 */
static void measure_fd(const char *what, const char *undo, const char *item,
		       unsigned int cmd, union t_attr *attr, unsigned int size)
{
	struct samples make, unmake;
	int i, fds[ROUNDS];
	__u64 start;

	for (i = 0; i < ROUNDS; i++) {
		start = instructions();
		fds[i] = t_bpf(cmd, attr, size);
		make.spent[i] = instructions() - start;
		if (fds[i] < 0)
			die("%s, %s: %s", what, item, strerror(-fds[i]));
	}
	for (i = 0; i < ROUNDS; i++) {
		start = instructions();
		close(fds[i]);
		unmake.spent[i] = instructions() - start;
		/* The kernel frees later what was closed: let it finish */
		usleep(20000);
	}
	report(what, item, &make);
	report(undo, item, &unmake);
}

static void measure_elements(unsigned int type, const char *name,
			     unsigned int value_size, const char *size)
{
	static char value[VALUE_MAX];
	union t_attr attr = {};
	char item[64];
	__u32 key = 0;
	int fd;

	snprintf(item, sizeof(item), "%s, %s", name, size);
	fd = t_map(type, sizeof(key), value_size, 1, 0);
	if (fd < 0)
		die("no map for %s: %s", item, strerror(-fd));
	attr.bpf.map_fd = fd;
	attr.bpf.key = t_ptr(&key);
	attr.bpf.value = t_ptr(value);
	measure("update", item, BPF_MAP_UPDATE_ELEM, &attr, t_attr_end(bpf.flags));
	measure("lookup", item, BPF_MAP_LOOKUP_ELEM, &attr, t_attr_end(bpf.flags));
	close(fd);
}

static void measure_map(unsigned int type, const char *name)
{
	union t_attr attr = {};

	attr.bpf.map_type = type;
	attr.bpf.key_size = 4;
	attr.bpf.value_size = 8;
	attr.bpf.max_entries = 16;
	measure_fd("map create", "map close", name, BPF_MAP_CREATE, &attr,
		   t_attr_end(bpf.map_flags));
}

static void measure_load(const struct bpf_insn *insns, unsigned int cnt,
			 const char *name)
{
	union t_attr attr;

	t_prog_attr(&attr, insns, cnt);
	attr.bpf.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.bpf.prog_flags = 0;
	measure_fd("prog load", "prog close", name, BPF_PROG_LOAD, &attr,
		   t_attr_end(bpf.attach_prog_fd));
}

static const struct bpf_insn empty[] = {
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

/* Some map accesses, and as much arithmetic as it takes */
static void measure_long_load(void)
{
	int map_fd = t_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0);
	const struct bpf_insn access[] = {
		BPF_ST_MEM(BPF_W, BPF_REG_10, -4, 0),
		BPF_LD_MAP_FD(BPF_REG_1, map_fd),
		BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -4),
		BPF_EMIT_CALL(BPF_FUNC_map_lookup_elem),
	};
	const struct bpf_insn arithmetic = BPF_ALU64_IMM(BPF_ADD, BPF_REG_6, 1);
	struct bpf_insn insns[LONG_PROG] = { BPF_MOV64_IMM(BPF_REG_6, 0) };
	unsigned int i, at = 1;

	if (map_fd < 0)
		die("no map for a program: %s", strerror(-map_fd));
	for (i = 0; i < 10; i++, at += T_ARRAY_SIZE(access))
		memcpy(insns + at, access, sizeof(access));
	while (at < LONG_PROG - T_ARRAY_SIZE(empty))
		insns[at++] = arithmetic;
	memcpy(insns + at, empty, sizeof(empty));
	measure_load(insns, LONG_PROG, "200 instructions");
	close(map_fd);
}

static void measure_run(const struct bpf_insn *insns, size_t cnt, int map_fd,
			const char *name)
{
	union t_attr attr = {};
	int fd = t_load(insns, cnt);
	__u64 ctx = map_fd;

	if (fd < 0)
		die("no program for '%s': %s\n%s", name, strerror(-fd), t_log);
	attr.bpf.test.prog_fd = fd;
	attr.bpf.test.ctx_in = t_ptr(&ctx);
	attr.bpf.test.ctx_size_in = sizeof(ctx);
	measure("test_run", name, BPF_PROG_TEST_RUN, &attr, t_attr_end(bpf.test.cpu));
	if (attr.bpf.test.retval)
		die("the program for '%s' failed: %u", name, attr.bpf.test.retval);
	close(fd);
}

/* Syscall programs; what they return is their own error, which ends them */
static void measure_runs(void)
{
	/* On the stack: the attribute at -32, the key at -40, the value at -48 */
	const struct bpf_insn update[] = {
		BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_1, 0),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -32),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -40, 0),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -48, 1),
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -40),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -24),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -8),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -16),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		T_SYS_BPF(BPF_MAP_UPDATE_ELEM, -32, 32),
		BPF_EXIT_INSN(),
	};
	const struct bpf_insn find[] = {
		BPF_LD_IMM64(BPF_REG_1, 0x646165725f736676),	/* vfs_read */
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -16),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -16),
		BPF_MOV64_IMM(BPF_REG_2, 9),
		BPF_MOV64_IMM(BPF_REG_3, BTF_KIND_FUNC),
		BPF_MOV64_IMM(BPF_REG_4, 0),
		BPF_EMIT_CALL(BPF_FUNC_btf_find_by_name_kind),
		BPF_ALU64_IMM(BPF_RSH, BPF_REG_0, 63),	/* the error */
		BPF_EXIT_INSN(),
	};
	__u64 value = 0;
	__u32 key = 0;
	int map_fd;

	map_fd = t_map(BPF_MAP_TYPE_ARRAY, sizeof(key), sizeof(value), 1, 0);
	if (map_fd < 0)
		die("no map for a syscall program: %s", strerror(-map_fd));
	measure_run(empty, T_ARRAY_SIZE(empty), map_fd, "empty program");
	measure_run(update, T_ARRAY_SIZE(update), map_fd, "one update, array, 8 bytes");
	measure_run(find, T_ARRAY_SIZE(find), map_fd, "a function by name");
	if (t_map_lookup(map_fd, &key, &value) || value != 1)
		die("the syscall program did not update its map");
	close(map_fd);
}

/*
 * What booting left behind differs from boot to boot: fill the holes in the
 * per-CPU area, down to the smallest, and in the vmalloc area, so that an
 * allocation costs the same in all.
 */
static void fill_holes(void)
{
	int i, fd;

	for (i = 0; i < HOLES; i++) {
		fd = t_map(BPF_MAP_TYPE_HASH, 4, 8, 16, 0);
		if (fd >= 0)
			fd = t_load_type(BPF_PROG_TYPE_SOCKET_FILTER, empty,
					 T_ARRAY_SIZE(empty));
		if (fd < 0)
			die("cannot fill holes: %s", strerror(-fd));
	}
	fd = t_map(BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, SMALL_HOLES, 0);
	if (fd < 0)
		die("cannot fill small holes: %s", strerror(-fd));
}

int main(int argc, char **argv)
{
	const struct sched_param first = { .sched_priority = 1 };
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	const rlim_t most = 2 * HOLES + ROUNDS + 100;
	const struct rlimit files = { most, most };

	/* Kernel threads shall work when we sleep, not when we measure */
	if (sched_setscheduler(0, SCHED_FIFO, &first) ||
	    setrlimit(RLIMIT_MEMLOCK, &unlimited) ||
	    setrlimit(RLIMIT_NOFILE, &files) || mlockall(MCL_CURRENT | MCL_FUTURE))
		die("not allowed to prepare: %s", strerror(errno));

	calibrate();
	fill_holes();
	measure_elements(BPF_MAP_TYPE_ARRAY, "array", 8, "8 bytes");
	measure_elements(BPF_MAP_TYPE_HASH, "hash", 8, "8 bytes");
	measure_elements(BPF_MAP_TYPE_ARRAY, "array", 4096, "4 KiB");
	measure_elements(BPF_MAP_TYPE_ARRAY, "array", VALUE_MAX, "1 MiB");
	measure_map(BPF_MAP_TYPE_ARRAY, "array");
	measure_map(BPF_MAP_TYPE_HASH, "hash");
	measure_load(empty, T_ARRAY_SIZE(empty), "2 instructions");
	measure_long_load();
	if (argc > 1 && !strcmp(argv[1], "syscall-prog"))
		measure_runs();
	return 0;
}
