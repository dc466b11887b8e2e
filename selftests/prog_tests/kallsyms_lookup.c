// SPDX-License-Identifier: GPL-2.0-only
/* bpf_kallsyms_lookup_name(): addresses of the running kernel by name. */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <search.h>

#include "lookup.h"

#define MAX_SYMBOLS	400000
#define SAMPLES		200

#define KPTR_RESTRICT	"/proc/sys/kernel/kptr_restrict"

FIXTURE(kallsyms_lookup)
{
	struct bpf_object *obj;
	int fd;
};

FIXTURE_SETUP(kallsyms_lookup)
{
	self->obj = bpf_object__open_file("kallsyms_lookup.bpf.o", NULL);
	ASSERT_NE(NULL, self->obj);
	ASSERT_EQ(0, bpf_object__load(self->obj));
	self->fd = bpf_program__fd(bpf_object__next_program(self->obj, NULL));
	ASSERT_EQ(0, t_write(KPTR_RESTRICT, "0"));
}

FIXTURE_TEARDOWN(kallsyms_lookup)
{
	t_write(KPTR_RESTRICT, "0");
	bpf_object__close(self->obj);
}

static __s64 lookup(int fd, const char *name, __u32 size, __u32 flags,
		    __u64 *address)
{
	struct lookup_args args = { .name_sz = size, .flags = flags, .ret = -1 };

	memcpy(args.name, name, size);
	if (t_run(fd, &args, sizeof(args), NULL))
		return -ENOTRECOVERABLE;
	*address = args.address;
	return args.ret;
}

/* Whatever happens, the result is set */
#define EXPECT_ERROR(error, name, size, flags)				\
	do {								\
		__u64 __address = 1;					\
									\
		EXPECT_EQ(error, lookup(self->fd, name, size, flags,	\
					&__address));			\
		EXPECT_EQ(0, __address);				\
	} while (0)

/* A symbol of the kernel proper; of several with a name it is the first */
struct symbol {
	char name[128];
	unsigned long long address;
};

static int compare_symbols(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* All that /proc/kallsyms lists, as a tree for tfind() */
static size_t read_symbols(void **root, struct symbol **symbols)
{
	FILE *f = fopen("/proc/kallsyms", "r");
	char line[512], name[256], kind;
	unsigned long long address;
	struct symbol *symbol;
	size_t nr = 0;

	if (!f)
		return 0;
	*symbols = calloc(MAX_SYMBOLS, sizeof(**symbols));
	while (*symbols && nr < MAX_SYMBOLS && fgets(line, sizeof(line), f)) {
		/* Those of modules, which come behind, end with their name */
		if (sscanf(line, "%llx %c %255s\n", &address, &kind, name) != 3 ||
		    strchr(line, '['))
			break;
		symbol = &(*symbols)[nr];
		symbol->address = address;
		if (strlen(name) < sizeof(symbol->name))
			strcpy(symbol->name, name);
		nr += *(struct symbol **)tsearch(symbol, root,
						 compare_symbols) == symbol;
	}
	fclose(f);
	return nr;
}

/* What is in the tree is found, and nothing else is */
static void expect_as_listed(struct __test_metadata *_metadata, int fd,
			     const struct symbol *wanted, void **root)
{
	const struct symbol * const *found = tfind(wanted, root, compare_symbols);
	__u64 address, listed = found ? (*found)->address : 0;

	EXPECT_EQ(listed ? 0 : -ENOENT,
		  lookup(fd, wanted->name, strlen(wanted->name) + 1, 0,
			 &address)) TH_LOG("%s", wanted->name);
	EXPECT_EQ(listed, address) TH_LOG("%s", wanted->name);
}

/* As /proc/kallsyms has them, and what is a letter shorter or longer */
TEST_F(kallsyms_lookup, sample_of_all_symbols)
{
	struct symbol *symbols = NULL, other;
	void *root = NULL;
	size_t nr = read_symbols(&root, &symbols), i, len;

	ASSERT_LT(10000, nr);
	for (i = 0; i < nr; i += nr / SAMPLES) {
		other = symbols[i];
		len = strlen(other.name);
		if (len < 2 || len > 100 || !other.address)
			continue;
		expect_as_listed(_metadata, self->fd, &other, &root);
		other.name[len - 1] = '\0';
		expect_as_listed(_metadata, self->fd, &other, &root);
		strcpy(other.name, symbols[i].name);
		strcat(other.name, "a");
		expect_as_listed(_metadata, self->fd, &other, &root);
	}
	free(symbols);
}

TEST_F(kallsyms_lookup, unknown)
{
	EXPECT_ERROR(-ENOENT, "no_such_symbol", 15, 0);
	EXPECT_ERROR(-ENOENT, "vfs_rea", 8, 0);
}

TEST_F(kallsyms_lookup, bad_arguments)
{
	EXPECT_ERROR(-EINVAL, "vfs_read", 9, 1);
	EXPECT_ERROR(-EINVAL, "vfs_read", 9, 0x80000000);
	/* Without its end, empty, and without even that */
	EXPECT_ERROR(-EINVAL, "vfs_read", 8, 0);
	EXPECT_ERROR(-EINVAL, "", 1, 0);
	EXPECT_ERROR(-EINVAL, "", 0, 0);
}

TEST_F(kallsyms_lookup, long_names)
{
	char name[LOOKUP_NAME_MAX];
	__u32 size;

	memset(name, 'n', sizeof(name));
	for (size = 120; size <= sizeof(name); size += 8) {
		name[size - 1] = '\0';
		EXPECT_ERROR(-ENOENT, name, size, 0);
		name[size - 1] = 'n';
		EXPECT_ERROR(-EINVAL, name, size, 0);
	}
}

TEST_F(kallsyms_lookup, addresses_restricted)
{
	__u64 address = 0;

	EXPECT_EQ(0, lookup(self->fd, "vfs_read", 9, 0, &address));
	EXPECT_NE(0, address);
	ASSERT_EQ(0, t_write(KPTR_RESTRICT, "2"));
	EXPECT_ERROR(-EPERM, "vfs_read", 9, 0);
	EXPECT_ERROR(-EPERM, "no_such_symbol", 15, 0);
	ASSERT_EQ(0, t_write(KPTR_RESTRICT, "1"));
	ASSERT_EQ(0, t_caps_keep(0));
	EXPECT_ERROR(-EPERM, "vfs_read", 9, 0);
	_exit(_metadata->passed ? 0 : 1);
}

/* Where the result goes: @off from the frame pointer, or into a map's value */
static int load_stack_result(int off)
{
	const struct bpf_insn insns[] = {
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -16, 0),
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -16),
		BPF_MOV64_IMM(BPF_REG_2, 8),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, off),
		BPF_EMIT_CALL(BPF_FUNC_kallsyms_lookup_name),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	return t_drop(T_LOAD(insns));
}

