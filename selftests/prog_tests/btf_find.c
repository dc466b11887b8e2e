// SPDX-License-Identifier: GPL-2.0-only
/* bpf_btf_find_by_name_kind(): types of the running kernel by name. */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <search.h>
#include <sys/resource.h>

#include "lookup.h"

#define SAMPLES		20

FIXTURE(btf_find)
{
	struct bpf_object *obj;
	struct btf *btf;
	int fd;
};

FIXTURE_SETUP(btf_find)
{
	self->obj = bpf_object__open_file("btf_find.bpf.o", NULL);
	ASSERT_NE(NULL, self->obj);
	ASSERT_EQ(0, bpf_object__load(self->obj));
	self->fd = bpf_program__fd(bpf_object__find_program_by_name(self->obj,
								    "find"));
	self->btf = btf__load_vmlinux_btf();
	ASSERT_NE(NULL, self->btf);
}

FIXTURE_TEARDOWN(btf_find)
{
	btf__free(self->btf);
	bpf_object__close(self->obj);
}

static __s64 find(int fd, const char *name, __u32 size, __u32 kind, __u32 flags)
{
	struct lookup_args args = {
		.name_sz = size, .kind = kind, .flags = flags, .ret = -1,
	};

	memcpy(args.name, name, size > LOOKUP_NAME_MAX ? LOOKUP_NAME_MAX : size);
	if (t_run(fd, &args, sizeof(args), NULL))
		return -ENOTRECOVERABLE;
	return args.ret;
}

/* A name, and for each kind the first type that has it, as a linear search says */
struct name {
	const char *text;
	__s64 first[LOOKUP_KINDS];
};

static int compare_names(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return strcmp(x->text, y->text);
}

struct comparison {
	int fd;
	unsigned int step, nr, compared, kinds;
	struct __test_metadata *metadata;
};

static void compare_name(const void *node, VISIT which, void *closure)
{
	const struct name *name = *(const struct name * const *)node;
	struct comparison *c = closure;
	struct __test_metadata *_metadata = c->metadata;
	struct lookup_kinds_args args = {};
	unsigned int kind;

	/* each is visited once in order */
	if ((which != postorder && which != leaf) || c->nr++ % c->step)
		return;

	strcpy(args.name, name->text);
	args.name_sz = strlen(name->text) + 1;
	ASSERT_EQ(0, t_run(c->fd, &args, sizeof(args), NULL));
	for (kind = 0; kind < LOOKUP_KINDS; kind++) {
		EXPECT_EQ(name->first[kind], args.ret[kind])
			TH_LOG("%s, kind %u", name->text, kind);
		c->kinds |= (args.ret[kind] > 0) << kind;
	}
	c->compared++;
}

/*
 * All names of the BTF that the kernel shows with all kinds, on a kernel that
 * has an index. Others search for every one of them.
 */
TEST_F(btf_find, all_types)
{
	unsigned int nr = btf__type_cnt(self->btf), nr_names = 0, id, kind;
	struct name *names = calloc(nr, sizeof(*names)), *name, *known;
	struct comparison c = { .metadata = _metadata };
	void *root = NULL;

	ASSERT_NE(NULL, names);
	for (id = 1; id < nr; id++) {
		const struct btf_type *type = btf__type_by_id(self->btf, id);

		name = &names[nr_names];
		name->text = btf__name_by_offset(self->btf, type->name_off);
		if (!name->text[0])
			continue;
		ASSERT_GT(LOOKUP_NAME_MAX, strlen(name->text));
		for (kind = 0; kind < LOOKUP_KINDS; kind++)
			name->first[kind] = -ENOENT;
		known = *(struct name **)tsearch(name, &root, compare_names);
		nr_names += known == name;
		ASSERT_GT(LOOKUP_KINDS, btf_kind(type));
		if (known->first[btf_kind(type)] < 0)
			known->first[btf_kind(type)] = id;
	}

	c.fd = bpf_program__fd(bpf_object__find_program_by_name(self->obj,
							"find_all_kinds"));
	c.step = t_kernel_is_ours() ? 1 : nr_names / SAMPLES;
	twalk_r(root, compare_name, &c);
	EXPECT_EQ((nr_names + c.step - 1) / c.step, c.compared);
	/* Of most names there is a function. */
	EXPECT_TRUE(c.kinds & 1U << BTF_KIND_FUNC);
}

TEST_F(btf_find, names)
{
	EXPECT_LT(0, find(self->fd, "task_struct", 12, BTF_KIND_STRUCT, 0));
	EXPECT_LT(0, find(self->fd, "vfs_read", 9, BTF_KIND_FUNC, 0));
	/* The right name with the wrong kind, and the reverse */
	EXPECT_EQ(-ENOENT, find(self->fd, "task_struct", 12, BTF_KIND_FUNC, 0));
	EXPECT_EQ(-ENOENT, find(self->fd, "task_strucT", 12, BTF_KIND_STRUCT, 0));
	EXPECT_EQ(-ENOENT, find(self->fd, "task_struc", 11, BTF_KIND_STRUCT, 0));
	EXPECT_EQ(-ENOENT, find(self->fd, "no such type", 13, BTF_KIND_STRUCT, 0));
}

