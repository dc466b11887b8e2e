// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Plans of any size, through their loaders and by replay: the kernel must have
 * the same afterwards.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hand.h"
#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	300

#define XLATED_MAX	64	/* instructions of a program made by hand */

static int sys_bpf(unsigned int cmd, union bpf_attr *attr)
{
	int ret = syscall(__NR_bpf, cmd, attr, sizeof(*attr));

	return ret < 0 ? -errno : ret;
}

/* Run the loaders, as a skeleton does, on @slots. Returns 0 or an errno. */
static int run_loader(const struct hand *h, const struct loader *loader, int *slots,
		      bool usual, bool without_stdin)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4,
		.value_size = loader->blob_size, .max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
	};
	const struct loader_code *code = usual ? &loader->usual : &loader->any;
	int map = sys_bpf(BPF_MAP_CREATE, &attr), prog, err;
	void *blob;

	if (map < 0)
		return map;
	blob = mmap(NULL, loader->blob_size, PROT_READ | PROT_WRITE, MAP_SHARED,
		    map, 0);
	if (blob == MAP_FAILED)
		return -errno;
	memcpy(blob, loader->blob, loader->blob_len);
	munmap(blob, loader->blob_size);

	attr = (union bpf_attr){
		.prog_type = BPF_PROG_TYPE_SYSCALL,
		.prog_flags = BPF_F_SLEEPABLE,
		.insns = (uintptr_t)code->insns, .insn_cnt = code->insn_cnt,
		.license = (uintptr_t)"", .fd_array = (uintptr_t)&map,
	};
	prog = sys_bpf(BPF_PROG_LOAD, &attr);
	close(map);
	if (prog < 0)
		return prog;
	if (without_stdin)
		close(0);
	attr = (union bpf_attr){ .test = {
		.prog_fd = prog, .ctx_in = (uintptr_t)slots,
		.ctx_size_in = h->plan.slots * sizeof(*slots),
	} };
	err = sys_bpf(BPF_PROG_RUN, &attr);
	close(prog);
	if (err)
		return err;
	return (int)attr.test.retval < 0 && (int)attr.test.retval >= -4095 ?
	       (int)attr.test.retval : 0;
}

static int run_loaders(const struct hand *h, int *slots, bool usual,
		       bool without_stdin)
{
	const struct loader *loader;
	int err;

	vec_for_each(loader, &h->loaders.loader) {
		err = run_loader(h, loader, slots, usual && loader->usual.insns,
				 without_stdin);
		if (err)
			return err;
	}
	return 0;
}

/* What the kernel says of a map or a program. Ids of others are replaced by the
 * number of the map or program that they stand for.
 */
struct facts {
	union {
		struct bpf_map_info map;
		struct bpf_prog_info prog;
	};
	int err, frozen;
	uint32_t refs[2];		/* number of maps; first map */
	struct bpf_insn insns[XLATED_MAX];
	struct bpf_func_info funcs[1];
};

struct state {
	const struct hand *h;
	const int *slots;
	uint32_t *ids;			/* by slot */
};

