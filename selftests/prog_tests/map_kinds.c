// SPDX-License-Identifier: GPL-2.0-only
/*
 * A loader program makes maps of every kind, BTF and programs; whatever step
 * fails, nothing is left.
 */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "map_kinds.h"

FIXTURE(map_kinds)
{
	struct bpf_object *obj;
	struct map_kinds *state;
	int fd;
	struct t_live before;
};

static __u32 size_of_struct_ops(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf__find_by_name_kind(btf, "bpf_struct_ops_tcp_congestion_ops",
					BTF_KIND_STRUCT);
	__u32 size = id > 0 ? btf__type_by_id(btf, id)->size : 0;

	btf__free(btf);
	return size;
}

FIXTURE_SETUP(map_kinds)
{
	const struct bpf_insn filter[] = {
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	/* Refers to the hash map by its place among the maps, returns 7 */
	const struct bpf_insn user[] = {
		T_LDIMM64(BPF_REG_1, BPF_PSEUDO_MAP_IDX, BPF_MAP_TYPE_HASH, 0),
		BPF_MOV64_IMM(BPF_REG_0, 7),
		BPF_EXIT_INSN(),
	};
	struct map_kinds *state;
	struct bpf_map *bss;
	const void *btf;

	self->obj = bpf_object__open_file("map_kinds.bpf.o", NULL);
	ASSERT_NE(NULL, self->obj);
	ASSERT_EQ(0, bpf_object__load(self->obj));
	self->fd = bpf_program__fd(bpf_object__next_program(self->obj, NULL));
	bpf_object__for_each_map(bss, self->obj)
		if (strstr(bpf_map__name(bss), ".bss"))
			break;
	ASSERT_NE(NULL, bss);
	state = mmap(NULL, bpf_map__value_size(bss), PROT_READ | PROT_WRITE,
		     MAP_SHARED, bpf_map__fd(bss), 0);
	ASSERT_NE(MAP_FAILED, state);
	btf = t_btf_raw(&state->btf_size);
	memcpy(state->btf_raw, btf, state->btf_size);
	memcpy(state->filter, filter, sizeof(filter));
	memcpy(state->user, user, sizeof(user));
	memcpy(state->license, "GPL", 4);
	state->struct_ops_size = size_of_struct_ops();
	ASSERT_NE(0, state->struct_ops_size);
	self->state = state;
	t_live_count(&self->before);
}

FIXTURE_TEARDOWN(map_kinds)
{
	bpf_object__close(self->obj);
}

static int run(int fd, struct map_kinds *state, __u32 fail_at, __u32 keep)
{
	__u32 retval = -1;
	int err;

	state->step = 0;
	state->fail_at = fail_at;
	state->keep = keep;
	err = t_run(fd, NULL, 0, &retval);
	return err ? err : (int)retval;
}

TEST_F(map_kinds, all_made)
{
	struct map_kinds *state = self->state;
	__u32 key = 0, id = 0, retval = 0, type;
	__u64 value = 1;

	ASSERT_EQ(0, run(self->fd, state, 0, 1)) TH_LOG("step %u", state->step);
	EXPECT_EQ(NR_STEPS, state->step);
	for (type = 1; type <= NR_KINDS; type++) {
		struct bpf_map_info info = {};
		__u32 len = sizeof(info);

		EXPECT_EQ(0, bpf_obj_get_info_by_fd(state->maps[type], &info,
						    &len));
		EXPECT_EQ(type, info.type);
	}
	EXPECT_EQ(0, t_map_lookup(state->maps[BPF_MAP_TYPE_ARRAY_OF_MAPS], &key,
				  &id));
	EXPECT_EQ(t_map_id(state->inner), id);
	EXPECT_EQ(-ENOENT,
		  t_map_lookup(state->maps[BPF_MAP_TYPE_HASH_OF_MAPS], &key,
			       &id));
	EXPECT_EQ(0, t_map_lookup(state->maps[BPF_MAP_TYPE_PROG_ARRAY], &key,
				  &id));
	EXPECT_EQ(t_prog_id(state->progs[0]), id);
	/* The array is frozen, the hash is not */
	EXPECT_EQ(-EPERM, t_map_update(state->maps[BPF_MAP_TYPE_ARRAY], &key,
				       &value));
	EXPECT_EQ(0, t_map_update(state->maps[BPF_MAP_TYPE_HASH], &key, &value));
	EXPECT_EQ(0, t_run(state->progs[1], NULL, 0, &retval));
	EXPECT_EQ(7, retval);

	for (type = 1; type <= NR_KINDS; type++)
		EXPECT_EQ(0, close(state->maps[type]));
	EXPECT_EQ(0, close(state->inner));
	EXPECT_EQ(0, close(state->btf));
	EXPECT_EQ(0, close(state->progs[0]));
	EXPECT_EQ(0, close(state->progs[1]));
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_F(map_kinds, cleans_up)
{
	EXPECT_EQ(0, run(self->fd, self->state, 0, 0));
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_F(map_kinds, fails_at_each_step)
{
	__u32 step;

	for (step = 1; step <= NR_STEPS; step++) {
		EXPECT_EQ(-EINVAL, run(self->fd, self->state, step, 1));
		EXPECT_EQ(step, self->state->step);
	}
	EXPECT_TRUE(t_live_back_to(&self->before));
}

/* An allocation here and there fails, ever later, until none does */
TEST_F(map_kinds, allocations_fail)
{
	unsigned int nth = 1, failed = 0;
	bool injected;

	if (!t_inject_available())
		SKIP(return, "kernel without fault injection");
	/* Growing steps visit all kinds of steps without taking forever */
	for (injected = true; injected && nth < 100000; nth += 1 + nth / 8) {
		int ret;

		t_inject_nth(nth);
		ret = run(self->fd, self->state, 0, 0);
		injected = t_inject_done();
		failed += ret != 0;
		EXPECT_TRUE(injected || !ret) TH_LOG("%u: %d", nth, ret);
	}
	t_inject_end();
	EXPECT_LT(10, failed);
	EXPECT_GT(100000, nth);
	EXPECT_TRUE(t_live_back_to(&self->before));
}

TEST_HARNESS_MAIN