TEST_F(btf_find, bad_arguments)
{
	static const __u32 flags[] = { 1, 0x80000000, 0xffffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		EXPECT_EQ(-EINVAL, find(self->fd, "task_struct", 12,
					BTF_KIND_STRUCT, flags[i]));
	/* An empty name, and one without its end */
	EXPECT_EQ(-EINVAL, find(self->fd, "", 1, BTF_KIND_STRUCT, 0));
	EXPECT_EQ(-EINVAL, find(self->fd, "task_struct", 11, BTF_KIND_STRUCT, 0));
	EXPECT_EQ(-EINVAL, find(self->fd, "t", 1, BTF_KIND_STRUCT, 0));
}

/* Longer than any name can be */
TEST_F(btf_find, long_names)
{
	char name[LOOKUP_NAME_MAX];
	__u32 size;

	memset(name, 'n', sizeof(name));
	for (size = 120; size <= sizeof(name); size += 8) {
		name[size - 1] = '\0';
		EXPECT_EQ(-ENOENT, find(self->fd, name, size, BTF_KIND_STRUCT,
					0));
		name[size - 1] = 'n';
		EXPECT_EQ(-EINVAL, find(self->fd, name, size, BTF_KIND_STRUCT,
					0));
	}
}

/* Only some bits of the kind may not be looked at */
TEST_F(btf_find, bad_kind)
{
	static const __u32 kinds[] = {
		256 + BTF_KIND_STRUCT, 1U << 31 | BTF_KIND_STRUCT, 31, 255,
		0xffffffff,
	};
	size_t i;

	T_ONLY_OURS("the kind is cut to 8 bits");
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		EXPECT_EQ(-EINVAL, find(self->fd, "task_struct", 12, kinds[i],
					0)) TH_LOG("kind %u", kinds[i]);
}

TEST_F(btf_find, kind_0)
{
	EXPECT_GT(0, find(self->fd, "task_struct", 12, BTF_KIND_UNKN, 0));
}

/* What is compared is a copy: the name is the program's, and may change */
TEST(name_changes_meanwhile)
{
	const struct bpf_insn args[] = {
		BPF_MOV64_IMM(BPF_REG_3, BTF_KIND_STRUCT),
		BPF_MOV64_IMM(BPF_REG_4, 0),
	};

	T_ONLY_OURS("names are compared in place, and may have no end");
	EXPECT_TRUE(t_name_race(BPF_FUNC_btf_find_by_name_kind, "task_struct",
				args, ARRAY_SIZE(args))) TH_LOG("%s", t_log);
}

/* fd 0 in the result means vmlinux; nobody may take it for a descriptor */
TEST_F(btf_find, without_stdin)
{
	struct lookup_args args = {
		.name = "task_struct", .name_sz = 12, .kind = BTF_KIND_STRUCT,
	};

	close(0);
	EXPECT_EQ(0, t_run(self->fd, &args, sizeof(args), NULL));
	EXPECT_EQ(0, args.ret >> 32);
	EXPECT_LT(0, args.ret);
	/* Nothing was opened there */
	EXPECT_EQ(-1, fcntl(0, F_GETFD));
	EXPECT_EQ(0, open("/dev/null", O_RDONLY));
	EXPECT_EQ(0, t_run(self->fd, &args, sizeof(args), NULL));
	EXPECT_NE(-1, fcntl(0, F_GETFD));
}

/* No descriptor is needed for vmlinux, so none can be missing */
TEST_F(btf_find, without_free_descriptors)
{
	const struct rlimit none = { 0, 0 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_LT(0, find(self->fd, "task_struct", 12, BTF_KIND_STRUCT, 0));
}

/* Its result leads to a program that attaches there: a type is what it seems */
TEST_F(btf_find, result_is_an_attach_target)
{
	static const struct bpf_insn return_0[] = {
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	union t_attr attr;
	int fd;

	t_prog_attr(&attr, return_0, ARRAY_SIZE(return_0));
	attr.bpf.prog_type = BPF_PROG_TYPE_TRACING;
	attr.bpf.prog_flags = 0;
	attr.bpf.expected_attach_type = BPF_TRACE_FENTRY;
	attr.bpf.attach_btf_id = find(self->fd, "vfs_read", 9, BTF_KIND_FUNC, 0);
	fd = t_load_attr(&attr, t_attr_end(bpf.fd_array));
	EXPECT_LE(0, fd) TH_LOG("%s", t_log);
	close(fd);
}

TEST_HARNESS_MAIN
