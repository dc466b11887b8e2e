// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel without types of its own: no look-up finds one. For such kernels
 * only; btf_find is for the others.
 */
#include "test.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "lookup.h"

TEST(look_up)
{
	static const char name[] = "task_struct";
	struct lookup_args args = {
		.name_sz = sizeof(name), .kind = BTF_KIND_STRUCT, .ret = 1,
	};
	struct bpf_object *obj;

	if (!access("/sys/kernel/btf/vmlinux", F_OK))
		SKIP(return, "kernel with types of its own");
	obj = bpf_object__open_file("btf_find.bpf.o", NULL);
	ASSERT_NE(NULL, obj);
	ASSERT_EQ(0, bpf_object__load(obj));
	memcpy(args.name, name, sizeof(name));
	ASSERT_EQ(0, t_run(bpf_program__fd(bpf_object__next_program(obj, NULL)),
			   &args, sizeof(args), NULL));
	EXPECT_EQ(-EINVAL, args.ret);
	bpf_object__close(obj);
}

TEST_HARNESS_MAIN