static int info_by_fd(int fd, void *info, uint32_t size)
{
	union bpf_attr attr = { .info = {
		.bpf_fd = fd, .info = (uintptr_t)info, .info_len = size,
	} };

	return sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

static uint32_t number_of(const struct state *s, uint32_t id, bool map)
{
	uint32_t maps = s->h->spec.maps.n, i = map ? 0 : maps;
	uint32_t end = map ? maps : maps + s->h->spec.progs.n;

	for (; i < end; i++)
		if (s->ids[i] == id)
			return i;
	return NOT_HERE;
}

static void read_ids(struct state *s)
{
	const struct spec *spec = &s->h->spec;
	uint32_t i, n = spec->maps.n + spec->progs.n;
	struct bpf_map_info map;
	struct bpf_prog_info prog;

	s->ids = calloc(n, sizeof(*s->ids));
	for (i = 0; i < n; i++) {
		memset(&map, 0, sizeof(map));
		memset(&prog, 0, sizeof(prog));
		if (s->slots[i] < 0)
			continue;
		if (i < spec->maps.n && !info_by_fd(s->slots[i], &map, sizeof(map)))
			s->ids[i] = map.id;
		if (i >= spec->maps.n && !info_by_fd(s->slots[i], &prog, sizeof(prog)))
			s->ids[i] = prog.id;
	}
}

static void map_facts(const struct state *s, uint32_t i, struct facts *facts)
{
	uint32_t key = 0;
	union bpf_attr attr = {
		.map_fd = s->slots[i], .key = (uintptr_t)&key,
		.value = (uintptr_t)&key, .flags = BPF_NOEXIST,
	};

	facts->err = info_by_fd(s->slots[i], &facts->map, sizeof(facts->map));
	facts->map.id = 0;
	/* A flag that no array takes: only a frozen map says EPERM before. */
	facts->frozen = sys_bpf(BPF_MAP_UPDATE_ELEM, &attr);
	facts->map.btf_id = !!facts->map.btf_id;
}

static void prog_facts(const struct state *s, uint32_t i, struct facts *facts)
{
	struct bpf_prog_info *info = &facts->prog;
	uint32_t maps[4] = { 0 };
	struct bpf_insn *insn;

	memset(info, 0, sizeof(*info));
	info->xlated_prog_insns = (uintptr_t)facts->insns;
	info->xlated_prog_len = sizeof(facts->insns);
	info->map_ids = (uintptr_t)maps;
	info->nr_map_ids = 4;
	info->func_info = (uintptr_t)facts->funcs;
	info->func_info_rec_size = sizeof(facts->funcs[0]);
	info->nr_func_info = 1;
	facts->err = info_by_fd(s->slots[i], info, sizeof(*info));
	facts->refs[0] = info->nr_map_ids;
	facts->refs[1] = maps[0] ? number_of(s, maps[0], true) : NOT_HERE;
	for (insn = facts->insns; insn < facts->insns + XLATED_MAX; insn++)
		if (insn->code == (BPF_LD | BPF_IMM | BPF_DW) && insn->src_reg)
			insn->imm = number_of(s, insn->imm, true);
	info->id = 0;
	info->load_time = 0;
	info->btf_id = !!info->btf_id;
	info->xlated_prog_insns = 0;
	info->map_ids = 0;
	info->func_info = 0;
	/* Where instructions are is in no two programs the same. */
	info->jited_prog_len = 0;
	memset(info->tag, 0, sizeof(info->tag));
}

static bool same_facts(const struct state *a, const struct state *b, uint32_t i)
{
	struct facts *x = calloc(2, sizeof(*x)), *y = x + 1;
	bool same;

	if (a->slots[i] >= 0 && b->slots[i] >= 0) {
		if (i < a->h->spec.maps.n) {
			map_facts(a, i, x);
			map_facts(b, i, y);
		} else {
			prog_facts(a, i, x);
			prog_facts(b, i, y);
		}
		same = !x->err && !memcmp(x, y, sizeof(*x));
	} else {
		same = a->slots[i] == b->slots[i];
	}
	if (!same)
		printf("# slot %u differs: %d and %d\n", i, a->slots[i],
		       b->slots[i]);
	free(x);
	return same;
}

/* Element @key, with ids of maps and programs as numbers */
static int element(const struct state *s, uint32_t i, uint32_t key, void *value)
{
	const struct spec_map *map = &s->h->spec.maps.items[i];
	union bpf_attr attr = {
		.map_fd = s->slots[i], .key = (uintptr_t)&key,
		.value = (uintptr_t)value,
	};
	int err = sys_bpf(BPF_MAP_LOOKUP_ELEM, &attr);
	uint32_t id;

	if (err || map->type == BPF_MAP_TYPE_ARRAY)
		return err;
	memcpy(&id, value, sizeof(id));
	id = number_of(s, id, map->type != BPF_MAP_TYPE_PROG_ARRAY);
	memcpy(value, &id, sizeof(id));
	return 0;
}

static bool same_content(const struct state *a, const struct state *b, uint32_t i)
{
	const struct spec_map *map = &a->h->spec.maps.items[i];
	void *x = calloc(2, map->value_size), *y = (char *)x + map->value_size;
	uint32_t key;
	bool same = true;

	for (key = 0; same && key < map->max_entries; key++)
		same = element(a, i, key, x) == element(b, i, key, y) &&
		       !memcmp(x, y, map->value_size);
	if (same && map->data)
		same = !memcmp(x, map->data, map->value_size);
	free(x);
	if (!same)
		printf("# content of map %u differs at %u\n", i, key - 1);
	return same;
}

static bool same_state(const struct hand *h, const int *a, const int *b)
{
	struct state x = { .h = h, .slots = a }, y = { .h = h, .slots = b };
	uint32_t i;
	bool same = true;

	read_ids(&x);
	read_ids(&y);
	for (i = 0; same && i < h->spec.maps.n + h->spec.progs.n; i++)
		same = same_facts(&x, &y, i);
	for (i = 0; same && i < h->spec.maps.n; i++)
		same = same_content(&x, &y, i);
	free(x.ids);
	free(y.ids);
	return same;
}

FIXTURE(scale)
{
	struct hand h;
	struct replay replay;
	int *slots;
};

FIXTURE_SETUP(scale)
{
	const struct rlimit memory = { RLIM_INFINITY, RLIM_INFINITY };
	const struct rlimit files = { 4096, 4096 };

	setrlimit(RLIMIT_MEMLOCK, &memory);
	setrlimit(RLIMIT_NOFILE, &files);
	hand_init(&self->h);
}

FIXTURE_TEARDOWN(scale)
{
	hand_free(&self->h);
}

/* Plan, emit, and prepare slots and replay. */
static int make(struct hand *h, struct replay *replay, int **slots)
{
	int err = hand_make(h) ?: replay_init(replay, &h->plan);
	uint32_t i;

	if (err)
		return err;
	*slots = arena_array(&h->arena, h->plan.slots, sizeof(**slots));
	for (i = 0; i < h->plan.slots; i++)
		(*slots)[i] = SLOT_UNSET;
	return 0;
}

#define MAKE() ASSERT_EQ(0, make(&self->h, &self->replay, &self->slots))

#define SAME() do {							\
	ASSERT_EQ(0, run_loaders(&self->h, self->slots, false, false));	\
	ASSERT_EQ(0, replay_run(&self->replay));			\
	EXPECT_TRUE(same_state(&self->h, self->slots, self->replay.slots)); \
} while (0)

