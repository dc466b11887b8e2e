// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Symbols of modules */
#include "skel_test.h"
#include "modsyms.lskel.h"
#include "testmod.lskel.h"

/* A fixture cannot skip. */
#define NEED_MODULES()								\
	do {									\
		if (!self->modules)						\
			SKIP(return, "this kernel has no such modules with types");	\
	} while (0)

FIXTURE(modsyms)
{
	struct modsyms *skel;
	struct t_live before;
	bool modules;
};

FIXTURE_SETUP(modsyms)
{
	self->modules = !system("modprobe -qa br_netfilter nf_conntrack nf_dup_netdev x_tables") &&
			!access("/sys/kernel/btf/nf_dup_netdev", F_OK);
	t_live_count(&self->before);
	self->skel = modsyms__open();
	ASSERT_NE(NULL, self->skel);
}

FIXTURE_TEARDOWN(modsyms)
{
	modsyms__destroy(self->skel);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

static void check_variables(struct __test_metadata *_metadata, struct modsyms *skel, bool br_netfilter)
{
	__u64 offset;

	ASSERT_EQ(0, modsyms__load(skel))
		TH_LOG("%s\n%s", modsyms__error(skel), modsyms__log(skel));
	/* The module's types are not held. */
	EXPECT_FALSE(leaks_fds());
	ASSERT_EQ(0, modsyms__attach(skel));
	skel->bss->pid = getpid();
	syscall(__NR_getpgid, 0);
	skel->bss->pid = 0;
	EXPECT_LT(0, skel->bss->hits);
	EXPECT_NE(0, system("modprobe -qr nf_dup_netdev"));
	EXPECT_EQ(0, skel->data->value);
	offset = skel->bss->runqueues_at - address_of("runqueues");
	EXPECT_EQ(address_of("nf_dup_skb_recursion") + offset, skel->bss->recursion_at);
	EXPECT_EQ(br_netfilter ? address_of("brnf_frag_data_storage") + offset : 0, skel->bss->storage_at);
	EXPECT_EQ(br_netfilter, !!skel->bss->function_at);
	EXPECT_EQ(address_of("br_validate_ipv6"), skel->bss->function_at);
}

TEST_F(modsyms, variables)
{
	NEED_MODULES();
	check_variables(_metadata, self->skel, true);
}

/* As each is looked up in all modules, its own must be there. */
TEST_F(modsyms, not_there)
{
	NEED_MODULES();
	ASSERT_EQ(0, system("modprobe -r nf_dup_netdev br_netfilter"));
	EXPECT_EQ(-ENOENT, modsyms__load(self->skel));
	EXPECT_HAS("cannot find variable 'nf_dup_skb_recursion' in the kernel's BTF: No such file or directory"
		   " (errno 2); it has nothing of that name, nor has a module's", modsyms__error(self->skel));
	ASSERT_EQ(0, system("modprobe nf_dup_netdev"));
	check_variables(_metadata, self->skel, false);
}

TEST_F(modsyms, other_type)
{
	NEED_MODULES();
	self->skel->progs.other_type.autoload = true;
	EXPECT_EQ(-EINVAL, modsyms__load(self->skel));
	EXPECT_HAS("variable 'xt_recseq' is a struct in the module's BTF, not an integer (int)",
		   modsyms__error(self->skel));
	self->skel->progs.other_type.autoload = false;
	check_variables(_metadata, self->skel, true);
}

TEST_F(modsyms, refused)
{
	struct t_live open;

	NEED_MODULES();
	t_live_count(&open);
	self->skel->progs.refused.autoload = true;
	EXPECT_EQ(-EACCES, modsyms__load(self->skel));
	EXPECT_HAS("cannot load program 'refused'", modsyms__error(self->skel));
	EXPECT_TRUE(t_live_back_to(&open));
	self->skel->progs.refused.autoload = false;
	check_variables(_metadata, self->skel, true);
}

/* The descriptor of their module's types is in fd_array. */
TEST_F(modsyms, functions)
{
	char packet[64] = "";
	union bpf_attr attr = { .test = {
		.data_in = t_ptr(packet), .data_size_in = sizeof(packet),
	} };

	NEED_MODULES();
	self->skel->progs.functions.autoload = true;
	ASSERT_EQ(0, modsyms__load(self->skel))
		TH_LOG("%s\n%s", modsyms__error(self->skel), modsyms__log(self->skel));
	attr.test.prog_fd = (__u32)self->skel->progs.functions.prog_fd;
	ASSERT_EQ(0, t_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr.test)));
	EXPECT_EQ(-EPROTO, self->skel->bss->error);
}

/* The same on a kernel of which we have the source: what was found is what it has. */
TEST(module_of_the_tests)
{
	struct testmod *skel;
	struct t_live before;

	if (!t_module_available())
		SKIP(return, "this kernel has no module for the tests");
	t_live_count(&before);
	skel = testmod__open();
	ASSERT_NE(NULL, skel);
	EXPECT_EQ(-ENOENT, testmod__load(skel));
	EXPECT_HAS("cannot find variable 'btf_module_test_percpu'", testmod__error(skel));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
	skel->progs.other_type.autoload = true;
	EXPECT_EQ(-EINVAL, testmod__load(skel));
	EXPECT_HAS("variable 'btf_module_test_percpu_array' is an array in the module's BTF, not an integer"
		   " (int)", testmod__error(skel));
	skel->progs.other_type.autoload = false;
	skel->progs.function.autoload = true;
	EXPECT_EQ(-EINVAL, testmod__load(skel));
	EXPECT_HAS("cannot load program 'function': Invalid argument (errno 22); functions of modules need"
		   " Linux 5.11: this is 5.10", testmod__error(skel));
	skel->progs.function.autoload = false;
	ASSERT_EQ(0, testmod__load(skel))
		TH_LOG("%s\n%s", testmod__error(skel), testmod__log(skel));
	EXPECT_FALSE(leaks_fds());
	ASSERT_EQ(0, testmod__attach(skel));
	skel->bss->pid = getpid();
	syscall(__NR_getpgid, 0);
	EXPECT_EQ(11 + 31 + 32, skel->bss->sum);
	EXPECT_EQ(-EAGAIN, t_module_unload(T_MODULE));
	testmod__destroy(skel);
	EXPECT_EQ(0, t_module_unload_soon(T_MODULE));
	EXPECT_TRUE(t_live_back_to(&before));
}

TEST_HARNESS_MAIN
