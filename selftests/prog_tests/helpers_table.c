// SPDX-License-Identifier: GPL-2.0-only
/* The helpers of a syscall program: each on the list works, no other exists. */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <pthread.h>
#include <time.h>

#include "helpers_table.h"

/* Far beyond the last helper of any kernel */
#define ID_END	1000

static const __u16 table[] = {
	BPF_FUNC_map_lookup_elem, BPF_FUNC_map_update_elem,
	BPF_FUNC_map_delete_elem, BPF_FUNC_map_push_elem,
	BPF_FUNC_map_pop_elem, BPF_FUNC_map_peek_elem,
	BPF_FUNC_copy_from_user,
	BPF_FUNC_probe_read_user, BPF_FUNC_probe_read_user_str,
	BPF_FUNC_probe_read_kernel, BPF_FUNC_probe_read_kernel_str,
	BPF_FUNC_trace_printk,
	BPF_FUNC_ktime_get_ns, BPF_FUNC_ktime_get_boot_ns,
	BPF_FUNC_get_current_pid_tgid, BPF_FUNC_get_current_uid_gid,
	BPF_FUNC_get_current_comm, BPF_FUNC_get_current_task,
	BPF_FUNC_get_smp_processor_id, BPF_FUNC_get_prandom_u32,
	BPF_FUNC_per_cpu_ptr, BPF_FUNC_this_cpu_ptr,
	BPF_FUNC_sys_bpf, BPF_FUNC_sys_close,
	BPF_FUNC_btf_find_by_name_kind, BPF_FUNC_kallsyms_lookup_name,
};

static bool in_table(int id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i] == id)
			return true;
	return false;
}

/*
 * A call without arguments never loads; but a helper that exists fails on its
 * arguments, or on nothing at all, and one that does not is "unknown".
 */
static bool known(int id)
{
	const struct bpf_insn insns[] = {
		BPF_EMIT_CALL(id),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int fd = T_LOAD(insns);

	if (fd < 0)
		return !t_log_no_helper();
	close(fd);
	return true;
}

TEST(table_is_there)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		EXPECT_TRUE(known(table[i])) TH_LOG("helper %u", table[i]);
}

TEST(nothing_else_is_there)
{
	int id;

	T_ONLY_OURS("the tracing table stands behind that of syscall programs");
	for (id = 0; id < ID_END; id++)
		if (!in_table(id))
			EXPECT_FALSE(known(id)) TH_LOG("helper %d", id);
	EXPECT_FALSE(known(0x7fffffff));
	EXPECT_FALSE(known(-1));
}

/* On every kernel: what 5.10 does not have stays reserved, never reused */
TEST(ids_beyond_the_last)
{
	int id;

	for (id = 300; id < ID_END; id++)
		EXPECT_FALSE(known(id)) TH_LOG("helper %d", id);
}

FIXTURE(helpers)
{
	struct bpf_object *obj;
	__u64 word;
	struct helper_args args;
};

FIXTURE_SETUP(helpers)
{
	self->obj = bpf_object__open_file("helpers_table.bpf.o", NULL);
	ASSERT_NE(NULL, self->obj);
	ASSERT_EQ(0, bpf_object__load(self->obj));
	self->word = HELPER_WORD;
	self->args = (struct helper_args){
		.word = t_ptr(&self->word),
		.text = t_ptr(HELPER_TEXT),
		.pid = getpid(),
		.cpus = t_nr_cpus(),
	};
}

FIXTURE_TEARDOWN(helpers)
{
	bpf_object__close(self->obj);
}

TEST_F(helpers, each_works)
{
	struct bpf_program *prog;
	int nr = 0;

	bpf_object__for_each_program(prog, self->obj) {
		__u32 retval = -1;

		EXPECT_EQ(0, t_run(bpf_program__fd(prog), &self->args,
				   sizeof(self->args), &retval));
		EXPECT_EQ(0, retval) TH_LOG("%s", bpf_program__name(prog));
		nr++;
	}
	EXPECT_EQ(12, nr);
}

struct worker {
	pthread_t thread;
	struct bpf_object *obj;
	struct helper_args args;
	time_t until;
	unsigned long runs;
	const char *failed;
};

static void *run_all(void *arg)
{
	struct worker *w = arg;
	struct bpf_program *prog;

	while (time(NULL) < w->until) {
		bpf_object__for_each_program(prog, w->obj) {
			__u32 retval = -1;

			if (t_run(bpf_program__fd(prog), &w->args,
				  sizeof(w->args), &retval) || retval)
				w->failed = bpf_program__name(prog);
		}
		w->runs++;
	}
	return NULL;
}

/* Preemption and migration in the middle of each of them */
TEST_F(helpers, stress)
{
	int i, nr = 2 * t_nr_cpus();
	struct worker *workers = calloc(nr, sizeof(*workers));

	ASSERT_NE(NULL, workers);
	for (i = 0; i < nr; i++) {
		workers[i].obj = self->obj;
		workers[i].args = self->args;
		workers[i].args.thread = i;
		workers[i].until = time(NULL) + 4;
		ASSERT_EQ(0, pthread_create(&workers[i].thread, NULL, run_all,
					    &workers[i]));
	}
	for (i = 0; i < nr; i++) {
		pthread_join(workers[i].thread, NULL);
		EXPECT_EQ(NULL, workers[i].failed)
			TH_LOG("%s", workers[i].failed);
		EXPECT_LT(0, workers[i].runs);
	}
	free(workers);
}

TEST_HARNESS_MAIN