TEST_F(scale, everything)
{
	hand_btf(&self->h);
	hand_everything(&self->h);
	MAKE();
	SAME();
	EXPECT_LE(0, self->slots[self->h.plan.btf_slot]);
	EXPECT_LE(0, self->slots[self->h.plan.prog_slot[2]]);
}

/* Nobody makes a choice: the optional program is left out. */
TEST_F(scale, nothing_chosen)
{
	uint32_t slot;

	hand_btf(&self->h);
	hand_everything(&self->h);
	MAKE();
	slot = self->h.plan.prog_slot[2];
	ASSERT_NE(NULL, self->h.loaders.loader.items[0].usual.insns);
	self->slots[slot] = SLOT_SKIP;
	self->replay.slots[slot] = SLOT_SKIP;
	ASSERT_EQ(0, run_loaders(&self->h, self->slots, true, false));
	ASSERT_EQ(0, replay_run(&self->replay));
	EXPECT_TRUE(same_state(&self->h, self->slots, self->replay.slots));
	EXPECT_EQ(SLOT_SKIP, self->slots[slot]);
}

TEST_F(scale, everything_without_btf)
{
	hand_everything(&self->h);
	MAKE();
	SAME();
}

TEST_F(scale, refused_btf)
{
	struct bpf_prog_info info = { 0 };

	hand_btf(&self->h);
	hand_everything(&self->h);
	hand_bad_btf(&self->h);
	MAKE();
	SAME();
	EXPECT_EQ(-EINVAL, self->slots[self->h.plan.btf_slot]);
	ASSERT_EQ(0, info_by_fd(self->slots[self->h.plan.prog_slot[0]], &info,
				sizeof(info)));
	EXPECT_EQ(0, info.nr_func_info);
}

TEST_F(scale, reduced_btf)
{
	struct bpf_prog_info info = { 0 };

	hand_btf(&self->h);
	self->h.spec.reduced_btf = self->h.spec.btf;
	self->h.spec.reduced_btf_size = self->h.spec.btf_size;
	hand_everything(&self->h);
	hand_bad_btf(&self->h);
	MAKE();
	SAME();
	ASSERT_EQ(0, info_by_fd(self->slots[self->h.plan.prog_slot[0]], &info,
				sizeof(info)));
	EXPECT_EQ(1, info.nr_func_info);
}

TEST_F(scale, programs_left_out)
{
	int i;

	hand_btf(&self->h);
	hand_everything(&self->h);
	MAKE();
	for (i = 1; i < 3; i++) {
		self->slots[self->h.plan.prog_slot[i]] = SLOT_SKIP;
		self->replay.slots[self->h.plan.prog_slot[i]] = SLOT_SKIP;
	}
	SAME();
	EXPECT_EQ(SLOT_SKIP, self->slots[self->h.plan.prog_slot[1]]);
}

/* The pinned map is another's: nothing is done to it. */
TEST_F(scale, map_brought_along)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4,
		.max_entries = 4,
	};

	hand_btf(&self->h);
	hand_everything(&self->h);
	MAKE();
	self->slots[8] = sys_bpf(BPF_MAP_CREATE, &attr);
	self->replay.slots[8] = self->slots[8];
	ASSERT_LE(0, self->slots[8]);
	SAME();
}

/* Descriptor 0 is one like any other; the first step gets it. */
TEST_F(scale, no_stdin)
{
	hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 8);
	hand_prog(&self->h, 0, false);
	hand_prog(&self->h, 0, true);
	MAKE();
	ASSERT_EQ(0, run_loaders(&self->h, self->slots, false, true));
	EXPECT_EQ(0, self->slots[0]);
	ASSERT_EQ(0, replay_run(&self->replay));
	EXPECT_TRUE(same_state(&self->h, self->slots, self->replay.slots));
}