static int load_map_result(int off)
{
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, 16, 1, 0);
	const struct bpf_insn insns[] = {
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -8),
		BPF_MOV64_IMM(BPF_REG_2, 8),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_LD_MAP_VALUE(BPF_REG_4, map, 0),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, off),
		BPF_EMIT_CALL(BPF_FUNC_kallsyms_lookup_name),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int ret = t_drop(T_LOAD(insns));

	close(map);
	return ret;
}

/* Releases differ in which of the two it is */
static bool refused(int result)
{
	return result == -EACCES || result == -EINVAL;
}

TEST(result_within_its_object)
{
	EXPECT_EQ(0, load_stack_result(-8)) TH_LOG("%s", t_log);
	EXPECT_TRUE(refused(load_stack_result(-4)));
	EXPECT_TRUE(refused(load_stack_result(-12)));
	EXPECT_TRUE(refused(load_stack_result(0)));
	EXPECT_EQ(0, load_map_result(8)) TH_LOG("%s", t_log);
	EXPECT_TRUE(refused(load_map_result(12)));
	EXPECT_TRUE(refused(load_map_result(4)));
	EXPECT_TRUE(refused(load_map_result(16)));
	EXPECT_TRUE(refused(load_map_result(-8)));
}

/* What is compared is a copy: the name is the program's, and may change */
TEST(name_changes_meanwhile)
{
	const struct bpf_insn args[] = {
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, -8),
	};

	T_ONLY_OURS("names are compared in place, and may have no end");
	EXPECT_TRUE(t_name_race(BPF_FUNC_kallsyms_lookup_name, "vfs_read", args,
				ARRAY_SIZE(args))) TH_LOG("%s", t_log);
}

/* The type of the argument would allow a size of 0, but not with NULL */
TEST(no_name_at_all)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_1, 0),
		BPF_MOV64_IMM(BPF_REG_2, 0),
		BPF_MOV64_IMM(BPF_REG_3, 0),
		BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 0),
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, -8),
		BPF_EMIT_CALL(BPF_FUNC_kallsyms_lookup_name),
		BPF_EXIT_INSN(),
	};

	EXPECT_EQ(-EACCES, T_LOAD(insns));
}

TEST_HARNESS_MAIN