TEST_F(scale, no_stdin_for_btf)
{
	hand_btf(&self->h);
	hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 4);
	hand_prog(&self->h, 0, false);
	MAKE();
	ASSERT_EQ(0, run_loaders(&self->h, self->slots, false, true));
	EXPECT_EQ(0, self->slots[self->h.plan.btf_slot]);
	ASSERT_EQ(0, replay_run(&self->replay));
	EXPECT_TRUE(same_state(&self->h, self->slots, self->replay.slots));
}

/* Every step that can fail is known by its slot, and the last that was tried. */
TEST_F(scale, bad_program)
{
	uint32_t *slot = self->h.plan.prog_slot;
	int i;

	hand_btf(&self->h);
	hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 4);
	for (i = 0; i < 5; i++)
		hand_prog(&self->h, 0, false);
	self->h.spec.progs.items[3].insns[2].code = 0xff;
	MAKE();
	slot = self->h.plan.prog_slot;
	ASSERT_EQ(-EINVAL, run_loaders(&self->h, self->slots, false, false));
	EXPECT_LE(0, self->slots[slot[2]]);
	EXPECT_EQ(-EINVAL, self->slots[slot[3]]);
	EXPECT_EQ(SLOT_UNSET, self->slots[slot[4]]);
	ASSERT_EQ(-EINVAL, replay_run(&self->replay));
	EXPECT_EQ(3, self->h.plan.steps.items[self->replay.step].prog);
}

TEST_F(scale, unknown_target)
{
	hand_everything(&self->h);
	self->h.spec.progs.items[1].btf_target = "no_such_type_anywhere";
	MAKE();
	ASSERT_EQ(-ENOENT, run_loaders(&self->h, self->slots, false, false));
	EXPECT_EQ(SLOT_UNSET, self->slots[self->h.plan.prog_slot[1]]);
	EXPECT_EQ(-ENOENT, replay_run(&self->replay));
}

TEST_F(scale, programs_33)
{
	int i;

	hand_btf(&self->h);
	for (i = 0; i < 33; i++)
		hand_prog(&self->h, SPEC_NONE, false);
	MAKE();
	SAME();
}

TEST_F(scale, maps_65)
{
	int i;

	for (i = 0; i < 65; i++)
		hand_map(&self->h, BPF_MAP_TYPE_ARRAY, 4);
	hand_prog(&self->h, 64, false);
	MAKE();
	SAME();
}

TEST_F(scale, programs_200_maps_300)
{
	int i;

	hand_btf(&self->h);
	for (i = 0; i < 300; i++)
		hand_map(&self->h, BPF_MAP_TYPE_ARRAY, i % 2 ? 4 : 8);
	for (i = 0; i < 200; i++)
		hand_prog(&self->h, 299 - i, i % 2);
	MAKE();
	SAME();
	printf("# %u instructions for 200 programs and 300 maps\n",
	       self->h.loaders.loader.items[0].usual.insn_cnt);
}

TEST_F(scale, data_2_times_3_MiB)
{
	static uint8_t bytes[3 << 20];

	memset(bytes, 0x55, sizeof(bytes));
	hand_btf(&self->h);
	hand_data(&self->h, MAP_DATA, bytes, sizeof(bytes));
	bytes[0] = 1;
	hand_data(&self->h, MAP_RODATA, bytes, sizeof(bytes));
	hand_prog(&self->h, 1, true);
	MAKE();
	EXPECT_EQ(2, self->h.loaders.loader.n);
	SAME();
}

/* The largest value that 5.10 has for an array */
TEST_F(scale, data_4_MiB)
{
	static uint8_t bytes[4 << 20];

	memset(bytes, 0x55, sizeof(bytes));
	hand_data(&self->h, MAP_DATA, bytes, sizeof(bytes) - 4096);
	hand_prog(&self->h, 0, true);
	MAKE();
	SAME();
}

/* Several loaders with jumps longer than 16 bits hold, if one did it all */
TEST_F(scale, slots_9000)
{
	int jumps = hand_map(&self->h, BPF_MAP_TYPE_PROG_ARRAY, 4), i;

	self->h.spec.maps.items[jumps].max_entries = 9000;
	hand_prog(&self->h, SPEC_NONE, false);
	hand_prog(&self->h, SPEC_NONE, false);
	for (i = 0; i < 9000; i++)
		hand_slot(&self->h, jumps, i, i % 2);
	MAKE();
	EXPECT_LE(2, self->h.loaders.loader.n);
	SAME();
}

TEST_HARNESS_MAIN
